#include <streamforge/storage/open.hpp>

#include <algorithm>
#include <filesystem>

#include <streamforge/storage/key.hpp>
#include <streamforge/storage/memory_store.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

namespace fs = std::filesystem;
constexpr auto operation = "storage.open";

Error bad_url(std::string_view message, std::string_view url) {
    return make_error(Errc::invalid_argument, operation, std::string(message)).with("url", std::string(url));
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/// RFC 3986 §2.1. *Errors*: `invalid_argument` for a broken escape or an escaped NUL.
Result<std::string> decode_percent(std::string_view text, std::string_view url) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) return bad_url("the URL holds a broken escape", url);
        decoded += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return decoded;
}

/// RFC 8089: an empty or "localhost" authority, then an absolute path.
Result<std::string> path_of_file_url(std::string_view url) {
    auto rest = url.substr(std::string_view("file:").size());
    if (rest.starts_with("//")) {
        rest.remove_prefix(2);
        if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
    }
    if (!rest.starts_with('/')) return bad_url("a file URL needs an absolute path on this machine", url);
    return decode_percent(rest, url);
}

/// "s3" of "s3://bucket"; empty for a path. One letter is no scheme, so that "c:/x" stays a path.
std::string_view scheme_of(std::string_view url) {
    const auto colon = url.find(':');
    if (colon == std::string_view::npos || colon < 2) return {};
    for (const char c : url.substr(0, colon)) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '+' && c != '-') return {};
    }
    return url.substr(0, colon);
}

Result<Location> open_folder(const fs::path& path, const LocalOptions& options) {
    std::error_code error;
    // The real place: a link as the last name would otherwise be swapped instead of the folder that it leads to.
    auto real = fs::weakly_canonical(fs::absolute(path, error), error);
    if (error) return error_from_errno(error.value(), operation, "cannot find the folder").with("path", path.string());
    if (!real.has_filename()) real = real.parent_path();  // "a/b/" names the same as "a/b"
    const auto status = fs::status(real, error);
    if (fs::exists(status) && !fs::is_directory(status)) {
        return make_error(Errc::not_a_file, operation, "the path is a file, a folder is needed").with("path", path.string());
    }
    auto name = real.filename().string();
    if (name.empty()) {
        SF_ASSIGN(auto store, open_local(real, options));
        return Location{std::move(store), {}};
    }
    SF_TRY(validate_key(name));
    SF_ASSIGN(auto store, open_local(real.parent_path(), options));
    return Location{std::move(store), name + '/'};
}

Location open_memory(std::string_view prefix) {
    Location location{make_memory_store(), std::string(prefix)};
    if (!location.prefix.empty() && !location.prefix.ends_with('/')) location.prefix += '/';
    return location;
}

/// The prefix is a key's text as it stands there: nothing is escaped in it.
Result<Location> open_bucket(std::string_view url, const S3Options& options) {
    auto rest = url.substr(std::string_view("s3:").size());
    if (!rest.starts_with("//")) return bad_url("an s3 URL is s3://bucket/prefix", url);
    rest.remove_prefix(2);
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto prefix = rest.substr(std::min(slash + 1, rest.size()));
    SF_TRY(validate_prefix(prefix));
    S3Options with_bucket = options;
    with_bucket.bucket = rest.substr(0, slash);
    SF_ASSIGN(auto store, open_s3(with_bucket));
    Location location{std::move(store), std::string(prefix)};
    if (!location.prefix.empty() && !location.prefix.ends_with('/')) location.prefix += '/';
    return location;
}

}  // namespace

Result<Location> open(std::string_view url, const OpenOptions& options) {
    if (url.empty()) return bad_url("the URL is empty", url);
    const auto scheme = scheme_of(url);
    if (scheme.empty()) return open_folder(fs::path(url), options.local);
    if (scheme == "file") {
        SF_ASSIGN(const auto path, path_of_file_url(url));
        return open_folder(path, options.local);
    }
    if (scheme == "mem") {
        const auto prefix = url.substr(scheme.size() + 1);
        SF_TRY(validate_prefix(prefix));
        return open_memory(prefix);
    }
    if (scheme == "s3") return open_bucket(url, options.s3);
    return make_error(Errc::unsupported, operation, "there is no store for this kind of URL").with("scheme", std::string(scheme));
}

Result<Location> open(std::string_view url) { return open(url, OpenOptions{}); }

}  // namespace streamforge::storage
