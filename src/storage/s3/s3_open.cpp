#include "storage/s3/s3_open.hpp"

#include "core/try.hpp"
#include "storage/credentials/aws_config.hpp"

namespace streamforge::storage {
namespace s3 {
namespace {

Error bad(std::string message) { return make_error(Errc::invalid_argument, "storage.open_s3", std::move(message)); }

std::string first_of(std::initializer_list<std::optional<std::string>> candidates) {
    for (const auto& candidate : candidates) {
        if (candidate && !candidate->empty()) return *candidate;
    }
    return {};
}

/// Code beats environment beats shared files.
EndpointSettings settings_of(const S3Options& options, const AwsProfile& profile) {
    const auto env = [&](const char* name) { return options.environment(name); };
    EndpointSettings settings;
    settings.bucket = options.bucket;
    settings.provider = options.provider;
    settings.region = first_of({options.region, env("AWS_REGION"), env("AWS_DEFAULT_REGION"), profile.get("region")});
    const bool ignored = env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").value_or("") == "true";
    settings.endpoint_url = options.endpoint_url;
    if (settings.endpoint_url.empty() && !ignored) {
        settings.endpoint_url = first_of(
            {env("AWS_ENDPOINT_URL_S3"), env("AWS_ENDPOINT_URL"), profile.get("services.s3.endpoint_url"), profile.get("endpoint_url")});
    }
    settings.addressing = options.addressing;
    if (settings.addressing == S3Addressing::automatic) {
        const auto style = profile.get("s3.addressing_style").value_or("");
        if (style == "path") settings.addressing = S3Addressing::path;
        if (style == "virtual") settings.addressing = S3Addressing::virtual_host;
    }
    const bool own_endpoint = settings.endpoint_url.empty();
    settings.dualstack = options.dualstack || (own_endpoint && profile.get("use_dualstack_endpoint").value_or("") == "true");
    settings.fips = options.fips || (own_endpoint && profile.get("use_fips_endpoint").value_or("") == "true");
    settings.accelerate = options.accelerate;
    return settings;
}

}  // namespace

Result<std::shared_ptr<Bucket>> open_bucket(const S3Options& options) {
    SF_TRY(options.validate());
    SF_ASSIGN(const auto config, load_aws_config(options.environment));
    const auto name = options.profile.empty() ? default_profile_name(options.environment) : options.profile;
    SF_ASSIGN(auto endpoint, resolve_endpoint(settings_of(options, config.profile(name))));
    auto transport = options.transport;
    if (!transport) {
        SF_ASSIGN(transport, http::make_curl_transport(options.connection));
    }
    auto credentials = options.credentials;
    if (!credentials) {
        credentials = make_default_credentials({.profile = options.profile,
                                                .region = options.region,
                                                .environment = options.environment,
                                                .transport = transport,
                                                .clock = options.clock});
    }
    return std::make_shared<Bucket>(std::move(endpoint), options, std::move(credentials), std::move(transport));
}

}  // namespace s3

Result<void> S3Options::validate() const {
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
    if (!s3::is_bucket_name(bucket)) return s3::bad("bucket: not the name of a bucket").with("bucket", bucket);
    if (part_bytes < 5 * mebibyte || part_bytes > 5 * 1024 * mebibyte) return s3::bad("part_bytes must be from 5 MiB to 5 GiB");
    if (memory_bytes < part_bytes) return s3::bad("memory_bytes must be at least part_bytes");
    if (parallel_parts == 0 || parallel_parts > 64) return s3::bad("parallel_parts must be from 1 to 64");
    if (complete_stall.count() < 1 || complete_stall > std::chrono::hours(1)) return s3::bad("complete_stall must be from 1 s to 1 h");
    if (write.tags.size() > 10) return s3::bad("write.tags: at most 10");
    if (write.customer_key && write.customer_key->reveal().size() != 32) return s3::bad("write.customer_key must be 32 bytes");
    if (!environment || !clock || !random || !sleep) return s3::bad("environment, clock, random and sleep must be set");
    SF_TRY(connection.validate());
    return retry.validate();
}

Result<std::shared_ptr<ObjectStore>> open_s3(const S3Options& options) {
    SF_ASSIGN(auto bucket, s3::open_bucket(options));
    return s3::make_store(std::move(bucket));
}

}  // namespace streamforge::storage
