#include "cdn_enums.hpp"
#include "cdn_provider.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/cdn/grant_cache.hpp>
#include <streamforge/cdn/provider.hpp>

namespace streamforge::python {

void bind_cdn_records(py::module_& module);
void bind_cdn_keys(py::module_& module);
void bind_cdn_providers(py::module_& module);
void bind_cdn_streams(py::module_& module);
void bind_cdn_purging(py::module_& module);

namespace {

using namespace cdn;

void bind_signed_things(py::module_& module) {
    py::class_<SignedUrl>(module, "SignedUrl", "A URL that opens what it names to whoever holds it. Printing it hides the token.")
        .def("reveal", [](const SignedUrl& url) { return url.reveal(); }, "The URL itself. Do not log it.")
        .def("redacted", &SignedUrl::redacted, "\"https://cdn.example.com/a.mp4?[token]\".")
        .def("__str__", &SignedUrl::redacted)
        .def("__repr__", [](const SignedUrl& url) { return "SignedUrl('" + url.redacted() + "')"; })
        .def("__eq__", [](const SignedUrl& a, const SignedUrl& b) { return a.reveal() == b.reveal(); }, py::is_operator());
    py::class_<CookieSet>(module, "CookieSet", "The cookies of one grant. Printing it shows names only.")
        .def("reveal",
             [](const CookieSet& cookies) {
                 py::dict values;
                 for (const auto& cookie : cookies.reveal()) values[py::str(cookie.name)] = cookie.value;
                 return values;
             },
             "Names and values. Do not log them.")
        .def_property_readonly("attributes", [](const CookieSet& cookies) { return cookies.attributes(); })
        .def("set_cookie_headers", &CookieSet::set_cookie_headers, "One value of a Set-Cookie header per cookie.")
        .def("cookie_header", &CookieSet::cookie_header, "What a client sends back.")
        .def("redacted", &CookieSet::redacted)
        .def("__str__", &CookieSet::redacted)
        .def("__repr__", [](const CookieSet& cookies) { return "CookieSet('" + cookies.redacted() + "')"; });
    py::class_<PrefixGrant>(module, "PrefixGrant", "One signature, good for every URL within a prefix or pattern until it expires.")
        .def_property_readonly("resource", &PrefixGrant::resource)
        .def_property_readonly("scope", &PrefixGrant::scope)
        .def_property_readonly("placement", &PrefixGrant::placement)
        .def_property_readonly("expires_at", &PrefixGrant::expires_at)
        .def("parameters", &PrefixGrant::parameters, "What to put on each URL. Do not log it.")
        .def("query", &PrefixGrant::query, "The parameters as text. Do not log it.")
        .def("path_component", &PrefixGrant::path_component)
        .def("url", [](const PrefixGrant& grant, std::string_view url) { return unwrap(grant.url(url)); }, py::arg("url"), "`url` with the token.")
        .def("overhead_bytes", &PrefixGrant::overhead_bytes)
        .def("__repr__", [](const PrefixGrant& grant) { return "<PrefixGrant " + grant.resource() + " [token]>"; });
}

Result<std::vector<SignedUrl>> sign_all(const UrlSigner& signer, const std::vector<std::string>& urls, const SignPolicy& policy) {
    const std::vector<std::string_view> views(urls.begin(), urls.end());
    return signer.sign_batch(views, policy);
}

void bind_signer(py::module_& module) {
    py::class_<UrlSigner, PythonSigner, std::shared_ptr<UrlSigner>>(
        module, "UrlSigner", "Signs URLs for one provider. Subclasses define do_sign, and where they can do_check, do_grant and do_cookies.")
        .def(py::init_alias<Capabilities, KeyRing, SignerOptions>(), py::arg("capabilities"), py::arg("keys"),
             py::arg("options") = SignerOptions{})
        .def_property_readonly("capabilities", [](const UrlSigner& signer) { return signer.capabilities(); })
        .def("sign",
             [](const UrlSigner& signer, std::string_view url, const SignPolicy* policy, const py::kwargs& fields) {
                 const auto wanted = with_fields(policy, fields);
                 py::gil_scoped_release release;
                 return unwrap(signer.sign(url, wanted));
             },
             py::arg("url"), py::arg("policy") = nullptr, "`url`, signed. With a prefix or pattern it must lie within it.\n\n:fields: SignPolicy")
        .def("sign_batch",
             [](const UrlSigner& signer, const std::vector<std::string>& urls, const SignPolicy* policy, const py::kwargs& fields) {
                 const auto wanted = with_fields(policy, fields);
                 py::gil_scoped_release release;
                 return unwrap(sign_all(signer, urls, wanted));
             },
             py::arg("urls"), py::arg("policy") = nullptr, "All of them under one policy, in order.\n\n:fields: SignPolicy")
        .def("grant",
             [](const UrlSigner& signer, const SignPolicy* policy, TokenPlacement placement, const py::kwargs& fields) {
                 const auto wanted = with_fields(policy, fields);
                 py::gil_scoped_release release;
                 return unwrap(signer.grant(wanted, placement));
             },
             py::arg("policy") = nullptr, py::kw_only(), py::arg("placement") = TokenPlacement::query,
             "One signature for every URL within a prefix or pattern.\n\n:fields: SignPolicy")
        .def("sign_cookies",
             [](const UrlSigner& signer, std::string_view url, const SignPolicy* policy, const CookieAttributes& attributes,
                const py::kwargs& fields) {
                 const auto wanted = with_fields(policy, fields);
                 py::gil_scoped_release release;
                 return unwrap(signer.sign_cookies(url, wanted, attributes));
             },
             py::arg("url"), py::arg("policy") = nullptr, py::kw_only(), py::arg("attributes") = CookieAttributes{},
             "The same as cookies.\n\n:fields: SignPolicy")
        .def("__repr__", [](const py::object& self) {
            return "<" + py::type::of(self).attr("__qualname__").cast<std::string>() + " " + self.cast<const UrlSigner&>().capabilities().provider + ">";
        });
    py::class_<GrantCache>(module, "GrantCache", "Keeps grants, so that a prefix is signed once for all viewers and segments.")
        .def(py::init([](const Held<UrlSigner>& signer, std::size_t capacity) {
                 return std::make_unique<GrantCache>(std::shared_ptr<const UrlSigner>(signer.pointer), capacity);
             }),
             py::arg("signer"), py::arg("capacity") = 1024)
        .def("grant",
             [](GrantCache& cache, const SignPolicy* policy, TokenPlacement placement, const py::kwargs& fields) {
                 const auto wanted = with_fields(policy, fields);
                 py::gil_scoped_release release;
                 return unwrap(cache.grant(wanted, placement));
             },
             py::arg("policy") = nullptr, py::kw_only(), py::arg("placement") = TokenPlacement::query,
             "As `UrlSigner.grant`, from the cache where it can.\n\n:fields: SignPolicy")
        .def("sign",
             [](GrantCache& cache, std::string_view url, const SignPolicy* policy, const py::kwargs& fields) {
                 const auto wanted = with_fields(policy, fields);
                 py::gil_scoped_release release;
                 return unwrap(cache.sign(url, wanted));
             },
             py::arg("url"), py::arg("policy") = nullptr, "As `UrlSigner.sign`.\n\n:fields: SignPolicy")
        .def("clear", &GrantCache::clear)
        .def_property_readonly("hits", [](const GrantCache& cache) { return cache.statistics().hits; })
        .def_property_readonly("misses", [](const GrantCache& cache) { return cache.statistics().misses; })
        .def("__len__", [](const GrantCache& cache) { return cache.statistics().size; });
}

void bind_verifier(py::module_& module) {
    py::class_<UrlVerifier, PythonVerifier, std::shared_ptr<UrlVerifier>>(
        module, "UrlVerifier", "Decides whether a request may pass. Subclasses define do_verify.")
        .def(py::init_alias<Capabilities, KeyRing, VerifierOptions>(), py::arg("capabilities"), py::arg("keys"),
             py::arg("options") = VerifierOptions{})
        .def_property_readonly("capabilities", [](const UrlVerifier& verifier) { return verifier.capabilities(); })
        .def("verify",
             [](const UrlVerifier& verifier, const std::string& url, const EdgeRequest* request, const py::kwargs& fields) {
                 auto asked = with_fields(request, fields);
                 asked.url = url;
                 py::gil_scoped_release release;
                 return unwrap(verifier.verify(asked.view()));
             },
             py::arg("url"), py::arg("request") = nullptr,
             "What a good token says; raises `DeniedError` with the condition that failed.\n\n:fields: VerifyRequest")
        .def("__repr__", [](const py::object& self) {
            return "<" + py::type::of(self).attr("__qualname__").cast<std::string>() + " " + self.cast<const UrlVerifier&>().capabilities().provider + ">";
        });
    module.def("denial_of", [](const Error& error) { return denial_of(error); }, py::arg("error"),
               "The condition that failed, of an error from `verify`; None for others.");
    module.def("make_denial", [](Denial denial, std::string message) { return make_denial(denial, std::move(message)); }, py::arg("denial"),
               py::arg("message"), "The error that says so, to be raised by verifiers of your own.");
}

}  // namespace

void bind_cdn(py::module_& parent) {
    auto module = submodule(parent, "cdn", "Signed URLs, cookies and tokens for every CDN, both sides.");
    bind_cdn_keys(module);
    bind_cdn_records(module);
    bind_signed_things(module);
    bind_signer(module);
    bind_verifier(module);
    bind_cdn_providers(module);
    bind_cdn_streams(module);
    bind_cdn_purging(module);
}

}  // namespace streamforge::python
