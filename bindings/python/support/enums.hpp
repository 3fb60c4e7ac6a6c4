#pragma once

#include <array>
#include <pybind11/pybind11.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamforge::python {

namespace py = pybind11;

/// The names of a C++ enumeration and the Python `enum.StrEnum` that stands for it.
template <class E>
struct EnumTable {
    static inline std::vector<std::pair<std::string, E>> names;
    static inline std::vector<PyObject*> members;  // in the order of `names`; owned for the life of the process
    static inline PyObject* type = nullptr;
};

/// Makes the `enum.StrEnum` called `name` in `module`, or takes the one that another extension of the package made there.
template <class E>
void bind_enum(py::module_& module, const char* name, std::vector<std::pair<std::string, E>> names, const char* documentation) {
    using Table = EnumTable<E>;
    Table::names = std::move(names);
    if (!py::hasattr(module, name)) {
        py::dict values;
        for (const auto& [text, value] : Table::names) values[py::str(text)] = py::str(text);
        py::object type = py::module_::import("enum").attr("StrEnum")(name, values, py::arg("module") = module.attr("__name__"));
        type.attr("__doc__") = documentation;
        module.attr(name) = type;
    }
    py::object type = module.attr(name);
    for (const auto& [text, value] : Table::names) Table::members.push_back(py::object(type.attr(text.c_str())).release().ptr());
    Table::type = type.release().ptr();
}

/// From a member, or from its name as text. Nothing when `source` is neither.
template <class E>
bool load_enum(py::handle source, E& value) {
    using Table = EnumTable<E>;
    for (std::size_t i = 0; i < Table::members.size(); ++i) {
        if (Table::members[i] != source.ptr()) continue;
        value = Table::names[i].second;
        return true;
    }
    if (!PyUnicode_CheckExact(source.ptr())) return false;
    for (const auto& [text, candidate] : Table::names) {
        if (PyUnicode_CompareWithASCIIString(source.ptr(), text.c_str()) != 0) continue;
        value = candidate;
        return true;
    }
    return false;
}

template <class E>
py::handle cast_enum(E value) {
    using Table = EnumTable<E>;
    for (std::size_t i = 0; i < Table::names.size(); ++i) {
        if (Table::names[i].second == value) return py::handle(Table::members[i]).inc_ref();
    }
    throw py::value_error("a value outside of its enumeration");
}

}  // namespace streamforge::python

/// Lets `Enum` cross as the Python enumeration called `Text`. Outside of namespaces, before its first use.
#define STREAMFORGE_PYTHON_ENUM(Enum, Text)                                                              \
    namespace pybind11::detail {                                                                         \
    template <>                                                                                          \
    class type_caster<Enum> {                                                                            \
    public:                                                                                              \
        PYBIND11_TYPE_CASTER(Enum, const_name(Text));                                                    \
        bool load(handle source, bool) { return streamforge::python::load_enum(source, value); }         \
        static handle cast(Enum source, return_value_policy, handle) { return streamforge::python::cast_enum(source); } \
    };                                                                                                   \
    }
