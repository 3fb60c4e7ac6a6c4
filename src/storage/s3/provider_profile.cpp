#include "storage/s3/provider_profile.hpp"

#include <algorithm>
#include <array>

namespace streamforge::storage::s3 {
namespace {

constexpr auto nvme = S3Checksum::crc64nvme;
constexpr auto none = S3Checksum::none;

// Columns: name, host suffix, region, virtual host, checksum, a guess, uniform parts, multi delete, conditional create, conditional
// replace, conditional copy, checksum mode, uploads by prefix, trailing checksum, post policy.
constexpr std::array<ProviderProfile, 12> profiles{{
    {"aws", ".amazonaws.com", "us-east-1", true, nvme, false, false, true, true, true, true, true, true, true, true},
    {"aws-cn", ".amazonaws.com.cn", "cn-north-1", true, nvme, false, false, true, true, true, true, true, true, true, true},
    {"r2", ".r2.cloudflarestorage.com", "auto", false, nvme, true, true, true, true, true, false, true, true, false, false},
    {"minio", "", "us-east-1", false, nvme, true, false, true, true, true, false, true, false, true, true},
    {"gcs", "storage.googleapis.com", "auto", false, none, false, false, false, false, false, false, false, true, false, false},
    {"b2", ".backblazeb2.com", "us-west-004", true, none, false, false, true, false, false, false, false, true, false, false},
    {"wasabi", ".wasabisys.com", "us-east-1", true, none, false, false, true, false, false, false, false, true, false, true},
    {"ceph", "", "us-east-1", false, none, false, false, true, false, false, false, false, true, false, true},
    {"seaweedfs", "", "us-east-1", false, none, false, false, true, false, false, false, false, true, false, true},
    {"swift", "", "us-east-1", false, none, false, false, true, false, false, false, false, true, false, false},
    {"versitygw", "", "us-east-1", false, nvme, false, false, true, true, false, false, true, true, true, true},
    {"unknown", "", "us-east-1", false, nvme, true, false, true, true, true, false, true, true, false, true},
}};

}  // namespace

bool is_provider_name(std::string_view name) noexcept {
    return std::any_of(profiles.begin(), profiles.end(), [&](const auto& row) { return row.name == name; });
}

const ProviderProfile& profile_by_name(std::string_view name) noexcept {
    const auto found = std::find_if(profiles.begin(), profiles.end(), [&](const auto& row) { return row.name == name; });
    return found == profiles.end() ? profiles.back() : *found;
}

const ProviderProfile& profile_by_host(std::string_view host) noexcept {
    const auto found = std::find_if(profiles.begin(), profiles.end(),
                                    [&](const auto& row) { return !row.host_suffix.empty() && host.ends_with(row.host_suffix); });
    return found == profiles.end() ? profiles.back() : *found;
}

}  // namespace streamforge::storage::s3
