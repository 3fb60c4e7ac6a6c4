#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <pybind11/pybind11.h>

#include <streamforge/core/media_time.hpp>

// Times as Python has them: durations are `timedelta` (or seconds), instants aware `datetime`, media times `Fraction`.
namespace streamforge::python {

namespace py = pybind11;

/// Whole seconds and microseconds of a `timedelta`, an int or a float. False when it is none of them.
inline bool load_duration(py::handle source, std::int64_t& seconds, std::int64_t& microseconds) {
    if (PyBool_Check(source.ptr())) return false;
    if (PyLong_Check(source.ptr())) {
        int overflow = 0;
        seconds = PyLong_AsLongLongAndOverflow(source.ptr(), &overflow);
        microseconds = 0;
        if (overflow != 0) throw py::value_error("a duration is out of range");
        return true;
    }
    if (PyFloat_Check(source.ptr())) {
        const double value = PyFloat_AS_DOUBLE(source.ptr());
        if (!(std::abs(value) < 9e15)) throw py::value_error("a duration is out of range");
        seconds = static_cast<std::int64_t>(std::floor(value));
        microseconds = std::llround((value - std::floor(value)) * 1e6);
        return true;
    }
    if (!py::isinstance(source, py::module_::import("datetime").attr("timedelta"))) return false;
    seconds = source.attr("days").cast<std::int64_t>() * 86400 + source.attr("seconds").cast<std::int64_t>();
    microseconds = source.attr("microseconds").cast<std::int64_t>();
    return true;
}

template <class Duration>
Duration duration_of(std::int64_t seconds, std::int64_t microseconds) {
    using Period = typename Duration::period;
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
    if constexpr (Period::den == 1) {
        if (microseconds != 0) throw py::value_error("a duration must be whole seconds here");
        return std::chrono::duration_cast<Duration>(std::chrono::seconds(seconds));
    } else {
        constexpr std::int64_t ticks = Period::den / Period::num;
        if (seconds > limit / ticks - 1 || seconds < -(limit / ticks - 1)) throw py::value_error("a duration is out of range");
        return std::chrono::duration_cast<Duration>(std::chrono::seconds(seconds)) +
               std::chrono::duration_cast<Duration>(std::chrono::microseconds(microseconds));
    }
}

inline py::object to_timedelta(std::int64_t seconds, std::int64_t microseconds) {
    return py::module_::import("datetime").attr("timedelta")(py::arg("seconds") = seconds, py::arg("microseconds") = microseconds);
}

/// Seconds and microseconds since 1970 of an aware `datetime`, or of an int.
inline bool load_instant(py::handle source, std::int64_t& seconds, std::int64_t& microseconds) {
    microseconds = 0;
    if (PyLong_CheckExact(source.ptr())) return load_duration(source, seconds, microseconds);
    const auto datetime = py::module_::import("datetime");
    if (!py::isinstance(source, datetime.attr("datetime"))) return false;
    if (source.attr("tzinfo").is_none()) throw py::value_error("a datetime needs a time zone, e.g. datetime.timezone.utc");
    const auto zero = datetime.attr("datetime")(1970, 1, 1, py::arg("tzinfo") = datetime.attr("timezone").attr("utc"));
    return load_duration(source - zero, seconds, microseconds);
}

inline py::object to_datetime(std::int64_t seconds, std::int64_t microseconds) {
    const auto datetime = py::module_::import("datetime");
    const auto zero = datetime.attr("datetime")(1970, 1, 1, py::arg("tzinfo") = datetime.attr("timezone").attr("utc"));
    return zero + to_timedelta(seconds, microseconds);
}

inline bool fits(py::handle number, std::int64_t& value) {
    int overflow = 0;
    value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (overflow != 0) throw py::value_error("a number is out of range");
    if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    return true;
}

/// Numerator and denominator of an int, a Fraction, a Decimal, a float (to the millionth) or a timedelta.
inline bool load_fraction(py::handle source, std::int64_t& numerator, std::int64_t& denominator) {
    if (PyBool_Check(source.ptr()) || PyUnicode_Check(source.ptr())) return false;
    if (PyLong_Check(source.ptr())) {
        denominator = 1;
        return fits(source, numerator);
    }
    py::object exact;
    if (PyFloat_Check(source.ptr())) {
        if (!std::isfinite(PyFloat_AS_DOUBLE(source.ptr()))) throw py::value_error("a time must be finite");
        exact = py::module_::import("fractions").attr("Fraction")(source).attr("limit_denominator")(1000000);
    } else if (py::hasattr(source, "numerator") && py::hasattr(source, "denominator")) {
        exact = py::reinterpret_borrow<py::object>(source);
    } else if (py::hasattr(source, "as_integer_ratio")) {
        exact = py::module_::import("fractions").attr("Fraction")(source);
    } else {
        std::int64_t seconds = 0, microseconds = 0;
        if (!load_duration(source, seconds, microseconds)) return false;
        exact = py::module_::import("fractions").attr("Fraction")(microseconds, 1000000) + py::int_(seconds);
    }
    return fits(exact.attr("numerator"), numerator) && fits(exact.attr("denominator"), denominator);
}

inline py::object to_fraction(std::int64_t numerator, std::int64_t denominator) {
    return py::module_::import("fractions").attr("Fraction")(numerator, denominator == 0 ? 1 : denominator);
}

}  // namespace streamforge::python

