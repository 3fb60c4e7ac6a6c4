#pragma once

#include <pybind11/pybind11.h>
#include <utility>

#include <streamforge/core/error.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::python {

namespace py = pybind11;

/// The Python exception that stands for `error`, with the exception of a Python callback as its cause where one began it.
[[nodiscard]] py::object to_exception(const Error& error);

/// The error that stands for the exception that a Python callback raised; takes its exception. Needs the GIL.
[[nodiscard]] Error error_from_python(py::error_already_set& raised, const char* operation);

/// Makes `Exception` arrive as the package's exceptions. Once in each extension.
void register_exceptions();

/// The value, or the exception.
template <class T>
T unwrap(Result<T> result) {
    return std::move(result).value();
}
inline void unwrap(Result<void> result) { result.value(); }

}  // namespace streamforge::python

namespace pybind11::detail {

/// Errors that are told rather than raised: as the exception that they would be.
template <>
class type_caster<streamforge::Error> {
public:
    PYBIND11_TYPE_CASTER(streamforge::Error, const_name("streamforge.StreamForgeError"));
    bool load(handle source, bool) {
        if (!PyExceptionInstance_Check(source.ptr())) return false;
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(source.ptr())), source.ptr());
        error_already_set raised;
        value = streamforge::python::error_from_python(raised, "python");
        return true;
    }
    static handle cast(const streamforge::Error& source, return_value_policy, handle) {
        return streamforge::python::to_exception(source).release();
    }
};

}  // namespace pybind11::detail
