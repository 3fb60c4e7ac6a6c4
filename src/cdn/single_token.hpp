#pragma once

#include <string>
#include <utility>
#include <vector>

#include <streamforge/cdn/url_signer.hpp>

#include "core/try.hpp"

namespace streamforge::cdn {

/// For schemes whose whole proof is one opaque token, the value of one parameter or of one cookie.
class SingleTokenSigner : public UrlSigner {
protected:
    /// The URL may hold no other parameter called `parameter`.
    SingleTokenSigner(Capabilities can, KeyRing keys, SignerOptions options, std::string parameter, std::string cookie)
        : UrlSigner(std::move(can), std::move(keys), std::move(options)), parameter_(std::move(parameter)), cookie_(std::move(cookie)) {}

private:
    /// Appends the token for `request` as it stands behind the name and '='.
    [[nodiscard]] virtual Result<void> append_token(std::string& out, const SignRequest& request) const = 0;

    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const final {
        out.append(request.url->text).push_back(request.url->has_query() ? '&' : '?');
        const std::size_t begin = out.size();
        out.append(parameter_).push_back('=');
        SF_TRY(append_token(out, request));
        return TokenSpan{begin, out.size() - begin};
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement) const final {
        GrantToken grant;
        grant.parameters.push_back({parameter_, {}});
        SF_TRY(append_token(grant.parameters.back().value, request));
        return grant;
    }

    Result<std::vector<TokenParameter>> do_cookies(const SignRequest& request) const final {
        std::vector<TokenParameter> cookies{{cookie_, {}}};
        SF_TRY(append_token(cookies.back().value, request));
        return cookies;
    }

    std::string parameter_;
    std::string cookie_;
};

}  // namespace streamforge::cdn
