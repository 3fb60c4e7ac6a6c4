#pragma once

#include <string>
#include <string_view>

#include <streamforge/http/url.hpp>
#include <streamforge/storage/s3_store.hpp>

#include "storage/s3/provider_profile.hpp"

namespace streamforge::storage::s3 {

/// Where a bucket's requests go.
struct Endpoint {
    http::Url base{};  ///< Scheme, host with the bucket where it goes there, port; path without a `/` at its end.
    std::string region{};
    const ProviderProfile* profile = nullptr;

    /// The encoded path of `key`; of the bucket itself when it is empty.
    [[nodiscard]] std::string path_of(std::string_view key) const;
};

/// Settings that code, environment and shared files leave to choose, chosen. Pure.
struct EndpointSettings {
    std::string bucket{};
    std::string region{};        ///< Empty: the provider's usual one.
    std::string endpoint_url{};  ///< Empty: AWS.
    std::string provider{};
    S3Addressing addressing = S3Addressing::automatic;
    bool dualstack = false;
    bool accelerate = false;
    bool fips = false;
};

/// *Errors*: `invalid_argument` for a bad endpoint, bucket, region or combination.
[[nodiscard]] Result<Endpoint> resolve_endpoint(const EndpointSettings& settings);

/// 3 to 63 of a-z, 0-9, '-' and '.', as buckets are named; upper case and '_' too, which old ones have.
[[nodiscard]] bool is_bucket_name(std::string_view name) noexcept;

}  // namespace streamforge::storage::s3
