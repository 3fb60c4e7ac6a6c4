#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/random.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/http/retry.hpp>
#include <streamforge/http/transport.hpp>

namespace streamforge::cdn {

/// What caches must forget. Providers differ in what they know; see `PurgeCapabilities`.
struct PurgeRequest {
    /// CloudFront: paths, "/vod/m1/master.m3u8". Cloudflare and Fastly: absolute URLs.
    std::vector<std::string> urls;
    /// CloudFront: "/vod/m1/" or "/vod/m1/*". Cloudflare: host and path, "cdn.example.com/vod/m1".
    std::vector<std::string> prefixes;
    std::vector<std::string> tags;  ///< Cache tags, surrogate keys.
    std::vector<std::string> hosts;
    bool everything = false;  ///< Alone, without any of the lists.
    bool soft = false;        ///< Marks as stale in place of removing.
    /// CloudFront: the same reference with the same items is carried out once. Empty: made from items and clock.
    std::string reference;
};

struct PurgeCapabilities {
    std::string provider;
    bool urls = true;
    bool prefixes = false;
    bool tags = false;
    bool hosts = false;
    bool everything = false;
    bool soft = false;
    bool soft_everything = false;
    /// Most items of one purge; more would be refused by the provider while they are in progress. 0: split into calls as needed.
    std::size_t max_items = 0;
    std::size_t max_prefixes = 0;
};

/// One request to a provider, without its credentials: what `plan` shows.
struct PurgeCall {
    std::string method;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::vector<std::string> items;  ///< What it purges; empty for everything.

    friend bool operator==(const PurgeCall&, const PurgeCall&) = default;
};

/// What became of one call.
struct PurgeOutcome {
    PurgeCall call;
    std::string id;              ///< The provider's, when it gives one.
    std::optional<Error> error;  ///< Why it failed. Calls behind it are still made.
    [[nodiscard]] bool succeeded() const noexcept { return !error; }
};

struct PurgeReport {
    std::vector<PurgeOutcome> outcomes;
    [[nodiscard]] bool succeeded() const noexcept {
        for (const auto& outcome : outcomes) {
            if (!outcome.succeeded()) return false;
        }
        return true;
    }
};

/// The world of a purger, injected.
struct PurgerOptions {
    Clock clock = system_clock();
    http::RetryPolicy retry{};
    Random random = system_random();
    http::Sleep sleep = http::thread_sleep();
    std::chrono::milliseconds deadline{30'000};  ///< For one call.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Tells one provider's caches to forget.
///
/// *Retry*: what may pass (429, 5xx, broken connections) is tried again as the retry policy says; all calls may be repeated without
/// harm. *Thread safety*: all calls.
class STREAMFORGE_EXPORT Purger {
public:
    virtual ~Purger();
    Purger(const Purger&) = delete;
    Purger& operator=(const Purger&) = delete;

    [[nodiscard]] const PurgeCapabilities& capabilities() const noexcept { return capabilities_; }
    /// The calls that `purge` would make. Pure but for the clock. *Errors*: `invalid_argument` (nothing, or two kinds of wish, a bad
    /// item), `unsupported`, `limit_exceeded` (the provider would refuse so many).
    [[nodiscard]] Result<std::vector<PurgeCall>> plan(const PurgeRequest& request) const;
    /// Makes the calls, within the provider's rate. *Errors*: those of `plan`, `cancelled`. What a call met is in its outcome.
    [[nodiscard]] Result<PurgeReport> purge(const PurgeRequest& request, std::stop_token stop = {});

protected:
    Purger(PurgeCapabilities capabilities, std::shared_ptr<http::Transport> transport, PurgerOptions options);
    [[nodiscard]] const PurgerOptions& options() const noexcept { return options_; }

private:
    [[nodiscard]] virtual Result<std::vector<PurgeCall>> do_plan(const PurgeRequest& request) const = 0;
    /// Adds the credentials.
    [[nodiscard]] virtual Result<void> do_authorise(const PurgeCall& call, http::Request& request) const = 0;
    /// What a 2xx answer says: the purge's id. *Errors*: when it says no all the same.
    [[nodiscard]] virtual Result<std::string> do_read(const http::Response& response) const = 0;
    /// How long to wait before the call, by the provider's rate.
    [[nodiscard]] virtual std::chrono::milliseconds do_wait(const PurgeCall& call);

    [[nodiscard]] Result<std::string> attempt(const PurgeCall& call, std::stop_token stop);
    [[nodiscard]] Result<std::string> carry_out(const PurgeCall& call, std::stop_token stop);

    PurgeCapabilities capabilities_;
    std::shared_ptr<http::Transport> transport_;
    PurgerOptions options_;
    http::Retrier retrier_;
};

/// An AWS identity.
struct AwsIdentity {
    std::string access_key_id;
    Secret secret_access_key;
    Secret session_token;  ///< Empty for long-lived keys.
};

struct CloudFrontPurgeOptions {
    std::string distribution_id;
    /// Asked before each call, so that short-lived credentials may change. *Errors* are passed on.
    std::function<Result<AwsIdentity>()> identity;
    std::string endpoint = "https://cloudfront.amazonaws.com";

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};
/// Invalidations: at most 3,000 paths and 15 wildcards at once, tags of at most 256 characters.
/// *Source*: Amazon CloudFront API reference, CreateInvalidation; Developer Guide, "Invalidate files".
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<Purger>> make_cloudfront_purger(CloudFrontPurgeOptions cloudfront,
                                                                                        std::shared_ptr<http::Transport> transport,
                                                                                        const PurgerOptions& options = {});

/// Decides rate and size of Cloudflare's purges.
enum class CloudflarePlan : std::uint8_t { free, pro, business, enterprise };

struct CloudflarePurgeOptions {
    std::string zone_id;
    Secret api_token;
    CloudflarePlan plan = CloudflarePlan::free;
    std::string endpoint = "https://api.cloudflare.com";

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};
/// One kind of wish per call, 100 items each (500 URLs on enterprise), within the plan's rate.
/// *Source*: Cloudflare documentation, "Purge cache" (November 2026).
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<Purger>> make_cloudflare_purger(CloudflarePurgeOptions cloudflare,
                                                                                        std::shared_ptr<http::Transport> transport,
                                                                                        const PurgerOptions& options = {});

struct FastlyPurgeOptions {
    std::string service_id;
    Secret api_token;
    std::string endpoint = "https://api.fastly.com";

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};
/// One call per URL, 256 surrogate keys per call; everything cannot be purged softly. *Source*: Fastly API reference, "Purging".
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<Purger>> make_fastly_purger(FastlyPurgeOptions fastly,
                                                                                    std::shared_ptr<http::Transport> transport,
                                                                                    const PurgerOptions& options = {});

}  // namespace streamforge::cdn
