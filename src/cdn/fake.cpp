#include <streamforge/cdn/fake.hpp>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

#include "cdn/decimal.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr std::string_view name = "fake_token";
constexpr std::size_t checksum_digits = 16;

Capabilities make_capabilities() {
    Capabilities can;
    can.provider = "fake";
    can.prefix = can.cookies = can.path_token = can.start_time = true;
    can.covers_query = true;
    can.append_query_prefix = true;
    can.query_values_clean = can.query_values_plain = true;
    can.reserved_parameters = {std::string(name)};
    return can;
}

/// A key that nobody uses: rings are never empty.
KeyRing no_keys() { return KeyRing::single("", SymmetricKey::from_text("fake").value()); }

std::string checksum_of(std::string_view text) { return crypto::sha256_hex(text).substr(0, checksum_digits); }

/// "e.EXPIRES.STARTS.HEX.CHECKSUM" for one path and query, "p.…" for a folder; STARTS is empty when there is no start.
std::string token_for(const SignRequest& request) {
    std::string text = request.policy->scope == Scope::exact ? "e." : "p.";
    append_epoch(text, request.expires);
    text.push_back('.');
    if (request.starts) append_epoch(text, *request.starts);
    text.push_back('.');
    const std::string_view covered = request.policy->scope == Scope::exact ? request.url->path_and_query() : request.prefix_path;
    crypto::hex_append(text, crypto::bytes_of(covered));
    return text + "." + checksum_of(text);
}

class FakeSigner final : public UrlSigner {
public:
    explicit FakeSigner(SignerOptions options) : UrlSigner(make_capabilities(), no_keys(), std::move(options)) {}

private:
    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const override {
        out.append(request.url->text).push_back(request.url->has_query() ? '&' : '?');
        const std::size_t begin = out.size();
        out.append(name).append("=").append(token_for(request));
        return TokenSpan{begin, out.size() - begin};
    }
    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement placement) const override {
        GrantToken grant;
        if (placement == TokenPlacement::query) {
            grant.parameters.push_back({std::string(name), token_for(request)});
        } else {
            grant.component.append(name).append("=").append(token_for(request));
        }
        return grant;
    }
    Result<std::vector<TokenParameter>> do_cookies(const SignRequest& request) const override {
        return std::vector<TokenParameter>{{std::string(name), token_for(request)}};
    }
};

std::string_view take_field(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

class FakeVerifier final : public UrlVerifier {
public:
    explicit FakeVerifier(VerifierOptions options) : UrlVerifier(make_capabilities(), no_keys(), std::move(options)) {}

private:
    Result<VerifiedGrant> do_verify(const Context& context) const override {
        const UrlParts& url = context.url;
        VerifiedGrant grant;
        std::string_view path = url.path;
        std::string_view token;
        SF_ASSIGN(const auto parameter, single_parameter(url.query, name));
        const std::string component = "/" + std::string(name) + "=";
        if (parameter) {
            token = *parameter;
        } else if (const std::size_t end = path.find('/', 1); path.starts_with(component) && end != std::string_view::npos) {
            token = path.substr(component.size(), end - component.size());
            path.remove_prefix(end);
        } else {
            SF_ASSIGN(const auto cookie, single_cookie(context.request->cookies, name));
            if (!cookie) return make_denial(Denial::missing_token, "the request has no token");
            token = *cookie;
        }
        const std::string_view names[] = {name};
        grant.url = without_parameters(url, names);
        if (path.size() < url.path.size()) grant.url.erase(url.origin.size(), url.path.size() - path.size());
        SF_TRY(read_token(token, path, grant.url.substr(url.origin.size()), parameter.has_value(), grant.policy));
        return grant;
    }

    [[nodiscard]] static Result<void> read_token(std::string_view token, std::string_view path, const std::string& path_and_query,
                                                 bool in_query, SignPolicy& policy) {
        const std::size_t dot = token.rfind('.');
        if (dot == std::string_view::npos) return make_denial(Denial::malformed_token, "the token has no checksum");
        if (checksum_of(token.substr(0, dot)) != token.substr(dot + 1))
            return make_denial(Denial::wrong_signature, "the checksum is another");
        std::string_view rest = token.substr(0, dot);
        const std::string_view kind = take_field(rest);
        policy.expires_at = parse_epoch(take_field(rest));
        const std::string_view starts = take_field(rest);
        if (!starts.empty()) policy.starts_at = parse_epoch(starts);
        const auto covered = crypto::hex_decode(rest);
        if (!policy.expires_at || !covered || (kind != "e" && kind != "p"))
            return make_denial(Denial::malformed_token, "the token cannot be read");
        const std::string text(covered->begin(), covered->end());
        if (kind == "e") {
            if (!in_query || text != path_and_query) return make_denial(Denial::wrong_scope, "the token is for another URL");
            return {};
        }
        if (!path.starts_with(text) || has_encoded_slash(path))
            return make_denial(Denial::wrong_scope, "the path is outside of the token's folder");
        policy.scope = Scope::prefix;
        policy.resource = text;
        return {};
    }
};

}  // namespace

Result<std::unique_ptr<UrlSigner>> make_fake_signer(const SignerOptions& options) {
    SF_TRY(options.validate());
    return std::unique_ptr<UrlSigner>(std::make_unique<FakeSigner>(options));
}

Result<std::unique_ptr<UrlVerifier>> make_fake_verifier(const VerifierOptions& options) {
    SF_TRY(options.validate());
    return std::unique_ptr<UrlVerifier>(std::make_unique<FakeVerifier>(options));
}

}  // namespace streamforge::cdn
