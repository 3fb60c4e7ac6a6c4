#include <set>

#include "core/try.hpp"
#include "storage/credentials/fetchers.hpp"

namespace streamforge::storage {
namespace {

Error bad_profile(const std::string& name, std::string message) {
    return make_error(Errc::invalid_argument, "storage.credentials", std::move(message)).with("profile", name);
}

RoleRequest role_of(const AwsProfile& profile) {
    return {profile.get("role_arn").value_or(""), profile.get("role_session_name").value_or("streamforge"),
            profile.get("external_id").value_or(""), profile.get("duration_seconds").value_or("")};
}

Fetched keys_of(const AwsProfile& profile) {
    auto id = profile.get("aws_access_key_id").value_or("");
    Secret secret(profile.get("aws_secret_access_key").value_or(""));
    if (id.empty() || secret.empty()) return std::optional<Credentials>{};
    return std::optional(
        Credentials{std::move(id), std::move(secret), Secret(profile.get("aws_session_token").value_or("")), std::nullopt});
}

/// credential_source: where the keys that assume the role come from.
Fetched from_named_source(const CredentialsWorld& world, const std::string& source, const std::string& name, std::stop_token stop) {
    if (source == "Environment") return fetch_environment(world);
    if (source == "EcsContainer") return fetch_container(world, std::move(stop));
    if (source == "Ec2InstanceMetadata") return fetch_machine(world, std::move(stop));
    return bad_profile(name, "credential_source is none of Environment, EcsContainer, Ec2InstanceMetadata");
}

Fetched fetch(const CredentialsWorld& world, const std::string& name, std::set<std::string>& seen, std::stop_token stop);

Fetched fetch_role(const CredentialsWorld& world, const AwsProfile& profile, const std::string& name, std::set<std::string>& seen,
                   std::stop_token stop) {
    const auto role = role_of(profile);
    if (const auto token_file = profile.get("web_identity_token_file")) {
        SF_ASSIGN(auto credentials, assume_role_with_web_identity(world, role, *token_file, std::move(stop)));
        return std::optional(std::move(credentials));
    }
    const auto source_profile = profile.get("source_profile");
    const auto source_name = profile.get("credential_source");
    std::optional<Credentials> source;
    if (source_profile) {
        // A profile may name itself: its own keys then assume its role.
        if (*source_profile == name) {
            SF_ASSIGN(source, keys_of(profile));
        } else {
            SF_ASSIGN(source, fetch(world, *source_profile, seen, stop));
        }
    } else if (source_name) {
        SF_ASSIGN(source, from_named_source(world, *source_name, name, stop));
    } else {
        return bad_profile(name, "a role needs source_profile, credential_source or web_identity_token_file");
    }
    if (!source) return bad_profile(name, "there are no credentials to assume the role with");
    SF_ASSIGN(auto credentials, assume_role(world, role, *source, std::move(stop)));
    return std::optional(std::move(credentials));
}

Fetched fetch(const CredentialsWorld& world, const std::string& name, std::set<std::string>& seen, std::stop_token stop) {
    if (!seen.insert(name).second) return bad_profile(name, "the source profiles go in a circle");
    const auto profile = world.config.profile(name);
    if (profile.get("role_arn")) return fetch_role(world, profile, name, seen, std::move(stop));
    SF_ASSIGN(auto keys, keys_of(profile));
    if (keys) return keys;
    if (const auto command = profile.get("credential_process")) {
        SF_ASSIGN(auto credentials, fetch_process(*command, std::move(stop)));
        return std::optional(std::move(credentials));
    }
    return std::optional<Credentials>{};
}

}  // namespace

Fetched fetch_profile(const CredentialsWorld& world, const std::string& name, std::stop_token stop) {
    std::set<std::string> seen;
    return fetch(world, name, seen, std::move(stop));
}

}  // namespace streamforge::storage
