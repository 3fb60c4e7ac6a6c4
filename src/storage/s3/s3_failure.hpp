#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/error.hpp>
#include <streamforge/http/retry.hpp>
#include <streamforge/http/transport.hpp>

#include "storage/s3/s3_xml.hpp"

namespace streamforge::storage::s3 {

/// What has to change before another attempt makes sense.
enum class Remedy : std::uint8_t { none, correct_clock, renew_credentials, change_region, drop_checksum };

/// One failed attempt: what to tell the caller, and what to do about it.
struct Failure {
    Error error{};
    http::RetryKind kind = http::RetryKind::none;
    std::optional<std::chrono::milliseconds> asked{};
    Remedy remedy = Remedy::none;
    std::string region{};
    std::optional<std::chrono::system_clock::time_point> server_time{};
    bool may_have_been_done = false;  ///< The store may have acted on the request, though no answer says so.
};

/// An exchange that broke.
[[nodiscard]] Failure failure_of_exchange(Error error, const char* operation);
/// An answer that is no success: by its status, or a 200 that holds an <Error>. The body may be empty.
[[nodiscard]] Failure failure_of_answer(int status, const http::Headers& headers, ByteView body, const char* operation);
/// The error that a code in a DeleteObjects answer stands for.
[[nodiscard]] Error error_of_code(const ErrorDocument& document, const char* operation);

}  // namespace streamforge::storage::s3
