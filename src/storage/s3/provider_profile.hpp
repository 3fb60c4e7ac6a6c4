#pragma once

#include <cstdint>
#include <string_view>

#include <streamforge/storage/s3_store.hpp>

namespace streamforge::storage::s3 {

/// What is different at one provider. Code asks the row, never the name.
struct ProviderProfile {
    std::string_view name;
    std::string_view host_suffix;  ///< Endpoint hosts that are this provider's; empty: only by name.
    std::string_view usual_region;
    bool virtual_host;         ///< The usual addressing; a path where false, or where the bucket's name does not fit.
    S3Checksum checksum;       ///< Never `automatic`.
    bool checksum_is_a_guess;  ///< Do without from the first refusal on.
    bool uniform_parts;
    bool multi_delete;         ///< POST ?delete.
    bool conditional_create;   ///< If-None-Match on a put and on the completion of an upload.
    bool conditional_replace;  ///< If-Match on a put, atomic: of two writers one fails.
    bool conditional_copy;     ///< On CopyObject; else a conditional copy goes by an upload in parts.
    bool checksum_mode;        ///< x-amz-checksum-mode on reads.
    bool uploads_by_prefix;    ///< Lists unfinished uploads under a prefix; else all, or those of one key.
    bool trailing_checksum;    ///< aws-chunked bodies with the checksum at their end; some keep the framing as the object's bytes.
    bool post_policy;          ///< Forms that browsers post.
};

/// The row called `name`; the cautious row for unknown stores when there is none. *Errors*: none.
[[nodiscard]] const ProviderProfile& profile_by_name(std::string_view name) noexcept;
/// Whether there is a row of that name.
[[nodiscard]] bool is_provider_name(std::string_view name) noexcept;
[[nodiscard]] const ProviderProfile& profile_by_host(std::string_view host) noexcept;

}  // namespace streamforge::storage::s3
