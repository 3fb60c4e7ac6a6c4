#include "cdn_enums.hpp"
#include "support/callbacks.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/cdn/purge.hpp>

namespace streamforge::python {

void bind_cdn_purging(py::module_& module) {
    using namespace cdn;
    bind_enum<CloudflarePlan>(module, "CloudflarePlan",
                              {{"free", CloudflarePlan::free}, {"pro", CloudflarePlan::pro}, {"business", CloudflarePlan::business}, {"enterprise", CloudflarePlan::enterprise}},
                              "Decides rate and size of Cloudflare's purges.");
    Record<PurgeRequest>(module, "PurgeRequest", "What caches must forget.")
        .field<&PurgeRequest::urls>("urls").field<&PurgeRequest::prefixes>("prefixes").field<&PurgeRequest::tags>("tags").field<&PurgeRequest::hosts>("hosts")
        .field<&PurgeRequest::everything>("everything").field<&PurgeRequest::soft>("soft").field<&PurgeRequest::reference>("reference")
        .done();
    Record<PurgeCapabilities>(module, "PurgeCapabilities", "What a provider can purge.")
        .field<&PurgeCapabilities::provider>("provider").field<&PurgeCapabilities::urls>("urls").field<&PurgeCapabilities::prefixes>("prefixes")
        .field<&PurgeCapabilities::tags>("tags").field<&PurgeCapabilities::hosts>("hosts").field<&PurgeCapabilities::everything>("everything")
        .field<&PurgeCapabilities::soft>("soft").field<&PurgeCapabilities::soft_everything>("soft_everything")
        .field<&PurgeCapabilities::max_items>("max_items").field<&PurgeCapabilities::max_prefixes>("max_prefixes")
        .done();
    Record<PurgeCall>(module, "PurgeCall", "One request to a provider, without its credentials.")
        .field<&PurgeCall::method>("method").field<&PurgeCall::url>("url").field<&PurgeCall::headers>("headers").field<&PurgeCall::body>("body")
        .field<&PurgeCall::items>("items")
        .done();
    Record<PurgeOutcome>(module, "PurgeOutcome", "What became of one call.")
        .field<&PurgeOutcome::call>("call").field<&PurgeOutcome::id>("id").field<&PurgeOutcome::error>("error", "Why it failed, or None.")
        .done();
    Record<PurgeReport>(module, "PurgeReport", "What became of a purge.").field<&PurgeReport::outcomes>("outcomes").done()
        .def("succeeded", &PurgeReport::succeeded);
    py::class_<Purger, std::shared_ptr<Purger>>(module, "Purger", "Tells one provider's caches to forget.")
        .def_property_readonly("capabilities", [](const Purger& purger) { return purger.capabilities(); })
        .def("plan", [](const Purger& purger, const PurgeRequest& request) { return unwrap(purger.plan(request)); }, py::arg("request"),
             "The calls that `purge` would make.")
        .def("purge",
             [](Purger& purger, const PurgeRequest& request, const StopSource* stop) {
                 return blocking(stop, [&](const std::stop_token& token) { return purger.purge(request, token); });
             },
             py::arg("request"), py::kw_only(), py::arg("stop") = nullptr, "Makes the calls, within the provider's rate.");
    using Transport = std::shared_ptr<http::Transport>;
    module.def("make_cloudfront_purger",
               [](std::string distribution, std::string id, std::string secret, std::string token, std::string endpoint, const Transport& transport) {
                   CloudFrontPurgeOptions options;
                   options.distribution_id = std::move(distribution);
                   auto identity = std::make_shared<AwsIdentity>(AwsIdentity{std::move(id), Secret(std::move(secret)), Secret(std::move(token))});
                   options.identity = [identity]() -> Result<AwsIdentity> {
                       return AwsIdentity{identity->access_key_id, identity->secret_access_key.clone(), identity->session_token.clone()};
                   };
                   if (!endpoint.empty()) options.endpoint = std::move(endpoint);
                   return releasing(unwrap(make_cloudfront_purger(std::move(options), transport)));
               },
               py::arg("distribution_id"), py::kw_only(), py::arg("access_key_id"), py::arg("secret_access_key"), py::arg("session_token") = "",
               py::arg("endpoint") = "", py::arg("transport"), "Invalidations at CloudFront.");
    module.def("make_cloudflare_purger",
               [](std::string zone, std::string token, CloudflarePlan plan, std::string endpoint, const Transport& transport) {
                   CloudflarePurgeOptions options;
                   options.zone_id = std::move(zone);
                   options.api_token = Secret(std::move(token));
                   options.plan = plan;
                   if (!endpoint.empty()) options.endpoint = std::move(endpoint);
                   return releasing(unwrap(make_cloudflare_purger(std::move(options), transport)));
               },
               py::arg("zone_id"), py::kw_only(), py::arg("api_token"), py::arg("plan") = CloudflarePlan::free, py::arg("endpoint") = "", py::arg("transport"),
               "Purges at Cloudflare.");
    module.def("make_fastly_purger",
               [](std::string service, std::string token, std::string endpoint, const Transport& transport) {
                   FastlyPurgeOptions options;
                   options.service_id = std::move(service);
                   options.api_token = Secret(std::move(token));
                   if (!endpoint.empty()) options.endpoint = std::move(endpoint);
                   return releasing(unwrap(make_fastly_purger(std::move(options), transport)));
               },
               py::arg("service_id"), py::kw_only(), py::arg("api_token"), py::arg("endpoint") = "", py::arg("transport"), "Purges at Fastly.");
}

}  // namespace streamforge::python
