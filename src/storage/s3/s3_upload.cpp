#include <algorithm>
#include <array>

#include <streamforge/crypto/hash.hpp>

#include "core/try.hpp"
#include "storage/s3/aws_chunked.hpp"
#include "storage/s3/http_time.hpp"
#include "storage/s3/s3_bucket.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/s3/s3_headers.hpp"
#include "storage/s3/s3_xml.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::uint64_t largest_part_in_memory = std::uint64_t{64} << 20;

struct UploadState {
    PutOptions conditions{};  // only its conditions
    S3Checksum kind = S3Checksum::none;
    std::string mark{};
};

class Upload final : public MultipartUpload {
public:
    Upload(std::shared_ptr<Bucket> bucket, std::string key, std::string id, UploadState state)
        : MultipartUpload(std::move(key), std::move(id), 10'000), bucket_(std::move(bucket)), state_(std::move(state)) {}

private:
    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        const auto size = body.size_bytes();
        if (body.has_room()) return put_loaded(number, body, stop);
        if (body.is_rewindable() && size.value_or(0) > largest_part_in_memory) return put_streamed(number, body, stop);
        SF_ASSIGN(const auto ticket, bucket_->memory.acquire(size.value_or(largest_part_in_memory), stop));
        return put_loaded(number, body, stop);
    }

    [[nodiscard]] Call part_call(std::uint32_t number) const {
        Call call{.operation = "storage.put_part", .method = "PUT", .key = key()};
        call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_id()}};
        add_customer_key(call.headers, bucket_->options().write);
        return call;
    }

    /// Checksum and hash are made in the pass that reads the part into memory.
    Result<PartInfo> put_loaded(std::uint32_t number, Body& body, const std::stop_token& stop) {
        auto call = part_call(number);
        Checksum sum(state_.kind);
        crypto::Hasher hasher;
        const bool hashed = bucket_->client.signs_bodies();
        const auto seen = [&](ByteView slice) {
            sum.update(slice);
            if (hashed) hasher.update(slice);
        };
        auto loaded = body.load(seen, body.size_bytes().value_or(largest_part_in_memory), stop);
        if (!loaded) return std::move(loaded).error().with("key", key());
        call.body = *loaded;
        if (hashed) call.body_sha256 = hasher.finish().hex();
        return send_part(number, std::move(call), sum, stop);
    }

    /// For parts too long for memory: read once for the checksum, and again for the sending.
    Result<PartInfo> put_streamed(std::uint32_t number, Body& body, const std::stop_token& stop) {
        if (bucket_->sends_trailers(state_.kind)) return put_chunked(number, body, stop);
        auto call = part_call(number);
        Checksum sum(state_.kind);
        crypto::Hasher hasher;
        const bool hashed = bucket_->client.signs_bodies();
        Bytes slice(std::size_t{1} << 20);
        while (true) {
            if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.put_part", "stopped while reading the part");
            SF_ASSIGN(const auto count, body.read(slice));
            if (count == 0) break;
            sum.update(ByteView(slice).first(count));
            if (hashed) hasher.update(ByteView(slice).first(count));
        }
        if (hashed) call.body_sha256 = hasher.finish().hex();
        call.body = http::RequestBody::stream(
            *body.size_bytes(), [&body](std::span<std::uint8_t> into) { return body.read(into); }, [&body] { return body.rewind(); });
        return send_part(number, std::move(call), sum, stop);
    }

    /// Read once, with the checksum after the bytes.
    Result<PartInfo> put_chunked(std::uint32_t number, Body& body, const std::stop_token& stop) {
        auto call = part_call(number);
        AwsChunked chunked(body, state_.kind);
        chunked.add_headers(call.headers);
        call.body_sha256 = AwsChunked::payload_hash;
        call.body = chunked.request_body();
        return send_call(
            number, std::move(call), *body.size_bytes(), [&] { return chunked.checksum(); }, stop);
    }

    Result<PartInfo> send_part(std::uint32_t number, Call call, const Checksum& sum, const std::stop_token& stop) {
        if (state_.kind != S3Checksum::none) call.headers.add(header_of(state_.kind), sum.value());
        const auto size = call.body.size_bytes();
        return send_call(
            number, std::move(call), size, [&] { return sum.text(); }, stop);
    }

    /// `sum` is asked once the bytes are sent.
    template <class Sum>
    Result<PartInfo> send_call(std::uint32_t number, Call call, std::uint64_t size, Sum&& sum, const std::stop_token& stop) {
        call.result_header = "etag";
        SF_ASSIGN(const auto answer, bucket_->client.call(call, stop));
        PartInfo part{number, size, answer.headers.get("etag"), sum()};
        const auto told = told_checksum(answer.headers);
        if (told.starts_with(std::string(name_of(state_.kind)) + "=") && told != part.checksum) {
            return make_error(Errc::integrity, "storage.put_part", "the store holds other bytes than were sent").with("key", key());
        }
        return part;
    }

    Result<std::vector<PartInfo>> do_list_parts(std::stop_token stop) override {
        std::vector<PartInfo> parts;
        std::string marker;
        while (true) {
            SF_ASSIGN(auto page, list_page(*bucket_, key(), upload_id(), marker, stop));
            parts.insert(parts.end(), page.parts.begin(), page.parts.end());
            if (!page.truncated) break;
            // A store that turns its pages in a circle must not keep us for ever.
            if (page.next_marker == marker || parts.size() > 10'000) {
                return make_error(Errc::malformed, "storage.list_parts", "the store's pages do not end").with("key", key());
            }
            marker = page.next_marker;
        }
        std::sort(parts.begin(), parts.end(), [](const PartInfo& a, const PartInfo& b) { return a.number < b.number; });
        return parts;
    }

