#pragma once

#include <string>
#include <string_view>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/token_layout.hpp>

namespace streamforge::cdn::layout {

/// What a message is made from, on either side.
struct MessageInput {
    std::string_view path;
    std::string_view query;  ///< Without the token.
    std::string_view url_before_mac;
    std::string_view time;  ///< Ten digits, as the token shows them.
    std::string_view client_ip;
    std::string_view user_agent;
};

/// Appends the message. It holds the secret when the layout is a plain hash.
void append_message(std::string& out, const TokenLayout& layout, const MessageInput& input, const SymmetricKey& key);

/// The MAC or hash. Uses the end of `scratch`, which is as before afterwards; a secret that stood there is wiped.
[[nodiscard]] crypto::Digest compute_mac(std::string& scratch, const TokenLayout& layout, const MessageInput& input,
                                         const SymmetricKey& key);

/// Why nginx would not see the path that was signed; empty when it would. (It resolves escapes, then merges slashes.)
[[nodiscard]] std::string_view decoded_path_problem(std::string_view path);

}  // namespace streamforge::cdn::layout
