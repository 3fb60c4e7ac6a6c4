#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <streamforge/cdn/akamai.hpp>

namespace streamforge::cdn::akamai {

/// The fields of a token as it shows them, i.e. after escaping.
struct Fields {
    std::string ip;
    std::optional<TimePoint> starts;
    TimePoint expires;
    std::string acl;
    std::string id;
    std::string data;
};

/// As the provider's generator escapes early: everything but [A-Za-z0-9._!()-], in lower-case hexadecimal.
[[nodiscard]] std::string escape_early(std::string_view text);
/// The text of which this is the escaped form; nothing when it is not one.
[[nodiscard]] std::optional<std::string> unescape_early(std::string_view text);

/// Appends "ip=…~st=…~exp=…~acl=…~id=…~data=…".
void append_fields(std::string& out, const Fields& fields);
/// Appends "~hmac=…" for the fields that begin at `fields_begin`. `url` is empty for tokens with an access list.
void append_mac(std::string& out, std::size_t fields_begin, const crypto::HmacKey& key, std::string_view url, std::string_view salt);

struct Parsed {
    Fields fields;
    std::string_view signed_text;
    std::string_view mac;
};
/// Nothing unless each field is there at most once, in order, and nothing else is.
[[nodiscard]] std::optional<Parsed> parse(std::string_view token);

}  // namespace streamforge::cdn::akamai
