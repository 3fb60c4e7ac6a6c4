#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include <streamforge/cdn/steering.hpp>

#include "cdn/policy_check.hpp"
#include "cdn/steering/pathway.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t max_document_bytes = 64 * 1024;
constexpr std::int64_t max_ttl_s = 86'400;

Error malformed(std::string message) { return make_error(Errc::malformed, "cdn.steering", std::move(message)); }

/// A string member; empty when it is missing, nothing when it is something else.
std::optional<std::string> text_member(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return std::string();
    if (!found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

Result<PathwayClone> read_clone(const Json& item) {
    PathwayClone clone;
    const auto base = item.is_object() ? text_member(item, "BASE-ID") : std::nullopt;
    const auto id = item.is_object() ? text_member(item, "ID") : std::nullopt;
    const auto replacement = item.is_object() ? item.find("URI-REPLACEMENT") : item.end();
    if (!base || !id || replacement == item.end() || !replacement->is_object()) return malformed("a pathway clone cannot be read");
    const auto host = text_member(*replacement, "HOST");
    if (!host) return malformed("a clone's HOST is not text");
    clone.base_id = *base;
    clone.id = *id;
    clone.host = *host;
    if (const auto parameters = replacement->find("PARAMS"); parameters != replacement->end()) {
        if (!parameters->is_object()) return malformed("a clone's PARAMS are not an object");
        for (const auto& [name, value] : parameters->items()) {
            if (!value.is_string()) return malformed("a clone's parameter is not text");
            clone.parameters.push_back({name, value.get<std::string>()});
        }
    }
    return clone;
}

/// The token of one CDN as clone parameters.
Result<std::vector<TokenParameter>> token_of(const CdnMember& member, const SteeringRequest& request) {
    if (member.signer == nullptr) return std::vector<TokenParameter>();
    const Capabilities& can = member.signer->capabilities();
    if (!can.prefix || !can.query_token || !can.query_values_clean) {
        return make_error(Errc::unsupported, "cdn.steer", "this CDN's tokens cannot be parameters of a pathway clone")
            .with("id", member.id)
            .with("provider", can.provider);
    }
    SignPolicy policy = request.policy;
    policy.scope = Scope::prefix;
    policy.resource = "https://" + member.host + request.path_prefix;
    SF_ASSIGN(const PrefixGrant grant, member.signer->grant(policy));
    return grant.parameters();
}

}  // namespace

Result<void> SteeringDocument::validate() const {
    if (ttl.count() <= 0 || ttl.count() > max_ttl_s) return refused_field("ttl", "must be 1 s to 24 h");
    if (priority.empty()) return refused_field("priority", "must name at least one pathway");
    if (!std::ranges::all_of(priority, is_pathway_id)) return refused_field("priority", "must hold ids of [A-Za-z0-9._-]");
    for (const PathwayClone& clone : clones) {
        if (!is_pathway_id(clone.base_id) || !is_pathway_id(clone.id) || clone.base_id == clone.id) {
            return refused_field("clones", "must have ids of [A-Za-z0-9._-], other than their base's");
        }
        if (!clone.host.empty() && !is_host_name(clone.host)) return refused_field("clones", "must have host names in lower case");
    }
    return {};
}

Result<std::string> write_steering(const SteeringDocument& document) {
    SF_TRY(document.validate());
    OrderedJson json = {{"VERSION", 1}, {"TTL", document.ttl.count()}};
    if (!document.reload_uri.empty()) json["RELOAD-URI"] = document.reload_uri;
    json["PATHWAY-PRIORITY"] = document.priority;
    for (const PathwayClone& clone : document.clones) {
        OrderedJson replacement = OrderedJson::object();
        if (!clone.host.empty()) replacement["HOST"] = clone.host;
        for (const auto& parameter : clone.parameters) replacement["PARAMS"][parameter.name] = parameter.value;
        json["PATHWAY-CLONES"].push_back({{"BASE-ID", clone.base_id}, {"ID", clone.id}, {"URI-REPLACEMENT", std::move(replacement)}});
    }
    return json.dump();
}

Result<SteeringDocument> parse_steering(std::string_view text) {
    if (text.size() > max_document_bytes) return malformed("the document is longer than 64 KiB");
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object()) return malformed("not a JSON object");
    const auto version = json.find("VERSION");
    if (version == json.end() || !version->is_number_integer()) return malformed("VERSION is missing");
    if (*version != 1) return make_error(Errc::unsupported, "cdn.steering", "only VERSION 1 is known");
    SteeringDocument document;
    if (const auto ttl = json.find("TTL"); ttl != json.end()) {
        if (!ttl->is_number_integer()) return malformed("TTL is not a number of seconds");
        document.ttl = std::chrono::seconds(ttl->get<std::int64_t>());
    }
    const auto reload = text_member(json, "RELOAD-URI");
    if (!reload) return malformed("RELOAD-URI is not text");
    document.reload_uri = *reload;
    const auto priority = json.find("PATHWAY-PRIORITY");
    if (priority == json.end() || !priority->is_array()) return malformed("PATHWAY-PRIORITY is missing");
    for (const Json& id : *priority) {
        if (!id.is_string()) return malformed("a pathway id is not text");
        document.priority.push_back(id.get<std::string>());
    }
    if (const auto clones = json.find("PATHWAY-CLONES"); clones != json.end()) {
        if (!clones->is_array()) return malformed("PATHWAY-CLONES is not a list");
        for (const Json& item : *clones) {
            SF_ASSIGN(PathwayClone clone, read_clone(item));
            document.clones.push_back(std::move(clone));
        }
    }
    if (auto valid = document.validate(); !valid) return malformed(std::move(valid).error().message);
    return document;
}

