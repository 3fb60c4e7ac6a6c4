#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>

#include <streamforge/core/byte_budget.hpp>
#include <streamforge/storage/s3_store.hpp>

#include "storage/s3/s3_client.hpp"

namespace streamforge::storage::s3 {

/// What a store, its uploads and its readers share.
struct Bucket {
    Bucket(Endpoint endpoint, const S3Options& options, std::shared_ptr<CredentialsProvider> credentials,
           std::shared_ptr<http::Transport> transport);

    [[nodiscard]] const S3Options& options() const noexcept { return client.options(); }
    [[nodiscard]] const ProviderProfile& profile() const noexcept { return *client.endpoint().profile; }
    /// Whether a refused checksum may be left out from now on; true once more for callers that used one meanwhile.
    [[nodiscard]] bool drop_checksum();
    /// The body's hash where signatures cover bodies, else nothing.
    [[nodiscard]] std::string body_hash(ByteView body) const;
    /// Whether a body read as it is sent may have its checksum at its end: only where signatures need not cover it.
    [[nodiscard]] bool sends_trailers(S3Checksum kind) const {
        return kind != S3Checksum::none && profile().trailing_checksum && !client.signs_bodies();
    }
    /// HEAD, raw. *Errors*: as `ObjectStore::head`.
    [[nodiscard]] Result<Answer> head(const std::string& key, const char* operation, std::stop_token stop);
    [[nodiscard]] std::string make_mark();

    Client client;
    ByteBudget memory;
    std::atomic<S3Checksum> checksum;
};

/// Stores bytes in memory as one object, by one PUT. *Errors*: as `ObjectStore::put`.
[[nodiscard]] Result<ObjectInfo> put_bytes(Bucket& bucket, const std::string& key, ByteView bytes, const PutOptions& options,
                                           std::stop_token stop);
[[nodiscard]] Result<std::unique_ptr<ObjectReader>> open_reader(std::shared_ptr<Bucket> bucket, const std::string& key,
                                                                const GetOptions& options, std::stop_token stop);
/// `for_copies`: without checksums, which not every store computes of parts that it copies itself.
[[nodiscard]] Result<std::unique_ptr<MultipartUpload>> begin_upload(std::shared_ptr<Bucket> bucket, const std::string& key,
                                                                    const PutOptions& options, std::stop_token stop,
                                                                    bool for_copies = false);
[[nodiscard]] Result<std::unique_ptr<MultipartUpload>> resume_upload(std::shared_ptr<Bucket> bucket, const std::string& key,
                                                                     const std::string& upload_id, const PutOptions& options,
                                                                     std::stop_token stop);
[[nodiscard]] Result<ObjectInfo> copy_object(std::shared_ptr<Bucket> bucket, const std::string& from, const std::string& to,
                                             const CopyOptions& options, std::stop_token stop);

}  // namespace streamforge::storage::s3
