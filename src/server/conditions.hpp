#pragma once

#include <cstdint>
#include <string_view>

#include <streamforge/server/message.hpp>

#include "server/http_date.hpp"

namespace streamforge::server {

/// What a representation is compared by.
struct Validators {
    std::string_view etag;  ///< With quotes.
    HttpDate last_modified;
};

enum class Condition : std::uint8_t {
    proceed,
    not_modified,  ///< 304
    failed,        ///< 412
};

/// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since of a GET or HEAD, in the order that
/// RFC 9110 §13.2.2 prescribes. `now` decides the century of old date forms.
[[nodiscard]] Condition evaluate_conditions(const Headers& headers, const Validators& current, HttpDate now);

/// Whether a Range header is to be obeyed, by If-Range: absent, or the same version. *Source*: RFC 9110 §13.1.5.
[[nodiscard]] bool range_applies(const Headers& headers, const Validators& current, HttpDate now);

}  // namespace streamforge::server
