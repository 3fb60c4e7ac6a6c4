#include "storage/s3/s3_headers.hpp"

#include <algorithm>
#include <charconv>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>
#include <streamforge/http/url.hpp>

#include "storage/s3/http_time.hpp"
#include "storage/s3/s3_checksum.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::string_view metadata_prefix = "x-amz-meta-";

bool take_number(std::string_view& text, std::uint64_t& value) noexcept {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take(std::string_view& text, std::string_view expected) noexcept {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::string tagging(const std::map<std::string, std::string>& tags) {
    std::string text;
    for (const auto& [name, value] : tags) {
        if (!text.empty()) text += '&';
        http::percent_encode_to(text, name);
        text += '=';
        http::percent_encode_to(text, value);
    }
    return text;
}

}  // namespace

http::Headers object_headers(const PutOptions& options, const S3WriteDefaults& defaults) {
    http::Headers headers;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) headers.add(name, value);
    };
    add("content-type", options.content_type);
    add("cache-control", options.cache_control);
    for (const auto& [name, value] : options.metadata) headers.add(std::string(metadata_prefix) + name, value);
    add("x-amz-storage-class", defaults.storage_class);
    add("x-amz-acl", defaults.acl);
    add("x-amz-tagging", tagging(defaults.tags));
    add("x-amz-server-side-encryption", defaults.server_side_encryption);
    add("x-amz-server-side-encryption-aws-kms-key-id", defaults.kms_key_id);
    add_customer_key(headers, defaults);
    return headers;
}

void add_conditions(http::Headers& headers, const PutOptions& options) {
    if (options.if_none_match) headers.add("if-none-match", "*");
    if (!options.if_match.empty()) headers.add("if-match", options.if_match);
}

void add_customer_key(http::Headers& headers, const S3WriteDefaults& defaults) {
    if (!defaults.customer_key) return;
    const auto key = crypto::bytes_of(defaults.customer_key->reveal());
    headers.add("x-amz-server-side-encryption-customer-algorithm", "AES256");
    headers.add("x-amz-server-side-encryption-customer-key", crypto::base64_encode(key));
    headers.add("x-amz-server-side-encryption-customer-key-md5",
                crypto::base64_encode(crypto::hash(crypto::HashAlgorithm::md5, key).bytes()));
}

std::uint64_t content_length(const http::Headers& headers) {
    std::string_view text = headers.find("content-length").value_or("");
    std::uint64_t value = 0;
    (void)take_number(text, value);
    return value;
}

ObjectInfo info_of(const std::string& key, const http::Headers& headers) {
    ObjectInfo info;
    info.key = key;
    info.size_bytes = content_length(headers);
    info.etag = headers.get("etag");
    info.content_type = headers.get("content-type");
    info.cache_control = headers.get("cache-control");
    info.checksum = told_checksum(headers);
    info.last_modified = parse_http_date(headers.get("last-modified")).value_or(TimePoint{});
    for (const auto& [name, value] : headers.fields()) {
        const auto lower_name = lower(name);
        if (!lower_name.starts_with(metadata_prefix)) continue;
        auto plain = lower_name.substr(metadata_prefix.size());
        if (plain != write_mark) info.metadata[std::move(plain)] = value;
    }
    return info;
}

std::optional<ContentRange> parse_content_range(std::string_view text) noexcept {
    ContentRange range;
    const bool good = take(text, "bytes ") && take_number(text, range.first) && take(text, "-") && take_number(text, range.last) &&
                      take(text, "/") && take_number(text, range.size) && text.empty();
    if (!good || range.first > range.last || range.last >= range.size) return std::nullopt;
    return range;
}

}  // namespace streamforge::storage::s3
