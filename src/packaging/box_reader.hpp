#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::packaging {

/// Big-endian numbers at the start of `bytes`, which must be long enough.
[[nodiscard]] inline std::uint16_t read_u16(ByteView bytes) noexcept { return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]); }
[[nodiscard]] inline std::uint32_t read_u32(ByteView bytes) noexcept {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}
[[nodiscard]] inline std::uint64_t read_u64(ByteView bytes) noexcept {
    return std::uint64_t{read_u32(bytes)} << 32 | read_u32(bytes.subspan(4));
}

/// Four characters as a number, for comparing.
[[nodiscard]] constexpr std::uint32_t fourcc(std::string_view type) noexcept {
    std::uint32_t value = 0;
    for (const char letter : type) value = value << 8 | static_cast<std::uint8_t>(letter);
    return value;
}
/// The characters of a fourcc, with '?' for what cannot be printed.
[[nodiscard]] std::string fourcc_text(std::uint32_t type);

/// Media times beyond this many ticks are refused, so that sums and doubles of times stay within 64 bits.
inline constexpr std::int64_t max_media_ticks = std::int64_t{1} << 58;

/// The one error of broken structure; `path` says in which box.
[[nodiscard]] Error malformed_box(std::string_view path, std::string message);

/// Reads small pieces of a source through a window, so that a table of millions of entries costs one read per 64 KiB.
///
/// *Lifetime*: the source must outlive it; a view is valid until the next call.
class WindowReader {
public:
    explicit WindowReader(const ByteSource& source) : source_(&source), size_bytes_(source.size_bytes()) {}

    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
    /// Exactly `length` bytes. *Errors*: `malformed` when the source ends before, `io`.
    [[nodiscard]] Result<ByteView> view(std::uint64_t offset, std::size_t length);

private:
    const ByteSource* source_;
    std::uint64_t size_bytes_;
    Bytes window_;
    std::uint64_t window_offset_ = 0;
    std::size_t window_filled_ = 0;
};

/// Where a box lies. All three are positions in the source.
struct Box {
    std::uint32_t type = 0;
    std::uint64_t start = 0;  ///< Of its header.
    std::uint64_t body = 0;
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t body_bytes() const noexcept { return end - body; }
};

/// Lists the boxes of `[begin, end)` one by one.
class BoxWalker {
public:
    /// `tolerant_end`: a last box that claims more than there is ends at `end` (files cut short).
    BoxWalker(WindowReader& reader, std::uint64_t begin, std::uint64_t end, std::string_view path, bool tolerant_end = false)
        : reader_(&reader), at_(begin), end_(end), path_(path), tolerant_end_(tolerant_end) {}

    /// The next box; none at the end, or at the zero word by which QuickTime ends some lists.
    /// *Errors*: `malformed` (a size below 8, or past the end), `io`.
    [[nodiscard]] Result<std::optional<Box>> next();
    /// Whether the last box was longer than what there is.
    [[nodiscard]] bool cut_short() const noexcept { return cut_short_; }

private:
    WindowReader* reader_;
    std::uint64_t at_;
    std::uint64_t end_;
    std::string_view path_;
    bool tolerant_end_;
    bool cut_short_ = false;
};

/// The first child of that type; none when there is none. *Errors*: as `BoxWalker::next`.
[[nodiscard]] Result<std::optional<Box>> find_child(WindowReader& reader, const Box& parent, std::uint32_t type, std::string_view path);

/// A copy of a box's body. *Errors*: `limit_exceeded` above `max_bytes`, `malformed` below `min_bytes`, `io`.
[[nodiscard]] Result<Bytes> read_body(WindowReader& reader, const Box& box, std::string_view path, std::size_t min_bytes,
                                      std::size_t max_bytes);

}  // namespace streamforge::packaging
