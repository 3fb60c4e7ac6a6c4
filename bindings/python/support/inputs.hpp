#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <pybind11/pybind11.h>
#include <pybind11/stl/filesystem.h>
#include <variant>

#include "support/callbacks.hpp"

#include <streamforge/core/byte_source.hpp>

namespace streamforge::python {

/// What Python gives where the library reads media: a path, bytes, an open binary file, or a `ByteSource`.
struct Input {
    std::variant<std::filesystem::path, std::shared_ptr<ByteSource>> source{};

    /// *Errors*: those of `open_file`.
    [[nodiscard]] Result<std::shared_ptr<ByteSource>> open() const {
        if (const auto* path = std::get_if<std::filesystem::path>(&source)) return open_file(*path);
        return std::get<std::shared_ptr<ByteSource>>(source);
    }
};

/// An open binary file of Python as random access bytes.
class FileSource final : public ByteSource {
public:
    FileSource(py::object file, std::uint64_t size_bytes) : ByteSource("<file>"), file_(std::move(file)), size_bytes_(size_bytes) {}

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        const std::lock_guard lock(mutex_);  // taken before the GIL: whoever holds it may wait for the GIL, not the reverse
        return from_python<std::size_t>("python.file.read", [&] {
            const auto& file = file_.get();
            file.attr("seek")(offset);
            std::size_t filled = 0;
            while (filled < into.size()) {
                const py::bytes part = file.attr("read")(into.size() - filled);
                const std::string_view bytes = part;
                if (bytes.empty()) break;
                if (bytes.size() > into.size() - filled) throw py::value_error("read gave more than was asked");
                std::copy(bytes.begin(), bytes.end(), into.begin() + static_cast<std::ptrdiff_t>(filled));
                filled += bytes.size();
            }
            return filled;
        });
    }
    std::uint64_t do_size_bytes() const noexcept override { return size_bytes_; }

    PythonReference file_;
    std::uint64_t size_bytes_;
    mutable std::mutex mutex_;
};

inline bool load_input(py::handle source, Input& input) {
    if (PyUnicode_Check(source.ptr()) || py::hasattr(source, "__fspath__")) {
        input.source = source.cast<std::filesystem::path>();
        return true;
    }
    if (PyObject_CheckBuffer(source.ptr()) != 0) {
        input.source = std::shared_ptr<ByteSource>(std::make_shared<BufferSource>(Buffer(source)));
        return true;
    }
    if (py::detail::make_caster<std::shared_ptr<ByteSource>> caster; caster.load(source, false)) {
        input.source = py::detail::cast_op<std::shared_ptr<ByteSource>>(caster);
        return true;
    }
    if (!py::hasattr(source, "read") || !py::hasattr(source, "seek")) return false;
    const auto size = source.attr("seek")(0, 2).cast<std::uint64_t>();
    input.source = std::shared_ptr<ByteSource>(std::make_shared<FileSource>(py::reinterpret_borrow<py::object>(source), size));
    return true;
}

}  // namespace streamforge::python

namespace pybind11::detail {

template <>
class type_caster<streamforge::python::Input> {
public:
    PYBIND11_TYPE_CASTER(streamforge::python::Input, const_name("Input"));
    bool load(handle source, bool) { return streamforge::python::load_input(source, value); }
    static handle cast(const streamforge::python::Input&, return_value_policy, handle) = delete;
};

}  // namespace pybind11::detail
