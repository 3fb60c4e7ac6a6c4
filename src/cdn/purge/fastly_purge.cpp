#include <algorithm>
#include <nlohmann/json.hpp>

#include <streamforge/cdn/purge.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/http/url.hpp>

#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr std::size_t keys_per_call = 256;
constexpr std::size_t max_key_bytes = 1024;

PurgeCapabilities make_capabilities() {
    PurgeCapabilities can;
    can.provider = "fastly";
    can.tags = can.everything = can.soft = true;
    return can;
}

class FastlyPurger final : public Purger {
public:
    FastlyPurger(FastlyPurgeOptions fastly, std::shared_ptr<http::Transport> transport, PurgerOptions options)
        : Purger(make_capabilities(), std::move(transport), std::move(options)), fastly_(std::move(fastly)) {}

private:
    [[nodiscard]] PurgeCall call_to(std::string path, bool soft, std::vector<std::string> items) const {
        PurgeCall call;
        call.method = "POST";
        call.url = fastly_.endpoint + std::move(path);
        call.headers = {{"Accept", "application/json"}};
        if (soft) call.headers.emplace_back("Fastly-Soft-Purge", "1");
        call.items = std::move(items);
        return call;
    }

    Result<std::vector<PurgeCall>> do_plan(const PurgeRequest& request) const override {
        const std::string service = "/service/" + fastly_.service_id;
        std::vector<PurgeCall> calls;
        if (request.everything) calls.push_back(call_to(service + "/purge_all", false, {}));
        for (const std::string& url : request.urls) {
            const auto parts = parse_url(url);
            if (!parts || !parts->is_absolute()) return refused_field("urls", "must be absolute URLs").with("item", url);
            calls.push_back(call_to("/purge/" + std::string(url.substr(url.find("://") + 3)), request.soft, {url}));
        }
        for (const std::string& tag : request.tags) {
            if (tag.size() > max_key_bytes) return refused_field("tags", "must have at most 1024 bytes");
        }
        for (std::size_t begin = 0; begin < request.tags.size(); begin += keys_per_call) {
            const auto first = request.tags.begin() + static_cast<std::ptrdiff_t>(begin);
            std::vector<std::string> part(first, first + static_cast<std::ptrdiff_t>(std::min(keys_per_call, request.tags.size() - begin)));
            const std::string body = nlohmann::json{{"surrogate_keys", part}}.dump();
            PurgeCall call = call_to(service + "/purge", request.soft, std::move(part));
            call.headers.emplace_back("Content-Type", "application/json");
            call.body = body;
            calls.push_back(std::move(call));
        }
        return calls;
    }

    Result<void> do_authorise(const PurgeCall&, http::Request& request) const override {
        request.headers.set("Fastly-Key", std::string(fastly_.api_token.reveal()));
        return {};
    }

    /// {"status":"ok","id":"…"}, or {"key":"id", …} for a batch of surrogate keys.
    Result<std::string> do_read(const http::Response& response) const override {
        const auto json = nlohmann::json::parse(response.body.begin(), response.body.end(), nullptr, false);
        if (!json.is_object()) return make_error(Errc::malformed, "cdn.purge", "the provider's answer cannot be read");
        const auto status = json.find("status");
        if (status != json.end() && *status != "ok") return make_error(Errc::invalid_argument, "cdn.purge", "the provider did not say ok");
        const auto id = json.find("id");
        return id != json.end() && id->is_string() ? id->get<std::string>() : std::string();
    }

    FastlyPurgeOptions fastly_;
};

}  // namespace

Result<void> FastlyPurgeOptions::validate() const {
    if (service_id.empty() ||
        service_id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != std::string::npos) {
        return refused_field("service_id", "must be of letters and digits");
    }
    if (api_token.empty()) return refused_field("api_token", "must be set");
    if (!http::parse_url(endpoint) || endpoint.ends_with('/')) return refused_field("endpoint", "must be an http(s) origin");
    return {};
}

Result<std::unique_ptr<Purger>> make_fastly_purger(FastlyPurgeOptions fastly, std::shared_ptr<http::Transport> transport,
                                                   const PurgerOptions& options) {
    SF_TRY(fastly.validate());
    SF_TRY(options.validate());
    if (!transport) return refused_field("transport", "must be set");
    return std::unique_ptr<Purger>(std::make_unique<FastlyPurger>(std::move(fastly), std::move(transport), options));
}

}  // namespace streamforge::cdn