public:
    static Result<PartsDocument> list_page(Bucket& bucket, const std::string& key, const std::string& id, const std::string& marker,
                                           const std::stop_token& stop) {
        Call call{.operation = "storage.list_parts", .key = key};
        call.query = {{"uploadId", id}, {"max-parts", "1000"}};
        if (!marker.empty()) call.query.emplace_back("part-number-marker", marker);
        call.result_root = "ListPartsResult";
        SF_ASSIGN(const auto answer, bucket.client.call(call, stop));
        return parse_parts(answer.body);
    }

private:
    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) override {
        const auto whole = combine_checksums(state_.kind, parts);
        const auto body = write_complete(parts);
        Call call{.operation = "storage.complete", .method = "POST", .key = key(), .query = {{"uploadId", upload_id()}}};
        call.headers.add("content-type", "application/xml");
        if (whole) {
            call.headers.add(header_of(state_.kind), whole->substr(whole->find('=') + 1));
            call.headers.add("x-amz-checksum-type", "FULL_OBJECT");
        }
        add_conditions(call.headers, state_.conditions);
        add_customer_key(call.headers, bucket_->options().write);
        call.body = crypto::bytes_of(body);
        call.body_sha256 = bucket_->body_hash(crypto::bytes_of(body));
        call.result_root = "CompleteMultipartUploadResult";
        call.stall = bucket_->options().complete_stall;
        auto outcome = bucket_->client.try_call(call, stop);
        if (auto* failed = std::get_if<CallError>(&outcome)) return look(std::move(*failed), parts, whole, stop);

        SF_ASSIGN(const auto result, parse_result(std::get<Answer>(outcome).body));
        if (whole && !result.checksum.empty() && result.checksum != *whole) {
            return make_error(Errc::integrity, "storage.complete", "the store joined other bytes than were sent").with("key", key());
        }
        return made(result.etag, parts);
    }

    /// The answer was lost, or the upload is gone: whether the object is there already, made of just these parts.
    Result<ObjectInfo> look(CallError failed, std::span<const PartInfo> parts, const std::optional<std::string>& whole,
                            const std::stop_token& stop) {
        auto error = std::move(failed.error).with("key", key());
        const bool gone = error.code == Errc::not_found;
        const bool refused = error.code == Errc::precondition_failed && (failed.may_have_been_done || !state_.mark.empty());
        if (!gone && !refused && !(failed.may_have_been_done && error.retry == Retry::later)) return error;
        const auto head = bucket_->head(key(), "storage.complete", stop);
        if (!head) return error;
        const auto info = info_of(key(), head->headers);
        std::uint64_t size = 0;
        for (const auto& part : parts) size += part.size_bytes;
        if (info.size_bytes != size) return error;
        if (!state_.mark.empty()) {
            return head->headers.get("x-amz-meta-" + std::string(write_mark)) == state_.mark ? Result<ObjectInfo>(info) : error;
        }
        const bool same_bytes = whole && told_checksum(head->headers) == *whole;
        const auto etag = multipart_etag(parts);
        if (same_bytes || (etag && *etag == info.etag)) return info;
        return error;
    }

    [[nodiscard]] ObjectInfo made(const std::string& etag, std::span<const PartInfo> parts) const {
        ObjectInfo info;
        info.key = key();
        info.etag = etag;
        for (const auto& part : parts) info.size_bytes += part.size_bytes;
        info.last_modified = bucket_->client.now();
        return info;
    }

    Result<void> do_abort() override {
        Call call{.operation = "storage.abort", .method = "DELETE", .key = key(), .query = {{"uploadId", upload_id()}}};
        auto done = bucket_->client.call(call, {});
        if (!done && done.error().code != Errc::not_found) return std::move(done).error();
        return {};
    }

    std::shared_ptr<Bucket> bucket_;
    UploadState state_;
};

