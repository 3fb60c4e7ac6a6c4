#include <algorithm>

#include "cdn_enums.hpp"
#include "cdn_provider.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/cdn/provider.hpp>
#include <streamforge/cdn/steering.hpp>

namespace streamforge::python {
namespace {

using namespace cdn;

/// The library's text for people ("hls.js") as Python's name ("hls_js").
std::string identifier(std::string_view text) {
    std::string name(text);
    std::replace_if(name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
}

void bind_cdn_enums(py::module_& module) {
    bind_enum<Scope>(module, "Scope", {{"exact", Scope::exact}, {"prefix", Scope::prefix}, {"pattern", Scope::pattern}}, "What one signature covers.");
    bind_enum<TokenPlacement>(module, "TokenPlacement", {{"query", TokenPlacement::query}, {"path", TokenPlacement::path}}, "Where a token lies in a URL.");
    bind_enum<SameSite>(module, "SameSite", {{"strict", SameSite::strict}, {"lax", SameSite::lax}, {"none", SameSite::none}}, "Where a browser sends a cookie.");
    std::vector<std::pair<std::string, Denial>> denials;
    for (auto denial = Denial::malformed_url; denial <= Denial::unsupported_claim; denial = static_cast<Denial>(static_cast<int>(denial) + 1)) {
        denials.emplace_back(identifier(to_string(denial)), denial);
    }
    bind_enum<Denial>(module, "Denial", std::move(denials), "Why a request is refused.");
    std::vector<std::pair<std::string, Player>> players;
    for (auto player = Player::hls_js; player <= Player::ffmpeg; player = static_cast<Player>(static_cast<int>(player) + 1)) {
        players.emplace_back(identifier(to_string(player)), player);
    }
    bind_enum<Player>(module, "Player", std::move(players), "What plays a stream.");
    std::vector<std::pair<std::string, DeliveryMethod>> methods;
    for (auto method = DeliveryMethod::path_token; method <= DeliveryMethod::player_query; method = static_cast<DeliveryMethod>(static_cast<int>(method) + 1)) {
        methods.emplace_back(identifier(to_string(method)), method);
    }
    bind_enum<DeliveryMethod>(module, "DeliveryMethod", std::move(methods), "How a token reaches every request of a stream.");
    bind_enum<ManifestFormat>(module, "ManifestFormat", {{"hls", ManifestFormat::hls}, {"dash", ManifestFormat::dash}}, "HLS or DASH.");
}

void bind_policy(py::module_& module) {
    Record<SignPolicy>(module, "SignPolicy", "\"This viewer may fetch this, from then until then\".")
        .field<&SignPolicy::scope>("scope").field<&SignPolicy::resource>("resource", "The prefix with its final slash, or the pattern.")
        .field<&SignPolicy::expires_at>("expires_at", "Exclusive. Either this or `expires_in`.")
        .field<&SignPolicy::expires_in>("expires_in", "From the signer's clock; 0: `expires_at` is used.")
        .field<&SignPolicy::expiry_bucket>("expiry_bucket", "Rounds the end up, so that caches work. 0: off.")
        .field<&SignPolicy::starts_at>("starts_at").field<&SignPolicy::client_ip>("client_ip", "Only clients in this network.")
        .field<&SignPolicy::session_id>("session_id").field<&SignPolicy::data>("data")
        .field<&SignPolicy::countries_allowed>("countries_allowed").field<&SignPolicy::countries_blocked>("countries_blocked")
        .field<&SignPolicy::allow_host_wildcard>("allow_host_wildcard").field<&SignPolicy::allow_everything>("allow_everything")
        .done()
        .def("validate", [](const SignPolicy& policy) { unwrap(policy.validate()); });
    Record<Capabilities>(module, "Capabilities", "What a provider's scheme can do.")
        .field<&Capabilities::provider>("provider").field<&Capabilities::exact>("exact").field<&Capabilities::prefix>("prefix")
        .field<&Capabilities::prefix_direct_children_only>("prefix_direct_children_only").field<&Capabilities::pattern>("pattern")
        .field<&Capabilities::cookies>("cookies").field<&Capabilities::query_token>("query_token").field<&Capabilities::path_token>("path_token")
        .field<&Capabilities::start_time>("start_time").field<&Capabilities::client_ip>("client_ip").field<&Capabilities::client_ipv6>("client_ipv6")
        .field<&Capabilities::client_network>("client_network").field<&Capabilities::session_id>("session_id").field<&Capabilities::data>("data")
        .field<&Capabilities::countries>("countries").field<&Capabilities::expiry_in_token>("expiry_in_token")
        .field<&Capabilities::covers_host>("covers_host").field<&Capabilities::covers_query>("covers_query")
        .field<&Capabilities::append_query_exact>("append_query_exact").field<&Capabilities::append_query_prefix>("append_query_prefix")
        .field<&Capabilities::query_values_clean>("query_values_clean").field<&Capabilities::query_values_plain>("query_values_plain")
        .field<&Capabilities::pattern_question_mark>("pattern_question_mark").field<&Capabilities::pattern_covers_query>("pattern_covers_query")
        .field<&Capabilities::reserved_parameters>("reserved_parameters").field<&Capabilities::max_lifetime>("max_lifetime")
        .done();
    Record<TokenParameter>(module, "TokenParameter", "A name and a value as they stand on the wire.")
        .field<&TokenParameter::name>("name").field<&TokenParameter::value>("value")
        .done()
        .def("__repr__", [](const TokenParameter& parameter) { return "TokenParameter(name='" + parameter.name + "', value='***')"; });
    Record<CookieAttributes>(module, "CookieAttributes", "Where a browser sends the cookies back.")
        .field<&CookieAttributes::domain>("domain").field<&CookieAttributes::path>("path").field<&CookieAttributes::same_site>("same_site")
        .field<&CookieAttributes::http_only>("http_only").field<&CookieAttributes::secure>("secure").field<&CookieAttributes::partitioned>("partitioned")
        .done();
}

void bind_requests(py::module_& module) {
    Record<SignerOptions>(module, "SignerOptions", "What every signer is told, whatever its provider.")
        .field<&SignerOptions::clock>("clock").field<&SignerOptions::max_lifetime>("max_lifetime")
        .field<&SignerOptions::allowed_hosts>("allowed_hosts", "Empty: any. Set it where URLs come from users.")
        .done();
    Record<VerifierOptions>(module, "VerifierOptions", "What every verifier is told.")
        .field<&VerifierOptions::clock>("clock").field<&VerifierOptions::skew>("skew").field<&VerifierOptions::max_lifetime>("max_lifetime")
        .done();
    Record<EdgeRequest>(module, "VerifyRequest", "What an edge knows of a request.")
        .field<&EdgeRequest::url>("url").field<&EdgeRequest::client_ip>("client_ip").field<&EdgeRequest::cookies>("cookies")
        .field<&EdgeRequest::user_agent>("user_agent").field<&EdgeRequest::method>("method").field<&EdgeRequest::headers>("headers")
        .field<&EdgeRequest::country>("country").field<&EdgeRequest::now>("now")
        .done();
    Record<VerifiedGrant>(module, "VerifiedGrant", "What a good token says.")
        .field<&VerifiedGrant::policy>("policy").field<&VerifiedGrant::key_id>("key_id")
        .field<&VerifiedGrant::url>("url", "The request's URL without the token.")
        .done();
    Record<GrantToken>(module, "GrantToken", "What a provider makes for a prefix or pattern.")
        .field<&GrantToken::parameters>("parameters").field<&GrantToken::component>("component").field<&GrantToken::component_at>("component_at")
        .field<&GrantToken::component_replaces>("component_replaces")
        .done();
    py::class_<SignFacts>(module, "SignRequest", "A policy after its times were settled, and the key that was chosen.")
        .def_property_readonly("url", [](const SignFacts& facts) { return facts.url; }, "Empty when a grant is made.")
        .def_property_readonly("policy", [](const SignFacts& facts) { return facts.policy; })
        .def_property_readonly("key", [](const SignFacts& facts) { return *facts.key; })
        .def_property_readonly("now", [](const SignFacts& facts) { return facts.now; })
        .def_property_readonly("expires", [](const SignFacts& facts) { return facts.expires; })
        .def_property_readonly("starts", [](const SignFacts& facts) { return facts.starts; })
        .def_property_readonly("prefix_origin", [](const SignFacts& facts) { return facts.prefix_origin; })
        .def_property_readonly("prefix_path", [](const SignFacts& facts) { return facts.prefix_path; });
}

}  // namespace

void bind_cdn_records(py::module_& module) {
    bind_cdn_enums(module);
    bind_policy(module);
    bind_requests(module);
}

}  // namespace streamforge::python
