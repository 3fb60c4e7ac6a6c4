#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/random.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/http/retry.hpp>
#include <streamforge/http/transport.hpp>
#include <streamforge/storage/credentials.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

/// Where the bucket's name goes: before the endpoint's host, or first in the path.
enum class S3Addressing : std::uint8_t { automatic, virtual_host, path };

/// Whether a request's signature covers its body. `automatic`: over TLS no, since TLS protects it; in the clear yes.
enum class S3PayloadSigning : std::uint8_t { automatic, always, never };

/// Which checksum goes with every object and part. `automatic`: what the provider is known to take; for an unknown one
/// CRC-64/NVME, and none from the moment that it refuses one.
enum class S3Checksum : std::uint8_t { automatic, none, crc32c, crc64nvme };

/// What every object that this store writes gets.
struct S3WriteDefaults {
    std::string storage_class{};                   ///< "STANDARD_IA", …; empty: the bucket's.
    std::string acl{};                             ///< "private", …; empty: the bucket's.
    std::map<std::string, std::string> tags{};     ///< Object tags, at most 10.
    std::string server_side_encryption{};          ///< "AES256", "aws:kms", …; empty: the bucket's.
    std::string kms_key_id{};                      ///< With "aws:kms"; empty: the account's key.
    std::shared_ptr<const Secret> customer_key{};  ///< SSE-C: 32 bytes, also sent with every read.
};

struct S3Options {
    std::string bucket{};
    std::string region{};        ///< Empty: AWS_REGION, AWS_DEFAULT_REGION, the profile's, then the provider's usual one.
    std::string endpoint_url{};  ///< "https://host:port"; empty: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's, then AWS.
    std::string provider{};      ///< Row of the quirks table: "aws", "r2", "minio", "gcs", "b2", …; empty: by the endpoint's host.
    std::string profile{};       ///< Of the shared config files; empty: AWS_PROFILE, then "default".
    S3Addressing addressing = S3Addressing::automatic;
    S3PayloadSigning payload_signing = S3PayloadSigning::automatic;
    S3Checksum checksum = S3Checksum::automatic;
    bool dualstack = false;   ///< AWS: the endpoint that also has IPv6.
    bool accelerate = false;  ///< AWS: transfer acceleration.
    bool fips = false;        ///< AWS: the FIPS endpoint.
    S3WriteDefaults write{};
    std::uint64_t part_bytes = std::uint64_t{16} << 20;    ///< Longer bodies go up in parts of this size; 5 MiB to 5 GiB.
    std::uint64_t memory_bytes = std::uint64_t{96} << 20;  ///< Bodies held in memory by all puts together; at least `part_bytes`.
    std::uint32_t parallel_parts = 4;                      ///< Per put; 1 to 64.
    std::chrono::seconds complete_stall{300};              ///< How long a store may think about joining parts without a byte; 1 s to 1 h.
    std::shared_ptr<CredentialsProvider> credentials{};    ///< Empty: the default chain.
    std::shared_ptr<http::Transport> transport{};          ///< Empty: one of its own, made with `connection`.
    http::TransportOptions connection{};
    http::RetryPolicy retry{};
    Environment environment = process_environment();
    Clock clock = system_clock();
    Random random = system_random();
    http::Sleep sleep = http::thread_sleep();
    LogSink log{};

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// A bucket as a store. A put longer than `part_bytes` goes up in parts and appears at the end, whole; what fails leaves no
/// parts behind. Nothing is sent before the first call. *Errors*: `invalid_argument`, `malformed` (a shared config file).
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<ObjectStore>> open_s3(const S3Options& options);

}  // namespace streamforge::storage
