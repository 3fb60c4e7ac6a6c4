#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <streamforge/http/transport.hpp>
#include <streamforge/storage/credentials.hpp>

#include "storage/credentials/aws_config.hpp"

namespace streamforge::storage {

/// What the sources of the chain share.
struct CredentialsWorld {
    CredentialsOptions options;
    AwsConfig config;
    std::shared_ptr<http::Transport> transport;
    std::string region;  ///< Of the token service.

    [[nodiscard]] std::string env(std::string_view name) const { return options.environment(name).value_or(""); }
};

/// Nothing: this source is not set up, the next one is asked. An error: it is, and failed.
using Fetched = Result<std::optional<Credentials>>;

[[nodiscard]] Fetched fetch_environment(const CredentialsWorld& world);
/// Keys, process, assumed role, web identity of a profile. *Errors*: `invalid_argument` for a circle of source profiles.
[[nodiscard]] Fetched fetch_profile(const CredentialsWorld& world, const std::string& name, std::stop_token stop);
[[nodiscard]] Fetched fetch_web_identity(const CredentialsWorld& world, std::stop_token stop);
[[nodiscard]] Fetched fetch_container(const CredentialsWorld& world, std::stop_token stop);
[[nodiscard]] Fetched fetch_machine(const CredentialsWorld& world, std::stop_token stop);

/// Runs `command` without a shell and reads its JSON. *Errors*: `unauthenticated`, `malformed`.
[[nodiscard]] Result<Credentials> fetch_process(const std::string& command, std::stop_token stop);
/// Words of a command line: blanks divide, quotes hold together, a backslash outside single quotes takes the next character.
[[nodiscard]] Result<std::vector<std::string>> split_command(std::string_view command);

struct RoleRequest {
    std::string role_arn{};
    std::string session_name{};
    std::string external_id{};
    std::string duration_seconds{};
};
/// STS AssumeRole, signed with `source`.
[[nodiscard]] Result<Credentials> assume_role(const CredentialsWorld& world, const RoleRequest& role, const Credentials& source,
                                              std::stop_token stop);
/// STS AssumeRoleWithWebIdentity, unsigned; the token file is read anew each time.
[[nodiscard]] Result<Credentials> assume_role_with_web_identity(const CredentialsWorld& world, const RoleRequest& role,
                                                                const std::string& token_file, std::stop_token stop);

/// The JSON of processes (SecretAccessKey, SessionToken), containers and machines (also Token), which all have AccessKeyId and
/// Expiration. *Errors*: `malformed`, `unauthenticated`.
[[nodiscard]] Result<Credentials> parse_credentials_json(std::string_view text);
/// STS's XML. *Errors*: `malformed`.
[[nodiscard]] Result<Credentials> parse_sts(ByteView xml);

}  // namespace streamforge::storage
