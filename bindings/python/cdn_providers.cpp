#include "cdn_enums.hpp"
#include "cdn_provider.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/cdn/akamai.hpp>
#include <streamforge/cdn/bunny.hpp>
#include <streamforge/cdn/cat.hpp>
#include <streamforge/cdn/cloudflare_stream.hpp>
#include <streamforge/cdn/cloudfront.hpp>
#include <streamforge/cdn/google.hpp>
#include <streamforge/cdn/jwt.hpp>
#include <streamforge/cdn/local.hpp>
#include <streamforge/cdn/provider.hpp>
#include <streamforge/cdn/uri_signing.hpp>

namespace streamforge::python {
namespace {

using namespace cdn;

template <class Options>
using MakeSigner = Result<std::unique_ptr<UrlSigner>> (*)(KeyRing, const Options&, const SignerOptions&);
template <class Options>
using MakeVerifier = Result<std::unique_ptr<UrlVerifier>> (*)(KeyRing, const Options&, const VerifierOptions&);

/// `make_NAME_signer(keys, NAME options, options)`, as in C++.
template <class Options>
void bind_make(py::module_& module, const std::string& name, MakeSigner<Options> make) {
    module.def(("make_" + name + "_signer").c_str(),
               [make](const KeyRing& keys, const Options& own, const SignerOptions& options) { return releasing(unwrap(make(keys, own, options))); },
               py::arg("keys"), py::arg(name.c_str()) = Options{}, py::arg("options") = SignerOptions{}, "The provider's signer.");
}
template <class Options>
void bind_make(py::module_& module, const std::string& name, MakeVerifier<Options> make) {
    module.def(("make_" + name + "_verifier").c_str(),
               [make](const KeyRing& keys, const Options& own, const VerifierOptions& options) { return releasing(unwrap(make(keys, own, options))); },
               py::arg("keys"), py::arg(name.c_str()) = Options{}, py::arg("options") = VerifierOptions{}, "The provider's verifier.");
}
void bind_make(py::module_& module, const std::string& name, Result<std::unique_ptr<UrlSigner>> (*make)(KeyRing, const SignerOptions&)) {
    module.def(("make_" + name + "_signer").c_str(),
               [make](const KeyRing& keys, const SignerOptions& options) { return releasing(unwrap(make(keys, options))); }, py::arg("keys"),
               py::arg("options") = SignerOptions{}, "The provider's signer.");
}
void bind_make(py::module_& module, const std::string& name, Result<std::unique_ptr<UrlVerifier>> (*make)(KeyRing, const VerifierOptions&)) {
    module.def(("make_" + name + "_verifier").c_str(),
               [make](const KeyRing& keys, const VerifierOptions& options) { return releasing(unwrap(make(keys, options))); }, py::arg("keys"),
               py::arg("options") = VerifierOptions{}, "The provider's verifier.");
}

void bind_provider_options(py::module_& module) {
    Record<CloudFrontOptions>(module, "CloudFrontOptions", "Signed URLs and cookies of Amazon CloudFront.").field<&CloudFrontOptions::hash>("hash").done();
    Record<CloudFrontVerifierOptions>(module, "CloudFrontVerifierOptions", "How CloudFront's tokens are verified.")
        .field<&CloudFrontVerifierOptions::allow_sha1>("allow_sha1").done();
    Record<AkamaiOptions>(module, "AkamaiOptions", "Akamai's EdgeAuth 2.0 tokens.")
        .field<&AkamaiOptions::name>("name").field<&AkamaiOptions::hash>("hash").field<&AkamaiOptions::escape_early>("escape_early")
        .field<&AkamaiOptions::salt>("salt").done();
    Record<BunnyOptions>(module, "BunnyOptions", "Bunny's tokens of version 2.")
        .field<&BunnyOptions::ignore_params>("ignore_params").field<&BunnyOptions::speed_limit_kbps>("speed_limit_kbps").done();
    Record<CatOptions>(module, "CatOptions", "CTA-5007 Common Access Tokens.")
        .field<&CatOptions::parameter>("parameter").field<&CatOptions::cookie>("cookie").field<&CatOptions::issuer>("issuer")
        .field<&CatOptions::audience>("audience").field<&CatOptions::subject>("subject").field<&CatOptions::methods>("methods").done();
    Record<CloudflareStreamOptions>(module, "CloudflareStreamOptions", "Cloudflare Stream's signed tokens.")
        .field<&CloudflareStreamOptions::downloadable>("downloadable").done();
    Record<MediaCdnTokenOptions>(module, "MediaCdnTokenOptions", "Media CDN's tokens for dual-token authentication.")
        .field<&MediaCdnTokenOptions::name>("name").field<&MediaCdnTokenOptions::hash>("hash").field<&MediaCdnTokenOptions::headers>("headers").done();
    Record<JwtOptions>(module, "JwtOptions", "URLs with a JSON Web Token in one parameter.")
        .field<&JwtOptions::parameter>("parameter").field<&JwtOptions::issuer>("issuer").field<&JwtOptions::audience>("audience")
        .field<&JwtOptions::subject>("subject").field<&JwtOptions::path_claim>("path_claim").field<&JwtOptions::prefix_claim>("prefix_claim")
        .field<&JwtOptions::client_claim>("client_claim").field<&JwtOptions::session_claim>("session_claim").field<&JwtOptions::data_claim>("data_claim")
        .done();
    Record<LocalOptions>(module, "LocalOptions", "The scheme of our own origin.").field<&LocalOptions::name>("name").done();
    Record<UriSigningOptions>(module, "UriSigningOptions", "CDNI URI signing, RFC 9246.")
        .field<&UriSigningOptions::parameter>("parameter").field<&UriSigningOptions::issuer>("issuer").done();
    Record<ProviderSettings>(module, "ProviderSettings", "The settings that several providers have in common.")
        .field<&ProviderSettings::hash>("hash").field<&ProviderSettings::parameter>("parameter").field<&ProviderSettings::rule_lifetime>("rule_lifetime")
        .field<&ProviderSettings::prefix_bytes>("prefix_bytes").field<&ProviderSettings::bind_client>("bind_client")
        .field<&ProviderSettings::ignore_params>("ignore_params").field<&ProviderSettings::escape_early>("escape_early")
        .field<&ProviderSettings::salt>("salt").field<&ProviderSettings::issuer>("issuer").field<&ProviderSettings::audience>("audience").done();
}

void bind_named(py::module_& module) {
    module.def("providers", [] {
        py::dict all;
        for (const auto& provider : providers()) all[py::str(std::string(provider.name))] = std::string(provider.summary);
        return all;
    }, "Every provider by name, with a line about it.");
    module.def("make_signer",
               [](std::string_view provider, const KeyRing& keys, const ProviderSettings& settings, const SignerOptions& options) {
                   return releasing(unwrap(make_signer(provider, keys, settings, options)));
               },
               py::arg("provider"), py::arg("keys"), py::arg("settings") = ProviderSettings{}, py::arg("options") = SignerOptions{},
               "A provider's signer by its name.");
    module.def("make_verifier",
               [](std::string_view provider, const KeyRing& keys, const ProviderSettings& settings, const VerifierOptions& options) {
                   return releasing(unwrap(make_verifier(provider, keys, settings, options)));
               },
               py::arg("provider"), py::arg("keys"), py::arg("settings") = ProviderSettings{}, py::arg("options") = VerifierOptions{},
               "A provider's verifier by its name.");
    module.def("parse_provider_key", [](std::string_view provider, const std::string& text) { return unwrap(parse_provider_key(provider, Secret(text))); },
               py::arg("provider"), py::arg("text"), "A key in the form that the provider's console shows it.");
    module.def("edge_snippet",
               [](std::string_view provider, EdgeProgram program, const ProviderSettings& settings, const std::string& key,
                  std::chrono::seconds max_lifetime) {
                   EdgeSnippetOptions options;
                   options.key = Secret(key);
                   options.max_lifetime = max_lifetime;
                   return unwrap(edge_snippet(unwrap(provider_layout(provider, settings)), program, options));
               },
               py::arg("provider"), py::arg("program"), py::kw_only(), py::arg("settings") = ProviderSettings{}, py::arg("key") = "",
               py::arg("max_lifetime") = EdgeSnippetOptions{}.max_lifetime, "The edge's half of a provider's layout, as text.");
}

}  // namespace

void bind_cdn_providers(py::module_& module) {
    bind_enum<EdgeProgram>(module, "EdgeProgram",
                           {{"fastly_vcl", EdgeProgram::fastly_vcl}, {"varnish_vcl", EdgeProgram::varnish_vcl}, {"nginx", EdgeProgram::nginx},
                            {"workers_js", EdgeProgram::workers_js}, {"cloudflare_rule", EdgeProgram::cloudflare_rule}},
                           "A program that checks tokens at an edge.");
    bind_provider_options(module);
    bind_named(module);
    bind_make<CloudFrontOptions>(module, "cloudfront", MakeSigner<CloudFrontOptions>(&make_cloudfront_signer));
    bind_make<CloudFrontVerifierOptions>(module, "cloudfront", MakeVerifier<CloudFrontVerifierOptions>(&make_cloudfront_verifier));
    bind_make<AkamaiOptions>(module, "akamai", MakeSigner<AkamaiOptions>(&make_akamai_signer));
    bind_make<AkamaiOptions>(module, "akamai", MakeVerifier<AkamaiOptions>(&make_akamai_verifier));
    bind_make<BunnyOptions>(module, "bunny", MakeSigner<BunnyOptions>(&make_bunny_signer));
    bind_make(module, "bunny", &make_bunny_verifier);
    bind_make<CatOptions>(module, "cat", MakeSigner<CatOptions>(&make_cat_signer));
    bind_make<CatOptions>(module, "cat", MakeVerifier<CatOptions>(&make_cat_verifier));
    bind_make<CloudflareStreamOptions>(module, "cloudflare_stream", MakeSigner<CloudflareStreamOptions>(&make_cloudflare_stream_signer));
    bind_make(module, "cloudflare_stream", &make_cloudflare_stream_verifier);
    bind_make(module, "google_cdn", &make_google_cdn_signer);
    bind_make(module, "google_cdn", &make_google_cdn_verifier);
    bind_make(module, "media_cdn", &make_media_cdn_signer);
    bind_make(module, "media_cdn", &make_media_cdn_verifier);
    bind_make<MediaCdnTokenOptions>(module, "media_cdn_token", MakeSigner<MediaCdnTokenOptions>(&make_media_cdn_token_signer));
    bind_make<MediaCdnTokenOptions>(module, "media_cdn_token", MakeVerifier<MediaCdnTokenOptions>(&make_media_cdn_token_verifier));
    bind_make<JwtOptions>(module, "jwt", MakeSigner<JwtOptions>(&make_jwt_signer));
    bind_make<JwtOptions>(module, "jwt", MakeVerifier<JwtOptions>(&make_jwt_verifier));
    bind_make<LocalOptions>(module, "local", MakeSigner<LocalOptions>(&make_local_signer));
    bind_make<LocalOptions>(module, "local", MakeVerifier<LocalOptions>(&make_local_verifier));
    bind_make<UriSigningOptions>(module, "uri_signing", MakeSigner<UriSigningOptions>(&make_uri_signing_signer));
    bind_make<UriSigningOptions>(module, "uri_signing", MakeVerifier<UriSigningOptions>(&make_uri_signing_verifier));
}

}  // namespace streamforge::python
