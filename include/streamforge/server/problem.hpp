#pragma once

#include <string_view>

#include <streamforge/core/error.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/server/message.hpp>

namespace streamforge::server {

/// The HTTP status that stands for `code`.
[[nodiscard]] STREAMFORGE_EXPORT int status_of(Errc code) noexcept;

/// An `application/problem+json` answer: type "urn:streamforge:problem:<name>", title, status and detail.
/// *Source*: RFC 9457.
[[nodiscard]] STREAMFORGE_EXPORT Response make_problem(int status, std::string_view name, std::string_view detail);

/// The problem that stands for `error`. Its context and the remote's text stay on the server; the detail of what is no fault of
/// the client's (5xx) as well.
[[nodiscard]] STREAMFORGE_EXPORT Response make_problem(const Error& error);

}  // namespace streamforge::server