namespace pybind11::detail {

template <class Rep, class Period>
class type_caster<std::chrono::duration<Rep, Period>> {
public:
    using Duration = std::chrono::duration<Rep, Period>;
    PYBIND11_TYPE_CASTER(Duration, const_name("datetime.timedelta"));
    bool load(handle source, bool) {
        std::int64_t seconds = 0, microseconds = 0;
        if (!streamforge::python::load_duration(source, seconds, microseconds)) return false;
        value = streamforge::python::duration_of<Duration>(seconds, microseconds);
        return true;
    }
    static handle cast(const Duration& source, return_value_policy, handle) {
        const auto whole = std::chrono::floor<std::chrono::seconds>(source);
        const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(source - whole);
        return streamforge::python::to_timedelta(whole.count(), rest.count()).release();
    }
};

template <class Duration>
class type_caster<std::chrono::time_point<std::chrono::system_clock, Duration>> {
public:
    using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;
    PYBIND11_TYPE_CASTER(Instant, const_name("datetime.datetime"));
    bool load(handle source, bool) {
        std::int64_t seconds = 0, microseconds = 0;
        if (!streamforge::python::load_instant(source, seconds, microseconds)) return false;
        if constexpr (std::is_same_v<Duration, std::chrono::seconds>) microseconds = 0;
        value = Instant(streamforge::python::duration_of<Duration>(seconds, microseconds));
        return true;
    }
    static handle cast(const Instant& source, return_value_policy, handle) {
        const auto whole = std::chrono::floor<std::chrono::seconds>(source);
        const auto rest = std::chrono::duration_cast<std::chrono::microseconds>(source - whole);
        return streamforge::python::to_datetime(whole.time_since_epoch().count(), rest.count()).release();
    }
};

template <>
class type_caster<streamforge::Rational> {
public:
    PYBIND11_TYPE_CASTER(streamforge::Rational, const_name("fractions.Fraction"));
    bool load(handle source, bool) { return streamforge::python::load_fraction(source, value.num, value.den); }
    static handle cast(const streamforge::Rational& source, return_value_policy, handle) {
        return streamforge::python::to_fraction(source.num, source.den).release();
    }
};

template <>
class type_caster<streamforge::MediaTime> {
public:
    PYBIND11_TYPE_CASTER(streamforge::MediaTime, const_name("fractions.Fraction"));
    bool load(handle source, bool) { return streamforge::python::load_fraction(source, value.ticks, value.timescale); }
    static handle cast(const streamforge::MediaTime& source, return_value_policy, handle) {
        return streamforge::python::to_fraction(source.ticks, source.timescale).release();
    }
};

}  // namespace pybind11::detail
