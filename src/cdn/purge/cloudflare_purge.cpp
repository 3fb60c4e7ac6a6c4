#include <algorithm>
#include <nlohmann/json.hpp>

#include <streamforge/cdn/purge.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/http/url.hpp>

#include "cdn/policy_check.hpp"
#include "cdn/purge/token_bucket.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

using ordered_json = nlohmann::ordered_json;

/// What a plan allows.
struct PlanLimits {
    double calls_per_second;  ///< Of tags, hosts, prefixes, everything.
    double calls_at_once;
    double urls_per_second;
    std::size_t urls_per_call;
};

PlanLimits limits_of(CloudflarePlan plan) {
    switch (plan) {
        case CloudflarePlan::free: return {5.0 / 60, 25, 800, 100};
        case CloudflarePlan::pro: return {5, 25, 1500, 100};
        case CloudflarePlan::business: return {10, 50, 1500, 100};
        case CloudflarePlan::enterprise: return {50, 500, 3000, 500};
    }
    return {5.0 / 60, 25, 800, 100};
}

constexpr std::size_t items_per_call = 100;

PurgeCapabilities make_capabilities() {
    PurgeCapabilities can;
    can.provider = "cloudflare";
    can.prefixes = can.tags = can.hosts = can.everything = true;
    return can;
}

Result<void> check_items(const PurgeRequest& request) {
    for (const std::string& url : request.urls) {
        const auto parts = parse_url(url);
        if (!parts || !parts->is_absolute()) return refused_field("urls", "must be absolute URLs").with("item", url);
    }
    for (const std::string& host : request.hosts) {
        const std::string url = "https://" + host + "/";
        const auto parts = parse_url(url);
        if (!parts || parts->path.size() != 1 || parts->has_query()) return refused_field("hosts", "must be host names").with("item", host);
    }
    for (const std::string& prefix : request.prefixes) {
        const std::string url = "https://" + prefix;
        const auto parts = parse_url(url);
        if (!parts || parts->has_query() || prefix.find('*') != std::string::npos) {
            return refused_field("prefixes", "must be host and path, without scheme, query and '*'").with("item", prefix);
        }
    }
    return {};
}

class CloudflarePurger final : public Purger {
public:
    CloudflarePurger(CloudflarePurgeOptions cloudflare, std::shared_ptr<http::Transport> transport, PurgerOptions options)
        : Purger(make_capabilities(), std::move(transport), options),
          cloudflare_(std::move(cloudflare)),
          limits_(limits_of(cloudflare_.plan)),
          calls_(limits_.calls_per_second, limits_.calls_at_once, options.clock),
          urls_(limits_.urls_per_second, limits_.urls_per_second, options.clock) {}

private:
    [[nodiscard]] PurgeCall call_with(const ordered_json& body, std::vector<std::string> items) const {
        PurgeCall call;
        call.method = "POST";
        call.url = cloudflare_.endpoint + "/client/v4/zones/" + cloudflare_.zone_id + "/purge_cache";
        call.headers = {{"Content-Type", "application/json"}};
        call.body = body.dump();
        call.items = std::move(items);
        return call;
    }

    Result<std::vector<PurgeCall>> do_plan(const PurgeRequest& request) const override {
        SF_TRY(check_items(request));
        std::vector<PurgeCall> calls;
        if (request.everything) calls.push_back(call_with({{"purge_everything", true}}, {}));
        const auto split = [&](const char* name, const std::vector<std::string>& items, std::size_t size) {
            for (std::size_t begin = 0; begin < items.size(); begin += size) {
                const auto first = items.begin() + static_cast<std::ptrdiff_t>(begin);
                std::vector<std::string> part(first, first + static_cast<std::ptrdiff_t>(std::min(size, items.size() - begin)));
                ordered_json body{{name, part}};
                calls.push_back(call_with(body, std::move(part)));
            }
        };
        split("files", request.urls, limits_.urls_per_call);
        split("prefixes", request.prefixes, items_per_call);
        split("tags", request.tags, items_per_call);
        split("hosts", request.hosts, items_per_call);
        return calls;
    }

    Result<void> do_authorise(const PurgeCall&, http::Request& request) const override {
        request.headers.set("Authorization", "Bearer " + std::string(cloudflare_.api_token.reveal()));
        return {};
    }

    Result<std::string> do_read(const http::Response& response) const override {
        const auto json = nlohmann::json::parse(response.body.begin(), response.body.end(), nullptr, false);
        const bool good = json.is_object() && json.contains("success") && json["success"].is_boolean() && json["success"].get<bool>();
        if (!good) return make_error(Errc::invalid_argument, "cdn.purge", "the provider did not say that the purge succeeded");
        const auto result = json.find("result");
        const bool has_id = result != json.end() && result->is_object() && result->contains("id") && (*result)["id"].is_string();
        return has_id ? (*result)["id"].get<std::string>() : std::string();
    }

    std::chrono::milliseconds do_wait(const PurgeCall& call) override {
        return call.body.starts_with("{\"files\"") ? urls_.take(static_cast<double>(call.items.size())) : calls_.take(1);
    }

    CloudflarePurgeOptions cloudflare_;
    PlanLimits limits_;
    purge::TokenBucket calls_;
    purge::TokenBucket urls_;
};

}  // namespace

Result<void> CloudflarePurgeOptions::validate() const {
    if (zone_id.size() != 32 || zone_id.find_first_not_of("0123456789abcdef") != std::string::npos) {
        return refused_field("zone_id", "must be 32 hexadecimal digits");
    }
    if (api_token.empty()) return refused_field("api_token", "must be set");
    if (!http::parse_url(endpoint) || endpoint.ends_with('/')) return refused_field("endpoint", "must be an http(s) origin");
    return {};
}

Result<std::unique_ptr<Purger>> make_cloudflare_purger(CloudflarePurgeOptions cloudflare, std::shared_ptr<http::Transport> transport,
                                                       const PurgerOptions& options) {
    SF_TRY(cloudflare.validate());
    SF_TRY(options.validate());
    if (!transport) return refused_field("transport", "must be set");
    return std::unique_ptr<Purger>(std::make_unique<CloudflarePurger>(std::move(cloudflare), std::move(transport), options));
}

}  // namespace streamforge::cdn
