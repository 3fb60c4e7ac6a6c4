#include "storage/s3/s3_bucket.hpp"

#include <array>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

#include "core/try.hpp"
#include "storage/s3/http_time.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/s3/s3_headers.hpp"

namespace streamforge::storage::s3 {
namespace {

S3Checksum first_checksum(const S3Options& options, const ProviderProfile& profile) {
    return options.checksum == S3Checksum::automatic ? profile.checksum : options.checksum;
}

/// Whether the object that is there now came from the write marked `mark`.
Result<bool> is_ours(Bucket& bucket, const std::string& key, const std::string& mark, const std::stop_token& stop) {
    auto head = bucket.head(key, "storage.put", stop);
    if (!head) {
        if (head.error().code == Errc::not_found) return false;
        return std::move(head).error();
    }
    return head->headers.get("x-amz-meta-" + std::string(write_mark)) == mark;
}

Result<ObjectInfo> stored_info(const std::string& key, const PutOptions& options, std::uint64_t size, const http::Headers& headers) {
    ObjectInfo info{.key = key,
                    .size_bytes = size,
                    .etag = headers.get("etag"),
                    .content_type = options.content_type,
                    .cache_control = options.cache_control,
                    .last_modified = parse_http_date(headers.get("date")).value_or(TimePoint{}),
                    .metadata = options.metadata};
    return info;
}

}  // namespace

Bucket::Bucket(Endpoint endpoint, const S3Options& options, std::shared_ptr<CredentialsProvider> credentials,
               std::shared_ptr<http::Transport> transport)
    : client(std::move(endpoint), options, std::move(credentials), std::move(transport)),
      memory(options.memory_bytes),
      checksum(first_checksum(options, profile())) {}

bool Bucket::drop_checksum() {
    if (options().checksum != S3Checksum::automatic || !profile().checksum_is_a_guess) return false;
    checksum = S3Checksum::none;
    return true;
}

std::string Bucket::body_hash(ByteView body) const { return client.signs_bodies() ? crypto::sha256_hex(body) : std::string{}; }

std::string Bucket::make_mark() {
    std::array<std::uint8_t, 16> bytes{};
    options().random(bytes);
    return crypto::hex_encode(bytes);
}

Result<Answer> Bucket::head(const std::string& key, const char* operation, std::stop_token stop) {
    Call call{.operation = operation, .method = "HEAD", .key = key};
    if (profile().checksum_mode) call.headers.add("x-amz-checksum-mode", "ENABLED");
    add_customer_key(call.headers, options().write);
    call.result_header = "etag";
    return client.call(call, std::move(stop));
}

Result<ObjectInfo> put_bytes(Bucket& bucket, const std::string& key, ByteView bytes, const PutOptions& options, std::stop_token stop) {
    const bool conditional = options.if_none_match || !options.if_match.empty();
    const std::string mark = conditional ? bucket.make_mark() : std::string{};
    while (true) {
        const S3Checksum kind = bucket.checksum;
        Call call{.operation = "storage.put", .method = "PUT", .key = key};
        call.headers = object_headers(options, bucket.options().write);
        add_conditions(call.headers, options);
        if (conditional) call.headers.add("x-amz-meta-" + std::string(write_mark), mark);
        Checksum sum(kind);
        sum.update(bytes);
        if (kind != S3Checksum::none) call.headers.add(header_of(kind), sum.value());
        call.body = bytes;
        call.body_sha256 = bucket.body_hash(bytes);
        call.result_header = "etag";
        auto outcome = bucket.client.try_call(call, stop);
        if (auto* failed = std::get_if<CallError>(&outcome)) {
            if (failed->remedy == Remedy::drop_checksum && kind != S3Checksum::none && bucket.drop_checksum()) continue;
            // Our own write may be what the condition stumbles over: an earlier attempt, or one that the network delivered twice.
            if (conditional && failed->error.code == Errc::precondition_failed) {
                SF_ASSIGN(const bool ours, is_ours(bucket, key, mark, stop));
                if (ours) {
                    SF_ASSIGN(const auto head, bucket.head(key, "storage.put", stop));
                    return stored_info(key, options, bytes.size(), head.headers);
                }
            }
            // Replacing what is not there: stores say that the object is missing.
            if (!options.if_match.empty() && failed->error.code == Errc::not_found) failed->error.code = Errc::precondition_failed;
            return std::move(failed->error).with("key", key);
        }
        const auto& answer = std::get<Answer>(outcome);
        const auto told = told_checksum(answer.headers);
        if (told.starts_with(std::string(name_of(kind)) + "=") && told != sum.text()) {
            return make_error(Errc::integrity, "storage.put", "the store holds other bytes than were sent").with("key", key);
        }
        return stored_info(key, options, bytes.size(), answer.headers);
    }
}

}  // namespace streamforge::storage::s3
