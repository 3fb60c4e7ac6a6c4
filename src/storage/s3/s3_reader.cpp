#include <algorithm>

#include "core/try.hpp"
#include "storage/s3/s3_bucket.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/s3/s3_headers.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr int max_reopenings = 8;

Call get_call(const Bucket& bucket, const std::string& key, const std::optional<ByteRange>& range, const std::string& if_match) {
    Call call{.operation = "storage.get", .key = key};
    if (range) {
        const auto last = range->length - 1 > UINT64_MAX - range->offset ? UINT64_MAX : range->offset + range->length - 1;
        // Beyond what a signed number holds some stores ignore the whole header.
        const auto shown = std::min<std::uint64_t>(last, INT64_MAX - 1);
        call.headers.add("range", "bytes=" + std::to_string(range->offset) + "-" + std::to_string(shown));
    } else if (bucket.profile().checksum_mode) {
        call.headers.add("x-amz-checksum-mode", "ENABLED");
    }
    if (!if_match.empty()) call.headers.add("if-match", if_match);
    add_customer_key(call.headers, bucket.options().write);
    call.result_header = "etag";
    return call;
}

Error past_the_end(const std::string& key) {
    return make_error(Errc::invalid_argument, "storage.get", "the range begins past the object's end").with("key", key);
}

/// What part of which object an answer holds.
struct Opened {
    ObjectInfo info;
    ByteRange range;
};

Result<Opened> understand(const std::string& key, const http::ResponseStream& stream, const std::optional<ByteRange>& wanted) {
    Opened opened{info_of(key, stream.headers()), {}};
    if (stream.status() == 206) {
        const auto range = parse_content_range(stream.headers().find("content-range").value_or(""));
        if (!range || !wanted || range->first != wanted->offset || range->last - range->first >= wanted->length) {
            return make_error(Errc::malformed, "storage.get", "the store gave another range than was asked for").with("key", key);
        }
        opened.info.size_bytes = range->size;
        opened.range = {range->first, range->last - range->first + 1};
        return opened;
    }
    opened.range = {0, opened.info.size_bytes};
    if (!wanted) return opened;
    if (wanted->offset >= opened.info.size_bytes) return past_the_end(key);
    // A store may answer a range that covers everything with everything.
    if (wanted->offset == 0 && wanted->length >= opened.info.size_bytes) return opened;
    return make_error(Errc::unsupported, "storage.get", "the store does not give ranges").with("key", key);
}

/// Reads on over broken connections: what is left is asked for again, pinned to the same version.
class Reader final : public ObjectReader {
public:
    Reader(std::shared_ptr<Bucket> bucket, Opened opened, std::unique_ptr<http::ResponseStream> stream, std::stop_token stop)
        : ObjectReader(std::move(opened.info), opened.range),
          bucket_(std::move(bucket)),
          stream_(std::move(stream)),
          stop_(std::move(stop)),
          told_(range().length == info().size_bytes ? told_checksum(stream_->headers()) : std::string{}),
          sum_(checksum_by_name(std::string_view(told_).substr(0, told_.find('=')))) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), range().length - done_));
        std::size_t filled = 0;
        while (filled < wanted) {
            auto got = stream_ ? stream_->read(into.subspan(filled, wanted - filled)) : Result<std::size_t>(std::size_t{0});
            if (got && *got != 0) {
                sum_.update(into.subspan(filled, *got));
                filled += *got;
                done_ += *got;
                continue;
            }
            if (!got && got.error().retry != Retry::later) return std::move(got).error();
            SF_TRY(reopen(got ? make_error(Errc::integrity, "storage.get", "the object was cut short") : std::move(got).error()));
        }
        if (done_ == range().length && wanted != 0) SF_TRY(verify());
        return filled;
    }

    Result<void> reopen(Error because) {
        stream_.reset();
        if (++reopenings_ > max_reopenings || info().etag.empty()) return std::move(because).with("key", info().key);
        const ByteRange rest{range().offset + done_, range().length - done_};
        SF_ASSIGN(stream_, bucket_->client.open(get_call(*bucket_, info().key, rest, info().etag), stop_));
        SF_ASSIGN(const auto opened, understand(info().key, *stream_, rest));
        if (opened.info.etag != info().etag || opened.range.length != rest.length || opened.range.offset != rest.offset) {
            stream_.reset();
            return make_error(Errc::precondition_failed, "storage.get", "the object was replaced").with("key", info().key);
        }
        return {};
    }

    Result<void> verify() {
        if (told_.empty() || sum_.text() == told_) return {};
        return make_error(Errc::integrity, "storage.get", "the bytes do not match the object's checksum").with("key", info().key);
    }

    std::shared_ptr<Bucket> bucket_;
    std::unique_ptr<http::ResponseStream> stream_;
    std::stop_token stop_;
    std::string told_;
    Checksum sum_;
    std::uint64_t done_ = 0;
    int reopenings_ = 0;
};

}  // namespace

Result<std::unique_ptr<ObjectReader>> open_reader(std::shared_ptr<Bucket> bucket, const std::string& key, const GetOptions& options,
                                                  std::stop_token stop) {
    if (options.range && options.range->offset >= INT64_MAX) return past_the_end(key);
    SF_ASSIGN(auto stream, bucket->client.open(get_call(*bucket, key, options.range, options.if_match), stop));
    SF_ASSIGN(auto opened, understand(key, *stream, options.range));
    return std::unique_ptr<ObjectReader>(
        std::make_unique<Reader>(std::move(bucket), std::move(opened), std::move(stream), std::move(stop)));
}

}  // namespace streamforge::storage::s3
