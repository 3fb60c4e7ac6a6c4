#pragma once

#include <curl/curl.h>

#include <streamforge/core/error.hpp>

namespace streamforge::http {

/// The library's error for a failed transfer, with `Retry::later` where another attempt may succeed.
[[nodiscard]] Error error_from_curl(CURLcode code);

}  // namespace streamforge::http
