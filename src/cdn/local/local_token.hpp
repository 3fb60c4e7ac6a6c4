#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <streamforge/cdn/ip_network.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/crypto/hmac.hpp>

namespace streamforge::cdn::local {

/// The fields of a token, without its MAC.
struct Fields {
    std::string_view key_id;
    TimePoint expires;
    std::optional<TimePoint> starts;
    std::optional<unsigned> depth;
    std::optional<IpNetwork> client;
    std::string session;
    std::string data;
};

/// A token split into what is authenticated and what authenticates.
struct Parsed {
    Fields fields;
    std::string_view signed_text;
    std::string_view mac;
};

/// Appends "1.KEY.…", without the MAC.
void append_fields(std::string& out, const Fields& fields);
/// Appends ".MAC" of the fields, which begin at `fields_begin` of `out`, and the path (or prefix, or path and query) that they
/// are for.
void append_mac(std::string& out, std::size_t fields_begin, const crypto::HmacKey& key, std::string_view covered);
/// Whether `mac` is the one. Constant time.
[[nodiscard]] bool mac_fits(const crypto::HmacKey& key, const Parsed& token, std::string_view covered);

/// The fields in their one spelling, or nothing.
[[nodiscard]] std::optional<Parsed> parse(std::string_view token);

/// The first `depth` folders of a path with the slash behind them; nothing when it has fewer.
[[nodiscard]] std::optional<std::string_view> folder_of(std::string_view path, unsigned depth);
/// How many folders a prefix "/a/b/" names.
[[nodiscard]] unsigned depth_of(std::string_view prefix_path);

}  // namespace streamforge::cdn::local
