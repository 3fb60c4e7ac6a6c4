#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/signed_url.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

enum class TokenPlacement : std::uint8_t { query, path };

/// Where the token lies in what was appended.
struct TokenSpan {
    std::size_t begin = 0;  ///< From the start of the whole string.
    std::size_t size = 0;
};

/// What a provider makes for a prefix or pattern.
struct GrantToken {
    /// Query placement: the parameters, in order, as they stand on the wire.
    std::vector<TokenParameter> parameters;
    /// Path placement: the component, without slashes, e.g. "bcdn_token=…&expires=…".
    std::string component;
    /// Path placement: how much of the path comes before the component, e.g. 0, or the prefix's length less its slash.
    std::size_t component_at = 0;
    /// Path placement: how many bytes of the path the component stands for (Cloudflare Stream replaces the video's id).
    std::size_t component_replaces = 0;
};

/// One signature, good for every URL within a prefix or pattern until it expires. Printing it shows the resource only.
///
/// *Thread safety*: all calls. *Cost*: a copy shares the token.
class STREAMFORGE_EXPORT PrefixGrant {
public:
    /// The prefix, or the pattern.
    [[nodiscard]] const std::string& resource() const noexcept;
    [[nodiscard]] Scope scope() const noexcept;
    [[nodiscard]] TokenPlacement placement() const noexcept;
    [[nodiscard]] TimePoint expires_at() const noexcept;
    /// Query placement: what to put on each URL, for players that do it themselves.
    [[nodiscard]] const std::vector<TokenParameter>& parameters() const noexcept;
    /// The parameters as "Policy=…&Signature=…".
    [[nodiscard]] const std::string& query() const noexcept;
    /// The path component. Empty with query placement.
    [[nodiscard]] const std::string& path_component() const noexcept;

    /// Appends `url` with the token. *Errors*: `invalid_argument` when the URL is outside of the resource or is refused as by
    /// `parse_url`. *Cost*: no allocation when `out` has the room; see `overhead_bytes`.
    [[nodiscard]] Result<void> append_url(std::string& out, std::string_view url) const;
    [[nodiscard]] Result<SignedUrl> url(std::string_view url) const;
    /// Upper bound of what `append_url` adds to a URL's length.
    [[nodiscard]] std::size_t overhead_bytes() const noexcept;

    struct State;
    explicit PrefixGrant(std::shared_ptr<const State> state) : state_(std::move(state)) {}

private:
    friend class UrlSigner;
    [[nodiscard]] Result<TokenSpan> append(std::string& out, std::string_view url) const;
    std::shared_ptr<const State> state_;
};

template <class Stream>
Stream& operator<<(Stream& stream, const PrefixGrant& grant) {
    stream << grant.resource() << " [token]";
    return stream;
}

}  // namespace streamforge::cdn
