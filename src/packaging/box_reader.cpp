#include "packaging/box_reader.hpp"

#include <algorithm>

#include "core/try.hpp"

namespace streamforge::packaging {

std::string fourcc_text(std::uint32_t type) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto letter = static_cast<char>(type >> shift & 0xFFU);
        text += letter >= ' ' && letter <= '~' ? letter : '?';
    }
    return text;
}

Error malformed_box(std::string_view path, std::string message) {
    return make_error(Errc::malformed, "packaging.read_mp4", std::move(message)).with("box", std::string(path));
}

Result<ByteView> WindowReader::view(std::uint64_t offset, std::size_t length) {
    constexpr std::size_t window_bytes = std::size_t{1} << 16;
    if (offset > size_bytes_ || length > size_bytes_ - offset) {
        return make_error(Errc::malformed, "packaging.read_mp4", "the file ends within a box").with("offset", std::to_string(offset));
    }
    const bool inside = offset >= window_offset_ && offset - window_offset_ <= window_filled_ &&
                        length <= window_filled_ - static_cast<std::size_t>(offset - window_offset_);
    if (!inside) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(std::max(length, window_bytes), size_bytes_ - offset));
        if (window_.size() < wanted) window_.resize(wanted);
        window_filled_ = 0;
        SF_ASSIGN(const std::size_t got, source_->read_at(offset, std::span(window_.data(), wanted)));
        if (got < length) {
            return make_error(Errc::io, "packaging.read_mp4", "the input gave fewer bytes than its size promised");
        }
        window_offset_ = offset;
        window_filled_ = got;
    }
    return ByteView(window_).subspan(static_cast<std::size_t>(offset - window_offset_), length);
}

Result<std::optional<Box>> BoxWalker::next() {
    constexpr std::uint64_t head = 8, large_head = 16;
    if (end_ - at_ < head) return std::optional<Box>{};
    SF_ASSIGN(const ByteView bytes, reader_->view(at_, head));
    std::uint64_t size = read_u32(bytes);
    Box box{read_u32(bytes.subspan(4)), at_, at_ + head, 0};
    if (size == 0 && !tolerant_end_) return std::optional<Box>{};
    if (size == 0) size = end_ - at_;  // at top level: to the end of the file
    if (size == 1) {
        if (end_ - at_ < large_head) return malformed_box(path_, "a box's 64-bit size is cut off");
        SF_ASSIGN(const ByteView large, reader_->view(at_ + head, head));
        size = read_u64(large);
        box.body = at_ + large_head;
    }
    if (size < box.body - at_) {
        return malformed_box(path_, "a box is smaller than its own header").with("type", fourcc_text(box.type));
    }
    if (size > end_ - at_) {
        if (!tolerant_end_) {
            return malformed_box(path_, "a box is larger than what holds it").with("type", fourcc_text(box.type));
        }
        cut_short_ = true;
        size = end_ - at_;
    }
    box.end = at_ + size;
    at_ = box.end;
    return std::optional<Box>{box};
}

Result<std::optional<Box>> find_child(WindowReader& reader, const Box& parent, std::uint32_t type, std::string_view path) {
    BoxWalker walker(reader, parent.body, parent.end, path);
    while (true) {
        SF_ASSIGN(const auto box, walker.next());
        if (!box || box->type == type) return box;
    }
}

Result<Bytes> read_body(WindowReader& reader, const Box& box, std::string_view path, std::size_t min_bytes, std::size_t max_bytes) {
    if (box.body_bytes() < min_bytes) return malformed_box(path, "the box is cut off");
    if (box.body_bytes() > max_bytes) {
        return make_error(Errc::limit_exceeded, "packaging.read_mp4", "a box is larger than allowed")
            .with("box", std::string(path))
            .with("bytes", std::to_string(box.body_bytes()));
    }
    SF_ASSIGN(const ByteView view, reader.view(box.body, static_cast<std::size_t>(box.body_bytes())));
    return Bytes(view.begin(), view.end());
}

}  // namespace streamforge::packaging
