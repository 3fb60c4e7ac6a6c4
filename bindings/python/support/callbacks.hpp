#pragma once

#include <memory>
#include <string>
#include <utility>

#include <pybind11/pybind11.h>

#include "support/blocking.hpp"
#include "support/held.hpp"

#include <streamforge/core/log.hpp>
#include <streamforge/core/progress.hpp>
#include <streamforge/core/result.hpp>

// Python callables that C++ calls, from any thread.
namespace streamforge::python {

/// Lines go to `logging.getLogger("streamforge.<component>")`.
[[nodiscard]] LogSink python_log();

/// Calls `observer` with each progress; what it raises stops `operation` and is raised from it. None: no observer.
[[nodiscard]] ProgressObserver progress_observer(const py::object& observer, Operation& operation);

/// Calls `call()` with the GIL; an exception becomes an `Error` that remembers it as its cause.
template <class T, class Call>
Result<T> from_python(const char* operation, Call&& call) {
    if (!interpreter_alive()) return make_error(Errc::cancelled, operation, "the interpreter is ending");
    py::gil_scoped_acquire gil;
    try {
        if constexpr (std::is_void_v<T>) {
            call();
            return {};
        } else {
            return Result<T>(call());
        }
    } catch (py::error_already_set& raised) {
        return error_from_python(raised, operation);
    } catch (const Exception& exception) {
        return exception.error();
    } catch (const std::exception& wrong) {
        return make_error(Errc::internal, operation, std::string("a Python callback gave something of another type: ") + wrong.what());
    }
}

/// As above, for a method that a Python subclass overrides.
template <class T, class Base, class... Arguments>
Result<T> from_override(const Base* self, const char* name, const char* operation, Arguments&&... arguments) {
    return from_python<T>(operation, [&]() -> T {
        const py::function method = py::get_override(self, name);
        if (!method) {
            throw Exception(make_error(Errc::unsupported, operation, std::string("the Python class does not define ") + name));
        }
        if constexpr (std::is_void_v<T>) {
            method(std::forward<Arguments>(arguments)...);
        } else {
            return method(std::forward<Arguments>(arguments)...).template cast<T>();
        }
    });
}

}  // namespace streamforge::python
