#include "storage/s3/endpoint.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "storage/s3/sigv4.hpp"

namespace streamforge::storage::s3 {
namespace {

Error bad(std::string message) { return make_error(Errc::invalid_argument, "storage.open_s3", std::move(message)); }

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// Whether the name can stand before a host under one TLS certificate: no dots.
bool fits_host(std::string_view bucket, bool tls) {
    return std::all_of(bucket.begin(), bucket.end(), [&](char c) { return is_lower_or_digit(c) || c == '-' || (c == '.' && !tls); });
}

bool is_region(std::string_view region) {
    return !region.empty() && region.size() <= 64 && std::all_of(region.begin(), region.end(), [](char c) {
        return is_lower_or_digit(c) || c == '-' || c == '_' || (c >= 'A' && c <= 'Z');
    });
}

bool is_address(std::string_view host) {
    return host.starts_with('[') || host == "localhost" ||
           std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::string aws_host(const EndpointSettings& settings, std::string_view region) {
    const std::string suffix = region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    if (settings.accelerate) return std::string(settings.dualstack ? "s3-accelerate.dualstack" : "s3-accelerate") + suffix;
    std::string host = settings.fips ? "s3-fips." : "s3.";
    if (settings.dualstack) host += "dualstack.";
    return host + std::string(region) + suffix;
}

Result<http::Url> base_url(const EndpointSettings& settings, std::string_view region) {
    if (settings.endpoint_url.empty()) return http::Url{.scheme = "https", .host = aws_host(settings, region), .path = ""};
    auto url = http::parse_url(settings.endpoint_url);
    if (!url) return bad("the endpoint is no URL: " + url.error().message).with("endpoint", settings.endpoint_url);
    if (!url->query.empty()) return bad("the endpoint must have no query");
    while (url->path.ends_with('/')) url->path.pop_back();
    return url;
}

}  // namespace

bool is_bucket_name(std::string_view name) noexcept {
    return name.size() >= 3 && name.size() <= 63 &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_'; }) &&
           name != "..." && name.find("..") == std::string_view::npos;
}

std::string Endpoint::path_of(std::string_view key) const {
    std::string path = base.path;
    if (key.empty()) return path.empty() ? "/" : path;
    path += '/';
    return path += encode_key(key);
}

Result<Endpoint> resolve_endpoint(const EndpointSettings& settings) {
    if (!is_bucket_name(settings.bucket)) return bad("bucket: not the name of a bucket").with("bucket", settings.bucket);
    if (!settings.provider.empty() && !is_provider_name(settings.provider)) {
        return bad("provider: not in the table").with("provider", settings.provider);
    }
    const bool aws = settings.endpoint_url.empty();
    if (!aws && (settings.dualstack || settings.accelerate || settings.fips)) {
        return bad("dualstack, accelerate and fips belong to AWS's own endpoints");
    }
    Endpoint endpoint;
    const auto wanted_region = settings.region.empty() ? "us-east-1" : settings.region;
    if (!is_region(wanted_region)) return bad("region: not a region").with("region", settings.region);
    SF_ASSIGN(endpoint.base, base_url(settings, wanted_region));
    endpoint.profile = settings.provider.empty() ? &profile_by_host(endpoint.base.host) : &profile_by_name(settings.provider);
    endpoint.region = settings.region.empty() ? std::string(endpoint.profile->usual_region) : settings.region;

    const bool fits = fits_host(settings.bucket, endpoint.base.is_tls()) && !is_address(endpoint.base.host);
    bool in_host = endpoint.profile->virtual_host && fits;
    if (settings.addressing != S3Addressing::automatic) in_host = settings.addressing == S3Addressing::virtual_host;
    if (settings.accelerate && !in_host) return bad("accelerate needs a bucket whose name fits into a host's");
    if (in_host) {
        if (!fits) return bad("addressing: this bucket and endpoint can only be addressed by path").with("bucket", settings.bucket);
        endpoint.base.host = settings.bucket + "." + endpoint.base.host;
    } else {
        endpoint.base.path += "/" + settings.bucket;
    }
    return endpoint;
}

}  // namespace streamforge::storage::s3
