#include "store_options.hpp"

#include <charconv>
#include <cstdlib>
#include <unistd.h>

#include "core/try.hpp"

#include <streamforge/crypto/hash.hpp>
#include <streamforge/storage/key.hpp>

namespace streamforge::app {
namespace {

/// "500k", "20M", "1G" per second, in bytes.
Result<std::uint64_t> parse_rate(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    std::uint64_t factor = 0;
    if (unit.empty()) factor = 1;
    if (unit == "k" || unit == "K") factor = 1000;
    if (unit == "M") factor = 1'000'000;
    if (unit == "G") factor = 1'000'000'000;
    if (error != std::errc{} || factor == 0 || number == 0 || number > UINT64_MAX / factor) {
        return make_error(Errc::invalid_argument, "cli.limit_rate", "--limit-rate: bytes per second, e.g. 500k, 20M");
    }
    return number * factor;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string(value);
}

}  // namespace

void StoreOptions::declare(CLI::App& command) {
    command.add_option("--endpoint-url", endpoint_url, "S3 endpoint; else AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's, AWS");
    command.add_option("--region", region, "Region; else AWS_REGION, the profile's");
    command.add_option("--profile", profile, "Profile of the shared AWS files; else AWS_PROFILE");
    command.add_option("--provider", provider, "Kind of store: aws, r2, minio, gcs, b2, …; else by the endpoint");
    command.add_flag("--path-style", path_style, "The bucket goes into the path");
    command.add_flag("--no-sign-request", no_sign, "Send requests unsigned");
    command.add_option("--ca-bundle", ca_bundle, "PEM file of trusted authorities; else AWS_CA_BUNDLE, the system's");
    command.add_option("--payload-signing", payload_signing, "Whether signatures cover bodies: auto (only without TLS), always, never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command.add_option("--limit-rate", limit_rate, "Bytes per second in each direction, e.g. 500k, 20M");
}

Result<storage::OpenOptions> StoreOptions::open_options() const {
    storage::OpenOptions options;
    auto& s3 = options.s3;
    s3.endpoint_url = endpoint_url;
    s3.region = region;
    s3.profile = profile;
    s3.provider = provider;
    if (path_style) s3.addressing = storage::S3Addressing::path;
    if (payload_signing == "always") s3.payload_signing = storage::S3PayloadSigning::always;
    if (payload_signing == "never") s3.payload_signing = storage::S3PayloadSigning::never;
    if (no_sign) s3.credentials = storage::make_anonymous_credentials();
    s3.connection.ca_bundle = ca_bundle.empty() ? environment("AWS_CA_BUNDLE") : ca_bundle;
    if (!limit_rate.empty()) {
        SF_ASSIGN(const auto rate, parse_rate(limit_rate));
        s3.connection.max_upload_bytes_per_second = rate;
        s3.connection.max_download_bytes_per_second = rate;
    }
    return options;
}

Result<Place> open_place(const std::string& url, const StoreOptions& options) {
    SF_ASSIGN(const auto open_options, options.open_options());
    SF_ASSIGN(auto location, storage::open(url, open_options));
    Place place{std::move(location.store), std::move(location.prefix)};
    // A store's prefix ends with '/'; what the user named need not.
    if (!place.key.empty() && !url.ends_with('/')) place.key.pop_back();
    return place;
}

std::filesystem::path journal_path(const std::string& from, const std::string& to, const storage::ObjectStore& store) {
    auto folder = environment("XDG_STATE_HOME");
    if (folder.empty()) folder = environment("HOME") + "/.local/state";
    const auto name = crypto::sha256_hex(from + '\n' + to + '\n' + store.capabilities().place).substr(0, 32);
    return std::filesystem::path(folder) / "streamforge" / "transfers" / (name + ".journal");
}

}  // namespace streamforge::app
