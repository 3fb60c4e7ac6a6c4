#include "support/errors.hpp"

#include <array>
#include <pybind11/stl.h>
#include <string>

namespace streamforge::python {
namespace {

constexpr std::array all_codes{
    Errc::invalid_argument, Errc::unsupported, Errc::not_found, Errc::already_exists, Errc::not_a_file, Errc::precondition_failed,
    Errc::permission_denied, Errc::read_only, Errc::unauthenticated, Errc::malformed, Errc::no_streams, Errc::unsupported_codec,
    Errc::encrypted, Errc::limit_exceeded, Errc::io, Errc::no_space, Errc::integrity, Errc::network, Errc::timed_out, Errc::throttled,
    Errc::unavailable, Errc::denied, Errc::cancelled, Errc::internal};

const char* name_of(NativeDomain domain) {
    switch (domain) {
        case NativeDomain::none: return "";
        case NativeDomain::errno_code: return "errno";
        case NativeDomain::ffmpeg: return "ffmpeg";
        case NativeDomain::curl: return "curl";
        case NativeDomain::openssl: return "openssl";
        case NativeDomain::http: return "http";
    }
    return "";
}

py::module_ errors_module() { return py::module_::import("streamforge._errors"); }

/// What a remote said may be any bytes.
py::str text_of(const std::string& untrusted) {
    return py::reinterpret_steal<py::str>(
        PyUnicode_DecodeUTF8(untrusted.data(), static_cast<Py_ssize_t>(untrusted.size()), "backslashreplace"));
}

}  // namespace

py::object to_exception(const Error& error) {
    py::list context;
    for (const auto& [key, value] : error.context) context.append(py::make_tuple(text_of(key), text_of(value)));
    return errors_module().attr("_from_error")(std::string(to_string(error.code)), text_of(error.message), text_of(error.operation),
                                               error.retry == Retry::later, context, name_of(error.native_domain), error.native_code,
                                               text_of(error.remote_text));
}

Error error_from_python(py::error_already_set& raised, const char* operation) {
    Error error = make_error(Errc::internal, operation, "a Python callback raised an exception");
    try {
        const py::tuple facts = errors_module().attr("_to_error")(raised.value());
        const auto name = facts[0].cast<std::string>();
        for (const Errc code : all_codes) {
            if (to_string(code) == name) error.code = code;
        }
        error.message = facts[1].cast<std::string>();
        error.retry = facts[2].cast<bool>() ? Retry::later : Retry::never;
        error.context = facts[3].cast<std::vector<std::pair<std::string, std::string>>>();
    } catch (py::error_already_set&) {
        // The exception could not be told; that there was one is in the message.
    }
    return error;
}

void register_exceptions() {
    py::register_local_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const Exception& exception) {
            const py::object value = to_exception(exception.error());
            PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(value.ptr())), value.ptr());
        }
    });
}

}  // namespace streamforge::python
