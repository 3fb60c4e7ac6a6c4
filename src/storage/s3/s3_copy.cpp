#include <algorithm>

#include "core/try.hpp"
#include "storage/s3/s3_bucket.hpp"
#include "storage/s3/s3_headers.hpp"
#include "storage/s3/s3_xml.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::uint64_t largest_single_copy = std::uint64_t{5} << 30;
constexpr std::uint64_t copy_part_bytes = std::uint64_t{1} << 30;
constexpr std::chrono::seconds copy_stall{300};

std::string source_of(const Bucket& bucket, const std::string& key) {
    return "/" + encode_key(bucket.options().bucket) + "/" + encode_key(key);
}

Result<ObjectInfo> head_info(Bucket& bucket, const std::string& key, const std::stop_token& stop) {
    SF_ASSIGN(const auto head, bucket.head(key, "storage.copy", stop));
    return info_of(key, head.headers);
}

Result<PartInfo> copy_part(Bucket& bucket, MultipartUpload& upload, const ObjectInfo& source, ByteRange range, std::uint32_t number,
                           const std::stop_token& stop) {
    Call call{.operation = "storage.copy", .method = "PUT", .key = upload.key()};
    call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload.upload_id()}};
    call.headers.add("x-amz-copy-source", source_of(bucket, source.key));
    call.headers.add("x-amz-copy-source-if-match", source.etag);
    if (range.length != source.size_bytes) {
        call.headers.add("x-amz-copy-source-range",
                         "bytes=" + std::to_string(range.offset) + "-" + std::to_string(range.offset + range.length - 1));
    }
    call.result_root = "CopyPartResult";
    call.stall = copy_stall;
    SF_ASSIGN(const auto answer, bucket.client.call(call, stop));
    SF_ASSIGN(const auto result, parse_result(answer.body));
    return PartInfo{number, range.length, result.etag, result.checksum};
}

Result<ObjectInfo> copy_into(Bucket& bucket, MultipartUpload& upload, const ObjectInfo& source, const std::stop_token& stop) {
    std::vector<PartInfo> parts;
    std::uint64_t offset = 0;
    const auto part_bytes = std::max(copy_part_bytes, source.size_bytes / 10'000 + 1);
    do {
        const auto length = std::min(part_bytes, source.size_bytes - offset);
        SF_ASSIGN(auto part, copy_part(bucket, upload, source, {offset, length}, static_cast<std::uint32_t>(parts.size() + 1), stop));
        parts.push_back(std::move(part));
        offset += length;
    } while (offset < source.size_bytes);
    return upload.complete(parts, stop);
}

/// For what one CopyObject cannot do: long objects, and conditions where the provider has none on copies.
Result<ObjectInfo> copy_by_parts(const std::shared_ptr<Bucket>& bucket, const std::string& from, const std::string& to,
                                 const CopyOptions& options, const std::stop_token& stop) {
    SF_ASSIGN(const auto source, head_info(*bucket, from, stop));
    const PutOptions put{.content_type = source.content_type,
                         .cache_control = source.cache_control,
                         .metadata = source.metadata,
                         .if_none_match = options.if_none_match};
    if (source.size_bytes == 0) return put_bytes(*bucket, to, {}, put, stop);
    SF_ASSIGN(const auto upload, begin_upload(bucket, to, put, stop, true));
    auto done = copy_into(*bucket, *upload, source, stop);
    if (!done) {
        (void)upload->abort();
        return done;
    }
    return head_info(*bucket, to, stop);
}

}  // namespace

Result<ObjectInfo> copy_object(std::shared_ptr<Bucket> bucket, const std::string& from, const std::string& to, const CopyOptions& options,
                               std::stop_token stop) {
    if (options.if_none_match && !bucket->profile().conditional_copy) return copy_by_parts(bucket, from, to, options, stop);
    Call call{.operation = "storage.copy", .method = "PUT", .key = to};
    call.headers = object_headers({}, bucket->options().write);
    call.headers.add("x-amz-copy-source", source_of(*bucket, from));
    call.headers.add("x-amz-metadata-directive", from == to ? "REPLACE" : "COPY");
    if (options.if_none_match) call.headers.add("if-none-match", "*");
    call.result_root = "CopyObjectResult";
    call.stall = copy_stall;
    auto outcome = bucket->client.try_call(call, stop);
    if (auto* failed = std::get_if<CallError>(&outcome)) {
        // The one limit that CopyObject has and a copy in parts has not.
        if (failed->error.code == Errc::invalid_argument) {
            const auto source = head_info(*bucket, from, stop);
            if (source && source->size_bytes > largest_single_copy) return copy_by_parts(bucket, from, to, options, stop);
        }
        return std::move(failed->error).with("from", from).with("to", to);
    }
    SF_TRY(parse_result(std::get<Answer>(outcome).body));
    return head_info(*bucket, to, stop);
}

}  // namespace streamforge::storage::s3
