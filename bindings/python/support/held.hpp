#pragma once

#include <memory>
#include <pybind11/pybind11.h>
#include <utility>

#include "support/buffers.hpp"

namespace streamforge::python {

namespace py = pybind11;

/// A reference to a Python object that C++ threads may copy and drop: the GIL is taken for the last drop.
class PythonReference {
public:
    PythonReference() = default;
    explicit PythonReference(py::object object)
        : object_(object.ptr() == nullptr ? nullptr : new py::object(std::move(object)), &drop) {}
    [[nodiscard]] const py::object& get() const { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

private:
    static void drop(py::object* object) {
        if (object == nullptr) return;
        if (!interpreter_alive()) {
            object->release();  // nobody is left to take it back
        } else {
            py::gil_scoped_acquire gil;
            *object = py::object();
        }
        delete object;
    }
    std::shared_ptr<py::object> object_;
};

/// A C++ object given by Python: shares it, and keeps the Python half of a subclass alive with it.
template <class T>
struct Held {
    std::shared_ptr<T> pointer{};
};

/// Lets the last owner go without the GIL: destructors may join threads that wait for it.
template <class T>
std::shared_ptr<T> releasing(std::shared_ptr<T> inner) {
    T* raw = inner.get();
    return std::shared_ptr<T>(raw, [inner = std::move(inner)](T*) mutable {
        if (interpreter_alive() && PyGILState_Check() != 0) {
            py::gil_scoped_release release;
            inner.reset();
        } else {
            inner.reset();
        }
    });
}
template <class T>
std::shared_ptr<T> releasing(std::unique_ptr<T> inner) {
    return releasing(std::shared_ptr<T>(std::move(inner)));
}

}  // namespace streamforge::python

namespace pybind11::detail {

template <class T>
class type_caster<streamforge::python::Held<T>> {
public:
    PYBIND11_TYPE_CASTER(streamforge::python::Held<T>, make_caster<T>::name);
    bool load(handle source, bool convert) {
        if (source.is_none()) return false;
        make_caster<T> inner;
        if (!inner.load(source, convert)) return false;
        T* raw = cast_op<T*>(inner);
        streamforge::python::PythonReference owner(reinterpret_borrow<object>(source));
        value.pointer = std::shared_ptr<T>(raw, [owner](T*) mutable { owner = {}; });
        return true;
    }
    static handle cast(const streamforge::python::Held<T>&, return_value_policy, handle) = delete;
};

}  // namespace pybind11::detail
