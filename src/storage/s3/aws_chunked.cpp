#include "storage/s3/aws_chunked.hpp"

#include <algorithm>
#include <charconv>

#include "core/try.hpp"

namespace streamforge::storage::s3 {
namespace {

std::string hex(std::size_t number) {
    char text[16];
    const auto result = std::to_chars(text, text + sizeof text, number, 16);
    return {text, result.ptr};
}

void append(Bytes& bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

std::string trailer(S3Checksum kind, const std::string& value) { return "0\r\n" + header_of(kind) + ":" + value + "\r\n\r\n"; }

std::uint64_t framed_chunk(std::uint64_t size) { return size == 0 ? 0 : hex(static_cast<std::size_t>(size)).size() + 2 + size + 2; }

}  // namespace

AwsChunked::AwsChunked(Body& body, S3Checksum kind) : body_(body), kind_(kind), sum_(kind), left_(body.size_bytes().value_or(0)) {}

std::uint64_t AwsChunked::framed_bytes(std::uint64_t size_bytes, S3Checksum kind) {
    const auto whole = size_bytes / chunk_bytes;
    return whole * framed_chunk(chunk_bytes) + framed_chunk(size_bytes % chunk_bytes) + trailer(kind, Checksum(kind).value()).size();
}

void AwsChunked::add_headers(http::Headers& headers) const {
    headers.add("content-encoding", "aws-chunked");
    headers.add("x-amz-decoded-content-length", std::to_string(body_.size_bytes().value_or(0)));
    headers.add("x-amz-trailer", header_of(kind_));
}

http::RequestBody AwsChunked::request_body() {
    return http::RequestBody::stream(
        framed_bytes(body_.size_bytes().value_or(0), kind_), [this](std::span<std::uint8_t> into) { return read(into); },
        [this] { return rewind(); });
}

Result<void> AwsChunked::rewind() {
    SF_TRY(body_.rewind());
    sum_ = Checksum(kind_);
    left_ = body_.size_bytes().value_or(0);
    frame_.clear();
    at_ = 0;
    ended_ = false;
    return {};
}

Result<std::size_t> AwsChunked::read(std::span<std::uint8_t> into) {
    if (at_ == frame_.size() && !ended_) SF_TRY(next_frame());
    const auto count = std::min(into.size(), frame_.size() - at_);
    std::copy_n(frame_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
    at_ += count;
    return count;
}

Result<void> AwsChunked::next_frame() {
    frame_.clear();
    at_ = 0;
    if (left_ == 0) {
        append(frame_, trailer(kind_, sum_.value()));
        ended_ = true;
        return {};
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, chunk_bytes));
    append(frame_, hex(size) + "\r\n");
    const auto head = frame_.size();
    frame_.resize(head + size);
    const auto place = std::span(frame_).subspan(head);
    for (std::size_t filled = 0; filled < size;) {
        SF_ASSIGN(const auto count, body_.read(place.subspan(filled)));
        if (count == 0) return make_error(Errc::integrity, "storage.put_part", "the body is shorter than it said");
        filled += count;
    }
    sum_.update(place);
    append(frame_, "\r\n");
    left_ -= size;
    return {};
}

}  // namespace streamforge::storage::s3
