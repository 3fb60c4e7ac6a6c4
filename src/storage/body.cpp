#include <streamforge/storage/body.hpp>

#include <algorithm>

namespace streamforge::storage {
namespace {

ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Error length_error(std::string_view how) {
    return make_error(Errc::integrity, "storage.body", "the body is " + std::string(how) + " than it said");
}

/// Small enough to be in the cache still when it is seen a second time.
constexpr std::size_t slice_bytes = std::size_t{256} << 10;

Error too_long(std::uint64_t max_bytes) {
    return make_error(Errc::limit_exceeded, "storage.body", "the body is longer than may be held in memory here")
        .with("limit_bytes", std::to_string(max_bytes));
}

std::size_t copy_from(ByteView bytes, std::uint64_t position, std::span<std::uint8_t> into) {
    const auto rest = bytes.subspan(static_cast<std::size_t>(position));
    const auto count = std::min(rest.size(), into.size());
    std::copy_n(rest.begin(), count, into.begin());
    return count;
}

}  // namespace

Body::Body(std::string_view text) : content_(as_bytes(text)) {}

Body::Body(std::shared_ptr<const ByteSource> source) {
    const auto size = source->size_bytes();
    content_ = Part{std::move(source), {0, size}};
}

Body::Body(std::shared_ptr<const ByteSource> source, ByteRange range) : content_(Part{std::move(source), range}) {}

Body::Body(std::shared_ptr<const ByteSource> source, ByteRange range, std::span<std::uint8_t> room)
    : content_(Part{std::move(source), range, room}) {}

Body Body::stream(Producer producer, std::optional<std::uint64_t> size_bytes) {
    Body body;
    body.content_ = Stream{std::move(producer), size_bytes};
    return body;
}

std::optional<std::uint64_t> Body::size_bytes() const noexcept {
    if (const auto* part = std::get_if<Part>(&content_)) return part->range.length;
    if (const auto* stream = std::get_if<Stream>(&content_)) return stream->size_bytes;
    return in_memory()->size();
}

bool Body::is_rewindable() const noexcept { return !std::holds_alternative<Stream>(content_); }

std::optional<ByteView> Body::in_memory() const noexcept {
    if (const auto* view = std::get_if<ByteView>(&content_)) return *view;
    if (const auto* owned = std::get_if<Bytes>(&content_)) return ByteView(*owned);
    return std::nullopt;
}

bool Body::has_room() const noexcept {
    const auto* part = std::get_if<Part>(&content_);
    return part != nullptr ? part->room.size() == part->range.length : in_memory().has_value();
}

Result<std::size_t> Body::read(std::span<std::uint8_t> into) {
    if (auto* stream = std::get_if<Stream>(&content_)) return read_stream(*stream, into);
    std::size_t count = 0;
    if (const auto* part = std::get_if<Part>(&content_)) {
        const auto left = part->range.length - position_;
        const auto wanted = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, into.size())));
        auto got = part->source->read_at(part->range.offset + position_, wanted);
        if (!got) return got;
        if (*got < wanted.size()) return length_error("shorter").with("source", part->source->name());
        count = *got;
    } else {
        count = copy_from(*in_memory(), position_, into);
    }
    position_ += count;
    return count;
}

Result<std::size_t> Body::read_stream(Stream& stream, std::span<std::uint8_t> into) {
    std::size_t count = 0;
    while (count < into.size()) {
        auto got = stream.producer(into.subspan(count));
        if (!got) return got;
        if (*got == 0) break;
        if (*got > into.size() - count) {
            return make_error(Errc::internal, "storage.body", "the producer reports more bytes than it was asked for");
        }
        count += *got;
    }
    position_ += count;
    if (stream.size_bytes && position_ > *stream.size_bytes) return length_error("longer");
    if (stream.size_bytes && count < into.size() && position_ < *stream.size_bytes) return length_error("shorter");
    return count;
}

Result<std::size_t> Body::read_observed(std::span<std::uint8_t> into, const Observer& seen, const std::stop_token& stop) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.body", "stopped while reading the body");
        const auto slice = into.subspan(filled, std::min(slice_bytes, into.size() - filled));
        auto count = read(slice);
        if (!count) return count;
        if (seen) seen(slice.first(*count));
        filled += *count;
        if (*count < slice.size()) break;
    }
    return filled;
}

Result<Bytes> Body::collect(const Observer& seen, std::uint64_t max_bytes, const std::stop_token& stop) {
    const auto known = size_bytes();
    if (known.value_or(0) > max_bytes) return too_long(max_bytes);
    // One byte more than the body says, so that its end, or an excess, shows in the same pass.
    Bytes bytes(known ? static_cast<std::size_t>(*known) + 1 : slice_bytes);
    std::size_t filled = 0;
    while (true) {
        auto count = read_observed(std::span(bytes).subspan(filled), seen, stop);
        if (!count) return std::move(count).error();
        filled += *count;
        if (filled > max_bytes) return too_long(max_bytes);
        if (filled < bytes.size()) break;
        bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size() * 2, max_bytes + 1)));
    }
    bytes.resize(filled);
    return bytes;
}

Result<ByteView> Body::load(const Observer& seen, std::uint64_t max_bytes, const std::stop_token& stop) {
    if (const auto view = in_memory()) {
        for (std::size_t at = 0; seen && at < view->size(); at += slice_bytes)
            seen(view->subspan(at, std::min(slice_bytes, view->size() - at)));
        return *view;
    }
    if (is_rewindable()) position_ = 0;
    if (has_room()) {
        const auto room = std::get_if<Part>(&content_)->room;
        auto count = read_observed(room, seen, stop);
        if (!count) return std::move(count).error();
        content_ = ByteView(room);
    } else {
        auto bytes = collect(seen, max_bytes, stop);
        if (!bytes) return std::move(bytes).error();
        content_ = *std::move(bytes);
    }
    position_ = 0;
    return *in_memory();
}

Result<void> Body::rewind() {
    if (!is_rewindable()) return make_error(Errc::unsupported, "storage.body", "a stream can be read only once");
    position_ = 0;
    return {};
}

}  // namespace streamforge::storage
