#include "cdn_enums.hpp"
#include "cdn_provider.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/cdn/authorize_stream.hpp>
#include <streamforge/cdn/multi_cdn.hpp>
#include <streamforge/cdn/steering.hpp>

namespace streamforge::python {
namespace {

using namespace cdn;

void bind_authorising(py::module_& module) {
    Record<ManifestFile>(module, "ManifestFile", "A manifest and where it lies.")
        .field<&ManifestFile::url>("url", "Absolute.").field<&ManifestFile::text>("text")
        .done();
    Record<StreamRequest>(module, "StreamRequest", "What a viewer is to get.")
        .field<&StreamRequest::entry>("entry").field<&StreamRequest::playlists>("playlists", "HLS: those that the entry names.")
        .field<&StreamRequest::policy>("policy", "Scope and resource are set here.").field<&StreamRequest::players>("players")
        .field<&StreamRequest::methods>("methods", "Tried in this order; empty: all.").field<&StreamRequest::cookies>("cookies")
        .done();
    Record<Rejection>(module, "Rejection", "Why a method was not chosen.").field<&Rejection::method>("method").field<&Rejection::reason>("reason").done();
    py::class_<StreamGrant>(module, "StreamGrant", "Everything that a back end hands to its page, player or edge.")
        .def_property_readonly("method", [](const StreamGrant& grant) { return grant.method; })
        .def_property_readonly("entry_url", [](const StreamGrant& grant) { return grant.entry_url; }, "What the player opens.")
        .def_property_readonly("cookies", [](const StreamGrant& grant) { return grant.cookies; })
        .def_property_readonly("manifests", [](const StreamGrant& grant) { return grant.manifests; }, "What to serve at each URL.")
        .def_property_readonly("query", [](const StreamGrant& grant) { return grant.query; }, "What to add to each request. Do not log it.")
        .def_property_readonly("manifests_are_personal", [](const StreamGrant& grant) { return grant.manifests_are_personal; })
        .def_property_readonly("notes", [](const StreamGrant& grant) { return grant.notes; })
        .def_property_readonly("rejected", [](const StreamGrant& grant) { return grant.rejected; })
        .def("__repr__", [](const StreamGrant& grant) {
            return "<StreamGrant " + std::string(to_string(grant.method)) + " " + grant.entry_url.redacted() + ">";
        });
    module.def("authorize_stream",
               [](const UrlSigner& signer, const StreamRequest& request) {
                   py::gil_scoped_release release;
                   return unwrap(authorize_stream(signer, request));
               },
               py::arg("signer"), py::arg("request"), "Grants one viewer a whole stream: the entry manifest and everything that it names.");
    module.def("method_problem",
               [](DeliveryMethod method, ManifestFormat format, const Capabilities& can, const std::vector<Player>& players) {
                   return method_problem(method, format, can, players);
               },
               py::arg("method"), py::arg("format"), py::arg("can"), py::arg("players"), "Why a method cannot serve these players; empty when it can.");
}

void bind_selector(py::module_& module) {
    bind_enum<CdnCondition>(module, "CdnCondition",
                            {{"serving", CdnCondition::serving}, {"resting", CdnCondition::resting}, {"probing", CdnCondition::probing}, {"drained", CdnCondition::drained}},
                            "How a CDN of several is.");
    Record<SelectorOptions>(module, "SelectorOptions", "How a selector judges.")
        .field<&SelectorOptions::clock>("clock").field<&SelectorOptions::half_life>("half_life").field<&SelectorOptions::open_at>("open_at")
        .field<&SelectorOptions::close_at>("close_at").field<&SelectorOptions::min_observations>("min_observations").field<&SelectorOptions::rest>("rest")
        .done();
    Record<CdnHealth>(module, "CdnHealth", "How a CDN was lately.")
        .field<&CdnHealth::condition>("condition").field<&CdnHealth::failure_share>("failure_share").field<&CdnHealth::observations>("observations")
        .field<&CdnHealth::time_to_first_byte>("time_to_first_byte")
        .done();
    Record<CdnMember>(module, "CdnMember", "One CDN of several that deliver the same files.")
        .field<&CdnMember::id>("id").field<&CdnMember::host>("host").field<&CdnMember::weight>("weight").field<&CdnMember::drained>("drained")
        .field<&CdnMember::regions>("regions").field<&CdnMember::signer>("signer", "None: its files are open.")
        .done();
    py::class_<CdnSelector>(module, "CdnSelector", "Chooses among CDNs: by weight, the same for a session each time, away from what fails.")
        .def(py::init([](std::vector<CdnMember> members, SelectorOptions options) { return unwrap(CdnSelector::make(std::move(members), std::move(options))); }),
             py::arg("members"), py::arg("options") = SelectorOptions{})
        .def("rank", &CdnSelector::rank, py::arg("session"), py::arg("region") = "", "Ids in the order in which the session should try them.")
        .def("report", &CdnSelector::report, py::arg("id"), py::arg("succeeded"), py::arg("time_to_first_byte") = py::int_(0), "One request's outcome.")
        .def("health", [](const CdnSelector& selector, std::string_view id) { return unwrap(selector.health(id)); }, py::arg("id"))
        .def("set_weight", [](CdnSelector& selector, std::string_view id, std::uint32_t weight) { unwrap(selector.set_weight(id, weight)); }, py::arg("id"), py::arg("weight"))
        .def("set_drained", [](CdnSelector& selector, std::string_view id, bool drained) { unwrap(selector.set_drained(id, drained)); }, py::arg("id"), py::arg("drained"))
        .def("member", [](const CdnSelector& selector, std::string_view id) { return unwrap(selector.member(id)); }, py::arg("id"));
}

void bind_steering(py::module_& module) {
    Record<PathwayClone>(module, "PathwayClone", "A pathway made from another by other hosts and parameters.")
        .field<&PathwayClone::base_id>("base_id").field<&PathwayClone::id>("id").field<&PathwayClone::host>("host").field<&PathwayClone::parameters>("parameters")
        .done();
    Record<SteeringDocument>(module, "SteeringDocument", "What a steering server answers.")
        .field<&SteeringDocument::ttl>("ttl").field<&SteeringDocument::reload_uri>("reload_uri").field<&SteeringDocument::priority>("priority")
        .field<&SteeringDocument::clones>("clones")
        .done();
    Record<SteeringQuery>(module, "SteeringQuery", "What a player tells a steering server.")
        .field<&SteeringQuery::pathways>("pathways").field<&SteeringQuery::throughput_bps>("throughput_bps")
        .done();
    Record<SteeringRequest>(module, "SteeringRequest", "Whom to steer.")
        .field<&SteeringRequest::session>("session").field<&SteeringRequest::region>("region").field<&SteeringRequest::base_id>("base_id")
        .field<&SteeringRequest::path_prefix>("path_prefix").field<&SteeringRequest::policy>("policy").field<&SteeringRequest::ttl>("ttl")
        .field<&SteeringRequest::reload_uri>("reload_uri")
        .done();
    module.def("write_steering", [](const SteeringDocument& document) { return unwrap(write_steering(document)); }, py::arg("document"), "As JSON.");
    module.def("parse_steering", [](std::string_view json) { return unwrap(parse_steering(json)); }, py::arg("json"), "From JSON.");
    module.def("parse_steering_query", [](std::string_view query) { return unwrap(parse_steering_query(query)); }, py::arg("query"), "What a player tells.");
    module.def("steer", [](const CdnSelector& selector, const SteeringRequest& request) { return unwrap(steer(selector, request)); }, py::arg("selector"),
               py::arg("request"), "The document for one session.");
}

}  // namespace

void bind_cdn_streams(py::module_& module) {
    bind_authorising(module);
    bind_selector(module);
    bind_steering(module);
}

}  // namespace streamforge::python
