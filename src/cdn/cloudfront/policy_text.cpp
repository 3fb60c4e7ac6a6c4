#include "cdn/cloudfront/policy_text.hpp"

#include <streamforge/cdn/cloudfront.hpp>

#include "cdn/decimal.hpp"
#include "cdn/strict_json.hpp"

namespace streamforge::cdn::cloudfront {
namespace {

using Json = nlohmann::json;

/// The only member of an object, if it has that name.
const Json* only_member(const Json& object, const char* name) {
    if (!object.is_object() || object.size() != 1) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

std::optional<TimePoint> epoch_time(const Json& condition) {
    const Json* value = only_member(condition, "AWS:EpochTime");
    if (value == nullptr || !value->is_number_integer()) return std::nullopt;
    const auto epoch = value->get<std::int64_t>();
    if (epoch < 0 || epoch > max_epoch) return std::nullopt;
    return TimePoint(std::chrono::seconds(epoch));
}

bool read_condition(const std::string& name, const Json& value, PolicyText& policy, bool& has_end) {
    if (name == "DateLessThan") {
        const auto time = epoch_time(value);
        if (time) policy.expires = *time;
        has_end = time.has_value();
        return has_end;
    }
    if (name == "DateGreaterThan") return (policy.starts = epoch_time(value)).has_value();
    if (name != "IpAddress") return false;
    const Json* address = only_member(value, "AWS:SourceIp");
    if (address == nullptr || !address->is_string()) return false;
    const auto network = IpNetwork::parse(address->get<std::string>());
    if (network) policy.client = *network;
    return network.has_value();
}

}  // namespace

void append_canned_policy(std::string& out, std::string_view url, TimePoint expires) {
    out.append(R"({"Statement":[{"Resource":")").append(url);
    out.append(R"(","Condition":{"DateLessThan":{"AWS:EpochTime":)");
    append_epoch(out, expires);
    out.append("}}}]}");
}

void append_custom_policy(std::string& out, const PolicyText& policy) {
    out.append(R"({"Statement":[{"Resource":")").append(policy.resource);
    out.append(R"(","Condition":{"DateLessThan":{"AWS:EpochTime":)");
    append_epoch(out, policy.expires);
    if (policy.client) out.append(R"(},"IpAddress":{"AWS:SourceIp":")").append(policy.client->to_cidr()).push_back('"');
    if (policy.starts) {
        out.append(R"(},"DateGreaterThan":{"AWS:EpochTime":)");
        append_epoch(out, *policy.starts);
    }
    out.append("}}}]}");
}

std::optional<PolicyText> parse_custom_policy(std::string_view text) {
    const auto document = parse_strict_json(text);
    const Json* statements = document ? only_member(*document, "Statement") : nullptr;
    if (statements == nullptr || !statements->is_array() || statements->size() != 1) return std::nullopt;
    const Json& statement = statements->front();
    if (!statement.is_object() || statement.size() != 2) return std::nullopt;
    const auto resource = statement.find("Resource");
    const auto condition = statement.find("Condition");
    if (resource == statement.end() || !resource->is_string() || condition == statement.end() || !condition->is_object())
        return std::nullopt;
    PolicyText policy;
    policy.resource = resource->get<std::string>();
    bool has_end = false;
    for (const auto& [name, value] : condition->items()) {
        if (!read_condition(name, value, policy, has_end)) return std::nullopt;
    }
    if (!has_end || policy.resource.empty()) return std::nullopt;
    return policy;
}

}  // namespace streamforge::cdn::cloudfront

namespace streamforge::cdn {

std::string cloudfront_canned_policy(std::string_view url, TimePoint expires) {
    std::string text;
    cloudfront::append_canned_policy(text, url, expires);
    return text;
}

}  // namespace streamforge::cdn
