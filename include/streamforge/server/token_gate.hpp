#pragma once

#include <memory>

#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/server/message.hpp>

namespace streamforge::server {

/// `media` behind tokens: what `verifier` refuses is answered 403 with the condition that failed as the problem's name, never
/// cached. Good requests reach `media` without their token, wherever it stood: query, path, cookie or header.
///
/// Put it inside of `with_cors`, so that pages of other origins see why they were refused, and preflights pass.
/// *Source*: RFC 9457 for the answers.
[[nodiscard]] STREAMFORGE_EXPORT Handler with_token_gate(Handler media, std::shared_ptr<const cdn::UrlVerifier> verifier);

}  // namespace streamforge::server
