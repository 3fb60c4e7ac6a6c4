#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/cdn/provider.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::app {

/// Where a command takes its key from, and how the provider's scheme is set up. The key itself is never an argument: arguments
/// are seen by every user of the machine.
struct KeyOptions {
    std::string file;  ///< "-": standard input.
    std::string environment;
    std::string id;
    std::string hash;
    std::string parameter;
    std::string rule_lifetime;
    std::size_t prefix_bytes = 0;
    bool bind_client = false;
    bool ignore_params = false;
    bool escape_early = false;
    std::string salt_environment;
    std::string issuer;
    std::string audience;

    void declare_source(CLI::App& command);
    void declare_settings(CLI::App& command);
    [[nodiscard]] bool has_source() const noexcept { return !file.empty() || !environment.empty(); }
    /// *Errors*: `invalid_argument` (no source, or two), `not_found`, `permission_denied`, `limit_exceeded`.
    [[nodiscard]] Result<Secret> read() const;
    [[nodiscard]] Result<cdn::KeyRing> ring(std::string_view provider) const;
    [[nodiscard]] Result<cdn::ProviderSettings> settings() const;
};

/// When a token ends and begins, and for whom it is.
struct PolicyOptions {
    std::string expires_in;
    std::int64_t expires_at = 0;
    std::int64_t starts_at = 0;
    std::string bucket;
    std::string client_ip;
    std::string session;
    std::string data;
    std::vector<std::string> countries;
    std::vector<std::string> blocked_countries;
    bool allow_everything = false;

    void declare(CLI::App& command);
    /// *Errors*: `invalid_argument`, naming the option.
    [[nodiscard]] Result<cdn::SignPolicy> policy() const;
    /// The longest lifetime asked for, so that an explicit wish is not stopped by the library's careful default.
    [[nodiscard]] cdn::SignerOptions signer_options() const;
};

/// "300s", "5m", "1h", "7d" or seconds. *Errors*: `invalid_argument`, naming the option.
[[nodiscard]] Result<std::chrono::seconds> parse_seconds(std::string_view option, const std::string& text);

/// A help text's end with the list of providers behind it.
[[nodiscard]] std::string with_providers(const std::string& footer);
inline constexpr auto provider_help = "Whose scheme; see the list below";

}  // namespace streamforge::app
