#pragma once

#include <cstring>
#include <map>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/buffers.hpp"
#include "support/enums.hpp"
#include "support/held.hpp"
#include "support/times.hpp"

#include <streamforge/core/secret.hpp>

// Plain structs as Python sees them: like frozen dataclasses with keyword-only constructors and C++'s own defaults.
namespace streamforge::python {

/// One field of a record, as stateless functions so that a class costs no allocation per object.
template <class T>
struct RecordField {
    const char* name;
    PyObject* interned;
    void (*set)(T&, py::handle);
    py::object (*get)(const T&, py::handle owner);
};

template <class T>
std::vector<RecordField<T>>& record_fields() {
    static std::vector<RecordField<T>> fields;
    return fields;
}

/// Gives a class what follows from its fields' names: `repr`, `==`, `to_dict`, `replace`, a signature, pickling.
inline void finish_record(const py::object& type, const py::tuple& names) {
    py::module_::import("streamforge._records").attr("finish")(type, names);
}

/// What a field's getter gives, called in signatures what the field's own type is called.
template <class Member>
struct FieldValue {
    py::object value;
};

namespace detail {

template <class Member>
inline constexpr bool is_vector = false;
template <class Item>
inline constexpr bool is_vector<std::vector<Item>> = true;
template <class Member>
inline constexpr bool is_pair = false;
template <class First, class Second>
inline constexpr bool is_pair<std::pair<First, Second>> = true;
template <class Member>
inline constexpr bool is_shared = false;
template <class Item>
inline constexpr bool is_shared<std::shared_ptr<Item>> = true;

template <class Member>
inline constexpr bool is_text_map = false;
template <class Item>
inline constexpr bool is_text_map<std::map<std::string, Item>> = true;

template <class Member>
py::object to_python(const Member& value, py::handle owner) {
    if constexpr (std::is_same_v<Member, Bytes>) {
        return to_memoryview(BytesView{py::reinterpret_borrow<py::object>(owner), {}, ByteView(value)});
    } else if constexpr (std::is_same_v<Member, Secret>) {
        return py::cast(value.clone());
    } else if constexpr (is_vector<Member>) {
        py::tuple items(value.size());
        for (std::size_t i = 0; i < value.size(); ++i) items[i] = to_python(value[i], owner);
        return items;
    } else if constexpr (is_pair<Member>) {
        return py::make_tuple(to_python(value.first, owner), to_python(value.second, owner));
    } else if constexpr (is_shared<Member>) {
        return py::cast(std::const_pointer_cast<std::remove_const_t<typename Member::element_type>>(value));
    } else {
        return py::cast(value, py::return_value_policy::copy);
    }
}

template <class Member>
void from_python(Member& member, py::handle value) {
    if constexpr (std::is_same_v<Member, Secret>) {
        if (PyUnicode_Check(value.ptr()) || PyObject_CheckBuffer(value.ptr()) != 0) {
            member = Secret(value.cast<std::string>());
        } else {
            member = value.cast<const Secret&>().clone();
        }
    } else if constexpr (std::is_same_v<Member, std::string>) {
        // pybind11 takes bytes for text as well; what is not UTF-8 could not be read again.
        if (!PyUnicode_Check(value.ptr())) throw py::cast_error("a text is needed");
        member = value.cast<std::string>();
    } else if constexpr (is_text_map<Member>) {
        if (!py::hasattr(value, "items")) throw py::cast_error("a mapping is needed");
        member.clear();
        for (const auto& item : py::iter(value.attr("items")())) {
            std::pair<std::string, typename Member::mapped_type> entry;
            from_python(entry, item);
            member.insert_or_assign(std::move(entry.first), std::move(entry.second));
        }
    } else if constexpr (is_vector<Member> && !std::is_same_v<Member, Bytes>) {
        if (PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr())) throw py::cast_error("a text is no sequence here");
        member.clear();
        for (const auto& item : py::iter(value)) from_python(member.emplace_back(), item);
    } else if constexpr (is_pair<Member>) {
        const py::sequence parts = py::reinterpret_borrow<py::sequence>(value);
        if (!PySequence_Check(value.ptr()) || parts.size() != 2) throw py::cast_error("a pair is needed");
        from_python(member.first, py::object(parts[0]));
        from_python(member.second, py::object(parts[1]));
    } else if constexpr (is_shared<Member>) {
        using Item = std::remove_const_t<typename Member::element_type>;
        if (value.is_none()) {
            member.reset();
        } else {
            member = value.cast<Held<Item>>().pointer;
        }
    } else {
        member = value.cast<Member>();
    }
}

template <auto Pointer>
struct MemberOf;
template <class T, class Member, Member T::*Pointer>
struct MemberOf<Pointer> {
    using Class = T;
    using Type = Member;
};

}  // namespace detail