Result<SteeringQuery> parse_steering_query(std::string_view query) {
    SteeringQuery result;
    bool readable = true;
    for_each_parameter(query, [&](std::string_view, std::string_view name, std::string_view raw) {
        const std::string value = percent_decode(raw);
        if (name == "_HLS_pathway" || name == "_DASH_pathway") {
            std::string_view list = value;
            if (list.size() >= 2 && list.front() == '"' && list.back() == '"') list = list.substr(1, list.size() - 2);
            while (readable && !list.empty()) {
                const std::size_t end = std::min(list.find(','), list.size());
                readable = is_pathway_id(list.substr(0, end)) && result.pathways.size() < 32;
                if (readable) result.pathways.emplace_back(list.substr(0, end));
                list.remove_prefix(std::min(end + 1, list.size()));
            }
        } else if (name == "_HLS_throughput" || name == "_DASH_throughput") {
            std::uint64_t bits = 0;
            const std::string_view number = std::string_view(value).substr(0, value.find(','));
            const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), bits);
            readable = failure == std::errc{} && end == number.data() + number.size();
            if (readable) result.throughput_bps = bits;
        }
        return readable;
    });
    if (!readable) return malformed("the player's query cannot be read");
    return result;
}

Result<SteeringDocument> steer(const CdnSelector& selector, const SteeringRequest& request) {
    SF_TRY(selector.member(request.base_id));
    SteeringDocument document;
    document.ttl = request.ttl;
    document.reload_uri = request.reload_uri;
    document.priority = selector.rank(request.session, request.region);
    if (document.priority.empty()) return make_error(Errc::unavailable, "cdn.steer", "no CDN is left for this session");
    for (const std::string& id : document.priority) {
        if (id == request.base_id) continue;
        SF_ASSIGN(const CdnMember member, selector.member(id));
        SF_ASSIGN(std::vector<TokenParameter> token, token_of(member, request));
        document.clones.push_back({request.base_id, id, member.host, std::move(token)});
    }
    SF_TRY(document.validate());
    return document;
}

}  // namespace streamforge::cdn
