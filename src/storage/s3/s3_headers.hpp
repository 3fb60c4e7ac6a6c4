#pragma once

#include <string>
#include <string_view>

#include <streamforge/http/headers.hpp>
#include <streamforge/storage/object_store.hpp>
#include <streamforge/storage/s3_store.hpp>

namespace streamforge::storage::s3 {

/// Metadata name that marks one conditional write, so that a lost answer to it can be told from another's success. Not shown.
inline constexpr std::string_view write_mark = "streamforge-write";

/// Content type, cache control, metadata and what the store writes with every object.
[[nodiscard]] http::Headers object_headers(const PutOptions& options, const S3WriteDefaults& defaults);
void add_conditions(http::Headers& headers, const PutOptions& options);
/// SSE-C, which parts and reads repeat.
void add_customer_key(http::Headers& headers, const S3WriteDefaults& defaults);

/// What the headers of a HEAD or GET say. The size is Content-Length's.
[[nodiscard]] ObjectInfo info_of(const std::string& key, const http::Headers& headers);
[[nodiscard]] std::uint64_t content_length(const http::Headers& headers);

/// "bytes 0-9/100": first byte, last byte, size. Nothing when it is not so.
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t size = 0;
};
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text) noexcept;

}  // namespace streamforge::storage::s3
