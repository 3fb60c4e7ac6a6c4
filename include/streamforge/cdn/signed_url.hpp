#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// A URL that opens what it names to whoever holds it. Printing it shows the URL without its token.
class STREAMFORGE_EXPORT SignedUrl {
public:
    /// `token_begin` and `token_size` say which bytes to hide.
    SignedUrl(std::string url, std::size_t token_begin, std::size_t token_size);

    /// The URL itself. Do not log it.
    [[nodiscard]] const std::string& reveal() const& noexcept { return url_; }
    [[nodiscard]] std::string reveal() && noexcept { return std::move(url_); }
    /// "https://cdn.example.com/a.mp4?[token]".
    [[nodiscard]] std::string redacted() const;

private:
    std::string url_;
    std::size_t token_begin_;
    std::size_t token_size_;
};

template <class Stream>
Stream& operator<<(Stream& stream, const SignedUrl& url) {
    stream << url.redacted();
    return stream;
}

/// A name and a value of a query or cookie, as they stand on the wire.
struct TokenParameter {
    std::string name;
    std::string value;

    friend bool operator==(const TokenParameter&, const TokenParameter&) = default;
};

enum class SameSite : std::uint8_t { strict, lax, none };

/// Where a browser sends the cookies back. *Source*: RFC 6265.
struct CookieAttributes {
    std::string domain;                  ///< "example.com"; empty: only the host that sets them.
    std::string path;                    ///< Begins with '/'. Empty: the path of the grant, or "/".
    SameSite same_site = SameSite::lax;  ///< `none` when the player's page is on another site.
    bool http_only = true;
    bool secure = true;        ///< Must stay true with `SameSite::none`.
    bool partitioned = false;  ///< Keeps working where third-party cookies are blocked (CHIPS); needs `secure`.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// The cookies of one grant. Printing it shows names only.
class STREAMFORGE_EXPORT CookieSet {
public:
    CookieSet(std::vector<TokenParameter> cookies, CookieAttributes attributes)
        : cookies_(std::move(cookies)), attributes_(std::move(attributes)) {}

    [[nodiscard]] const std::vector<TokenParameter>& reveal() const noexcept { return cookies_; }
    [[nodiscard]] const CookieAttributes& attributes() const noexcept { return attributes_; }
    /// One value of a Set-Cookie header per cookie; without Expires, since the token ends by itself.
    [[nodiscard]] std::vector<std::string> set_cookie_headers() const;
    /// The value of the Cookie header that a client sends back: "a=1; b=2".
    [[nodiscard]] std::string cookie_header() const;
    /// "CloudFront-Policy=[token]; …".
    [[nodiscard]] std::string redacted() const;

private:
    std::vector<TokenParameter> cookies_;
    CookieAttributes attributes_;
};

template <class Stream>
Stream& operator<<(Stream& stream, const CookieSet& cookies) {
    stream << cookies.redacted();
    return stream;
}

}  // namespace streamforge::cdn