/// A lost answer may have left an upload that nobody knows. Those of this very key, begun while we asked, without a part, go.
void abort_unknown(const std::shared_ptr<Bucket>& bucket, const std::string& key, const std::string& ours, TimePoint since) {
    Call call{.operation = "storage.list_uploads", .query = {{"uploads", ""}, {"prefix", key}}};
    call.result_root = "ListMultipartUploadsResult";
    const auto answer = bucket->client.call(call, {});
    if (!answer) return;
    const auto document = parse_uploads(answer->body);
    if (!document) return;
    for (const auto& upload : document->uploads) {
        if (upload.key != key || upload.upload_id == ours || upload.started < since) continue;
        const auto parts = Upload::list_page(*bucket, key, upload.upload_id, {}, {});
        if (parts && parts->parts.empty()) (void)Upload(bucket, key, upload.upload_id, {}).abort();
    }
}

}  // namespace

Result<std::unique_ptr<MultipartUpload>> begin_upload(std::shared_ptr<Bucket> bucket, const std::string& key, const PutOptions& options,
                                                      std::stop_token stop, bool for_copies) {
    UploadState state;
    state.conditions.if_none_match = options.if_none_match;
    state.conditions.if_match = options.if_match;
    if (options.if_none_match || !options.if_match.empty()) state.mark = bucket->make_mark();
    // Stores keep whole seconds.
    const auto since = std::chrono::floor<std::chrono::seconds>(bucket->client.now()) - std::chrono::seconds(1);
    while (true) {
        state.kind = for_copies || options.parts_by_others ? S3Checksum::none : bucket->checksum.load();
        Call call{.operation = "storage.begin_multipart", .method = "POST", .key = key, .query = {{"uploads", ""}}};
        call.headers = object_headers(options, bucket->options().write);
        if (!state.mark.empty()) call.headers.add("x-amz-meta-" + std::string(write_mark), state.mark);
        if (state.kind != S3Checksum::none) {
            std::string name(name_of(state.kind));
            std::transform(name.begin(), name.end(), name.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
            call.headers.add("x-amz-checksum-algorithm", name);
            call.headers.add("x-amz-checksum-type", "FULL_OBJECT");
        }
        call.result_root = "InitiateMultipartUploadResult";
        auto outcome = bucket->client.try_call(call, stop);
        if (auto* failed = std::get_if<CallError>(&outcome)) {
            if (failed->remedy == Remedy::drop_checksum && state.kind != S3Checksum::none && bucket->drop_checksum()) continue;
            if (failed->may_have_been_done) abort_unknown(bucket, key, {}, since);
            return std::move(failed->error).with("key", key);
        }
        const auto& answer = std::get<Answer>(outcome);
        SF_ASSIGN(auto id, parse_upload_id(answer.body));
        if (answer.repeated) abort_unknown(bucket, key, id, since);
        return std::unique_ptr<MultipartUpload>(std::make_unique<Upload>(std::move(bucket), key, std::move(id), std::move(state)));
    }
}

Result<std::unique_ptr<MultipartUpload>> resume_upload(std::shared_ptr<Bucket> bucket, const std::string& key, const std::string& upload_id,
                                                       const PutOptions& options, std::stop_token stop) {
    auto page = Upload::list_page(*bucket, key, upload_id, {}, stop);
    if (!page) {
        auto error = std::move(page).error();
        // Some stores say that an id which they never gave is malformed.
        if (error.code == Errc::invalid_argument) error.code = Errc::not_found;
        return error;
    }
    UploadState state;
    state.conditions.if_none_match = options.if_none_match;
    state.conditions.if_match = options.if_match;
    state.kind = checksum_by_name(page->checksum_algorithm);
    const bool told = !page->parts.empty() && !page->parts.front().checksum.empty();
    if (state.kind == S3Checksum::none && told) {
        const auto sum = split_checksum(page->parts.front().checksum);
        if (sum) state.kind = checksum_by_name(sum->first);
    }
    // Not every store tells an upload's algorithm; ours are begun with the bucket's.
    if (page->checksum_algorithm.empty() && page->parts.empty()) state.kind = bucket->checksum;
    return std::unique_ptr<MultipartUpload>(std::make_unique<Upload>(std::move(bucket), key, upload_id, std::move(state)));
}

}  // namespace streamforge::storage::s3
