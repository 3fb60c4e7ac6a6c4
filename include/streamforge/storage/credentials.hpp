#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/http/transport.hpp>

namespace streamforge::storage {

/// Who signs. Without an access key id: nobody, requests go unsigned.
struct Credentials {
    std::string access_key_id{};
    Secret secret_access_key{};
    Secret session_token{};  ///< Empty for long-lived keys.
    std::optional<std::chrono::system_clock::time_point> expires_at{};

    [[nodiscard]] bool is_anonymous() const noexcept { return access_key_id.empty(); }
};

/// Gives credentials and keeps them fresh: fetched once, again shortly before they expire, by one thread at a time while the
/// others go on with what is still valid. *Thread safety*: all calls.
class STREAMFORGE_EXPORT CredentialsProvider {
public:
    virtual ~CredentialsProvider();
    CredentialsProvider(const CredentialsProvider&) = delete;
    CredentialsProvider& operator=(const CredentialsProvider&) = delete;

    /// *Errors*: `unauthenticated` (there are none, or the source refuses), `network`, `timed_out`, `cancelled`, `malformed`.
    [[nodiscard]] Result<std::shared_ptr<const Credentials>> get(std::stop_token stop = {});
    /// Forgets credentials that a service rejected as expired, if they are still the current ones.
    void reject(const std::shared_ptr<const Credentials>& rejected);

protected:
    explicit CredentialsProvider(Clock clock) : clock_(std::move(clock)) {}

private:
    virtual Result<Credentials> do_fetch(std::stop_token stop) = 0;
    [[nodiscard]] std::shared_ptr<const Credentials> current(std::chrono::seconds margin) const;

    Clock clock_;
    std::mutex fetching_;
    mutable std::mutex mutex_;  // guards what follows
    std::shared_ptr<const Credentials> current_;
};

/// Looks up a variable of the environment. Injected, so that tests need not change the process's own.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
[[nodiscard]] STREAMFORGE_EXPORT Environment process_environment();

/// Where the default chain looks.
struct CredentialsOptions {
    std::string profile{};  ///< Empty: AWS_PROFILE, then "default". Given: that profile, before the environment's keys.
    std::string region{};   ///< Of the token service; empty: AWS_REGION, the profile's, us-east-1.
    Environment environment = process_environment();
    std::shared_ptr<http::Transport> transport{};  ///< For the token service and machine metadata; empty: one of its own.
    Clock clock = system_clock();
    bool machine_metadata = true;  ///< Ask the EC2 metadata service (version 2 only) at the end of the chain.
};

[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<CredentialsProvider> make_static_credentials(std::string access_key_id,
                                                                                              Secret secret_access_key,
                                                                                              Secret session_token = {});
/// Requests go unsigned.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<CredentialsProvider> make_anonymous_credentials();

/// What AWS tools use, in their order: environment (AWS_ACCESS_KEY_ID …), the profile of the shared files (keys, process,
/// assumed role), web identity (AWS_WEB_IDENTITY_TOKEN_FILE), container (AWS_CONTAINER_CREDENTIALS_*), EC2 metadata.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<CredentialsProvider> make_default_credentials(const CredentialsOptions& options = {});

}  // namespace streamforge::storage
