#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::cdn {

/// A piece of what is signed, or of what a token shows.
enum class LayoutField : std::uint8_t {
    literal,            ///< Fixed text.
    secret,             ///< The key itself, in plain hashes (message only).
    path,               ///< "/vod/a.mp4", as it stands in the URL (message only).
    decoded_path,       ///< The path with its escapes resolved, as nginx's $uri (message only).
    folder,             ///< The path up to its last slash, without it (message only). The token then opens the whole folder.
    prefix,             ///< The first `prefix_bytes` of the path (message only). The token then opens all that begins so.
    path_and_query,     ///< The path and the query without the token (message only).
    path_and_question,  ///< As `path_and_query`, but with a '?' even when the query is empty (message only).
    url_before_mac,     ///< Path and query up to the parameter that holds the MAC (message only).
    expires,            ///< The end of validity, ten digits.
    issued,             ///< The end of validity less `lifetime`, ten digits; the edge adds the lifetime again.
    client_ip,          ///< The client's address (message only): the policy must name one.
    user_agent,         ///< The client's User-Agent (message only): the policy's `data`.
    mac,                ///< The MAC or hash (token only).
};

struct LayoutPart {
    LayoutField field = LayoutField::literal;
    std::string text;  ///< Of a literal.

    friend bool operator==(const LayoutPart&, const LayoutPart&) = default;
};

/// How the MAC is written.
enum class MacText : std::uint8_t {
    hex,        ///< Lower case.
    base64url,  ///< Without padding.
    base64url_padded,
    base64_percent,  ///< Standard base64, then percent-encoded for the query.
};

/// How the provider's console shows the key.
enum class KeyText : std::uint8_t { plain, hex, base64 };

struct LayoutParameter {
    std::string name;
    std::vector<LayoutPart> value;

    friend bool operator==(const LayoutParameter&, const LayoutParameter&) = default;
};

/// One definition of a token scheme: from it come the signer, the verifier and the edge's program.
struct TokenLayout {
    std::string provider;  ///< "fastly", "nginx", …
    bool keyed = true;     ///< HMAC; false: a plain hash over a message that holds the secret.
    crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;
    std::vector<LayoutPart> message;
    MacText mac_text = MacText::hex;
    KeyText key_text = KeyText::plain;
    /// The parameters of the token, in order. Empty when it lies in the path.
    std::vector<LayoutParameter> parameters;
    /// The token as the first component of the path. Empty when it lies in the query.
    std::vector<LayoutPart> path_component;
    bool token_is_last = false;        ///< The edge refuses parameters behind the token.
    std::size_t prefix_bytes = 0;      ///< Of `LayoutField::prefix`.
    std::chrono::seconds lifetime{0};  ///< Of `LayoutField::issued`, as the edge has it.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
    /// What a reviewer should know: a number behind free text, an old hash, a plain hash, a token without a client.
    [[nodiscard]] STREAMFORGE_EXPORT std::vector<std::string> weaknesses() const;
    /// The key from the text that the provider's console shows. *Errors*: as `SymmetricKey::from_text` and its kin.
    [[nodiscard]] STREAMFORGE_EXPORT Result<SymmetricKey> parse_key(std::string_view text) const;
};

/// *Errors*: `invalid_argument`: the layout, options, or keys that are not symmetric.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_layout_signer(TokenLayout layout, KeyRing keys,
                                                                                       const SignerOptions& options = {});
/// *Errors*: as `make_layout_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_layout_verifier(TokenLayout layout, KeyRing keys,
                                                                                           const VerifierOptions& options = {});

/// Fastly's documented layouts, all `token=EXPIRES_MAC` with an HMAC: what the customer's VCL or Compute program checks.
enum class FastlyLayout : std::uint8_t {
    path,                   ///< path ‖ expires, hexadecimal (token-functions).
    path_and_query,         ///< path and the other parameters ‖ expires, hexadecimal (the current guide).
    path_query_user_agent,  ///< path ‖ '?' ‖ query ‖ expires ‖ User-Agent, base64url (time-limited URL tokens).
};
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout fastly_layout(FastlyLayout layout = FastlyLayout::path_and_query,
                                                           crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256);

/// nginx's secure_link module: `md5=…&expires=…`, MD5 over "$secure_link_expires$uri[$remote_addr] SECRET".
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout nginx_layout(bool bind_client = false);
/// KeyCDN's secure token: `token=…&expire=…`, MD5 over path, secret, expiry.
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout keycdn_layout();
/// CDN77's secure token in the path: `/HASH,EXPIRES/…`, MD5 over expiry, folder, secret. Opens the files of one folder.
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout cdn77_layout();
/// Gcore's secure token: `md5=…&expires=…`, MD5 over expiry, path, client, space, secret.
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout gcore_layout(bool bind_client = false);
/// Cloudflare's timed HMAC for WAF rules (`is_timed_hmac_valid_v0`): `verify=ISSUED-MAC`, last in the query.
struct CloudflareWafOptions {
    /// The lifetime that the rule gives; a token's end is its time of issue plus this.
    std::chrono::seconds rule_lifetime = std::chrono::hours(3);
    /// Standard base64, percent-encoded, for rules without the flag "s".
    bool standard_base64 = false;
    std::string parameter = "verify";
    /// For a rule over a fixed number of bytes of the path: tokens then open every path that begins with them. 0: whole paths.
    std::size_t prefix_bytes = 0;
};
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout cloudflare_waf_layout(const CloudflareWafOptions& options = {});
/// Cloudflare Images: `exp=…&sig=…`, HMAC-SHA256 in hexadecimal over the path and the query before `sig`.
[[nodiscard]] STREAMFORGE_EXPORT TokenLayout cloudflare_images_layout();

}  // namespace streamforge::cdn
