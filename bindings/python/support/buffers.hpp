#pragma once

#include <memory>
#include <pybind11/pybind11.h>
#include <utility>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/bytes.hpp>

// Bytes cross without copies: what Python gives is borrowed by the buffer protocol, what C++ gives is shown by it.
namespace streamforge::python {

namespace py = pybind11;

/// Whether Python objects may still be touched.
inline bool interpreter_alive() {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsInitialized() != 0 && Py_IsFinalizing() == 0;
#else
    return Py_IsInitialized() != 0 && _Py_IsFinalizing() == 0;
#endif
}

/// A contiguous buffer of a Python object, held until this goes. To be made with the GIL; may go without.
class Buffer {
public:
    Buffer() = default;
    /// *Errors*: throws `error_already_set` (TypeError, BufferError) for what has no contiguous bytes.
    explicit Buffer(py::handle object, bool writable = false) : view_(std::make_unique<Py_buffer>()) {
        if (PyObject_GetBuffer(object.ptr(), view_.get(), writable ? PyBUF_WRITABLE : PyBUF_SIMPLE) != 0) {
            view_.reset();
            throw py::error_already_set();
        }
    }
    Buffer(Buffer&&) noexcept = default;
    Buffer& operator=(Buffer&& other) noexcept {
        release();
        view_ = std::move(other.view_);
        return *this;
    }
    ~Buffer() { release(); }

    [[nodiscard]] ByteView bytes() const noexcept {
        return view_ ? ByteView(static_cast<const std::uint8_t*>(view_->buf), static_cast<std::size_t>(view_->len)) : ByteView{};
    }
    [[nodiscard]] std::span<std::uint8_t> writable() const noexcept {
        return {static_cast<std::uint8_t*>(view_->buf), static_cast<std::size_t>(view_->len)};
    }

private:
    void release() noexcept {
        if (!view_ || !interpreter_alive()) {
            static_cast<void>(view_.release());
            return;
        }
        py::gil_scoped_acquire gil;
        PyBuffer_Release(view_.get());
        view_.reset();
    }
    std::unique_ptr<Py_buffer> view_;
};

/// A buffer that C++ may fill.
class WritableBuffer : public Buffer {
public:
    WritableBuffer() = default;
    explicit WritableBuffer(py::handle object) : Buffer(object, true) {}
};

/// Bytes of C++ as Python's buffer protocol shows them, with whatever keeps them alive.
struct BytesView {
    py::object owner_object;              ///< The Python object whose C++ part holds the bytes, or nothing.
    std::shared_ptr<const Bytes> owned{}; ///< Or the bytes themselves.
    ByteView bytes;
};

inline py::memoryview to_memoryview(BytesView view) { return py::memoryview(py::cast(std::move(view))); }

/// A read-only memoryview that owns `bytes`.
inline py::memoryview to_memoryview(Bytes bytes) {
    auto owned = std::make_shared<const Bytes>(std::move(bytes));
    const ByteView view(*owned);
    return to_memoryview(BytesView{py::object(), std::move(owned), view});
}

/// A Python buffer as random access bytes: probing and packaging read from it in place.
class BufferSource final : public ByteSource {
public:
    explicit BufferSource(Buffer buffer) : ByteSource("<buffer>"), buffer_(std::move(buffer)) {}

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        const auto all = buffer_.bytes();
        if (offset >= all.size()) return std::size_t{0};
        const auto part = all.subspan(static_cast<std::size_t>(offset), std::min(into.size(), all.size() - static_cast<std::size_t>(offset)));
        std::copy(part.begin(), part.end(), into.begin());
        return part.size();
    }
    std::uint64_t do_size_bytes() const noexcept override { return buffer_.bytes().size(); }
    Buffer buffer_;
};

}  // namespace streamforge::python

namespace pybind11::detail {

template <class T>
class buffer_caster {
public:
    static constexpr auto name = const_name("collections.abc.Buffer");
    template <class>
    using cast_op_type = T&&;
    operator T&&() && { return std::move(value_); }
    bool load(handle source, bool) {
        if (PyObject_CheckBuffer(source.ptr()) == 0) return false;
        value_ = T(source);
        return true;
    }

private:
    T value_;
};
template <>
class type_caster<streamforge::python::Buffer> : public buffer_caster<streamforge::python::Buffer> {};
template <>
class type_caster<streamforge::python::WritableBuffer> : public buffer_caster<streamforge::python::WritableBuffer> {};

template <>
class type_caster<streamforge::Bytes> {
public:
    PYBIND11_TYPE_CASTER(streamforge::Bytes, const_name("memoryview"));
    bool load(handle source, bool) {
        if (PyObject_CheckBuffer(source.ptr()) == 0) return false;
        const streamforge::python::Buffer buffer(source);
        value.assign(buffer.bytes().begin(), buffer.bytes().end());
        return true;
    }
    static handle cast(streamforge::Bytes source, return_value_policy, handle) {
        return streamforge::python::to_memoryview(std::move(source)).release();
    }
};

}  // namespace pybind11::detail
