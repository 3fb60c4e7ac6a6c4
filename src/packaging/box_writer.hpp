#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <streamforge/core/bytes.hpp>

namespace streamforge::packaging {

/// Writes big-endian fields and nested boxes into one growing buffer. A box's size is filled in when its scope ends.
class BoxWriter {
public:
    /// An open box. *Lifetime*: must end before its parent and before the writer.
    class Scope {
    public:
        Scope(BoxWriter& writer, std::size_t start) : writer_(&writer), start_(start) {}
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope() { writer_->put_u32(start_, static_cast<std::uint32_t>(writer_->size() - start_)); }

    private:
        BoxWriter* writer_;
        std::size_t start_;
    };

    BoxWriter() = default;
    explicit BoxWriter(std::size_t expected_bytes) { bytes_.reserve(expected_bytes); }

    [[nodiscard]] Scope box(std::string_view type) {
        const std::size_t start = bytes_.size();
        u32(0);
        fourcc(type);
        return {*this, start};
    }
    [[nodiscard]] Scope full_box(std::string_view type, std::uint8_t version, std::uint32_t flags) {
        const std::size_t start = bytes_.size();
        u32(0);
        fourcc(type);
        u32(std::uint32_t{version} << 24 | flags);
        return {*this, start};
    }

    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u16(std::uint16_t value) { append(value, 2); }
    void u24(std::uint32_t value) { append(value, 3); }
    void u32(std::uint32_t value) { append(value, 4); }
    void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }
    void u64(std::uint64_t value) { append(value, 8); }
    void zeros(std::size_t count);
    void bytes(ByteView view);
    void text(std::string_view value);
    void fourcc(std::string_view type) { text(type); }

    /// Overwrites four bytes written before.
    void put_u32(std::size_t at, std::uint32_t value) {
        bytes_[at] = static_cast<std::uint8_t>(value >> 24);
        bytes_[at + 1] = static_cast<std::uint8_t>(value >> 16);
        bytes_[at + 2] = static_cast<std::uint8_t>(value >> 8);
        bytes_[at + 3] = static_cast<std::uint8_t>(value);
    }

    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] Bytes take() { return std::exchange(bytes_, {}); }

private:
    /// The lowest `count` bytes of a number, the highest of them first.
    void append(std::uint64_t value, std::size_t count);

    Bytes bytes_;
};

}  // namespace streamforge::packaging
