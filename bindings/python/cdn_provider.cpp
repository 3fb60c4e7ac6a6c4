#include "cdn_provider.hpp"

#include <pybind11/stl.h>

namespace streamforge::python {
namespace {

using namespace cdn;

SignFacts facts_of(const SignRequest& request) {
    return {request.url != nullptr ? std::string(request.url->text) : std::string(),
            *request.policy,
            *request.key,
            request.now,
            request.expires,
            request.starts,
            std::string(request.prefix_origin),
            std::string(request.prefix_path)};
}

bool defines(const UrlSigner* self, const char* name) {
    py::gil_scoped_acquire gil;
    return static_cast<bool>(py::get_override(self, name));
}

}  // namespace

Result<void> PythonSigner::do_check(const SignRequest& request) const {
    if (!interpreter_alive() || !defines(this, "do_check")) return {};
    return from_override<void, UrlSigner>(this, "do_check", "python.signer.check", *request.policy);
}

Result<TokenSpan> PythonSigner::do_sign(const SignRequest& request, std::string& out) const {
    const auto answer = from_override<std::pair<std::string, std::string>, UrlSigner>(this, "do_sign", "python.signer.sign", facts_of(request));
    if (!answer) return answer.error();
    const auto& [url, token] = *answer;
    const auto found = token.empty() ? std::string::npos : url.rfind(token);
    if (found == std::string::npos) {
        return make_error(Errc::internal, "python.signer.sign", "do_sign must return the URL and the token that stands in it");
    }
    const TokenSpan span{out.size() + found, token.size()};
    out += url;
    return span;
}

Result<GrantToken> PythonSigner::do_grant(const SignRequest& request, TokenPlacement placement) const {
    return from_override<GrantToken, UrlSigner>(this, "do_grant", "python.signer.grant", facts_of(request), placement);
}

Result<std::vector<TokenParameter>> PythonSigner::do_cookies(const SignRequest& request) const {
    return from_override<std::vector<TokenParameter>, UrlSigner>(this, "do_cookies", "python.signer.cookies", facts_of(request));
}

Result<VerifiedGrant> PythonVerifier::do_verify(const Context& context) const {
    const auto& asked = *context.request;
    const EdgeRequest request{std::string(asked.url),    std::string(asked.client_ip), std::string(asked.cookies), std::string(asked.user_agent),
                              std::string(asked.method), asked.headers,                std::string(asked.country), context.now};
    return from_override<VerifiedGrant, UrlVerifier>(this, "do_verify", "python.verifier.verify", request, context.keys->entries());
}

}  // namespace streamforge::python
