#include <streamforge/storage/body.hpp>

#include <algorithm>

namespace streamforge::storage {
namespace {

ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Error length_error(std::string_view how) {
    return make_error(Errc::integrity, "storage.body", "the body is " + std::string(how) + " than it said");
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

Result<void> Body::rewind() {
    if (!is_rewindable()) return make_error(Errc::unsupported, "storage.body", "a stream can be read only once");
    position_ = 0;
    return {};
}

}  // namespace streamforge::storage