/// Sets the fields that `given` names. *Errors*: throws `type_error` for an unknown name or a value of another type.
template <class T>
void set_fields(T& value, const py::dict& given) {
    for (const auto entry : given) {
        const py::handle key = entry.first;
        const py::handle item = entry.second;
        const RecordField<T>* found = nullptr;
        for (const auto& field : record_fields<T>()) {
            if (field.interned == key.ptr()) found = &field;
        }
        if (found == nullptr) {
            for (const auto& field : record_fields<T>()) {
                if (PyUnicode_Compare(field.interned, key.ptr()) == 0) found = &field;
            }
        }
        if (found == nullptr) throw py::type_error("unexpected keyword argument '" + py::cast<std::string>(key) + "'");
        try {
            found->set(value, item);
        } catch (const py::cast_error&) {
            throw py::type_error(std::string(found->name) + ": " + Py_TYPE(item.ptr())->tp_name + " does not fit");
        }
    }
}

/// Builds the class of `T` in `module`.
template <class T, class... Extra>
class Record {
public:
    Record(py::module_& module, const char* name, const char* documentation) : type_(module, name, documentation) {}

    /// A field: its name, and what it holds. Give pointers of base structs as `&Derived::field` casts.
    template <auto Pointer>
    Record& field(const char* name, const char* documentation = "") {
        using Member = typename detail::MemberOf<Pointer>::Type;
        PyObject* interned = PyUnicode_InternFromString(name);
        record_fields<T>().push_back({name, interned,
                                      [](T& value, py::handle item) { detail::from_python<Member>(value.*Pointer, item); },
                                      [](const T& value, py::handle owner) { return detail::to_python<Member>(value.*Pointer, owner); }});
        names_.append(py::str(name));
        type_.def_property_readonly(name, py::cpp_function([](py::handle self) -> FieldValue<Member> {
                                        return {detail::to_python<Member>(self.cast<const T&>().*Pointer, self)};
                                    }),
                                    documentation);
        return *this;
    }

    py::class_<T, Extra...>& done() {
        type_.def(py::init([](const py::kwargs& fields) {
            T value{};
            set_fields(value, fields);
            return value;
        }));
        finish_record(type_, py::tuple(names_));
        return type_;
    }

private:
    py::class_<T, Extra...> type_;
    py::list names_;
};

/// A record with what `policy` says and the fields given by keyword on top.
template <class T>
T with_fields(const T* base, const py::kwargs& fields) {
    T value = base != nullptr ? *base : T{};
    set_fields(value, fields);
    return value;
}

}  // namespace streamforge::python

namespace pybind11::detail {

template <class Member>
constexpr auto field_type_name() {
    if constexpr (streamforge::python::detail::is_vector<Member> && !std::is_same_v<Member, streamforge::Bytes>) {
        return const_name("tuple[") + make_caster<typename Member::value_type>::name + const_name(", ...]");
    } else {
        return make_caster<Member>::name;
    }
}

template <class Member>
class type_caster<streamforge::python::FieldValue<Member>> {
public:
    static constexpr auto name = field_type_name<Member>();
    static handle cast(streamforge::python::FieldValue<Member> source, return_value_policy, handle) { return source.value.release(); }
};

}  // namespace pybind11::detail
