#include "core/try.hpp"
#include "storage/credentials/fetchers.hpp"

namespace streamforge::storage {
namespace {

Error none_found() {
    return make_error(Errc::unauthenticated, "storage.credentials",
                      "no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile");
}

std::string region_of(const CredentialsOptions& options, const AwsProfile& profile) {
    if (!options.region.empty()) return options.region;
    for (const auto* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
        if (const auto value = options.environment(name); value && !value->empty()) return *value;
    }
    return profile.get("region").value_or("us-east-1");
}

class DefaultProvider final : public CredentialsProvider {
public:
    explicit DefaultProvider(const CredentialsOptions& options) : CredentialsProvider(options.clock), options_(options) {}

private:
    Result<Credentials> do_fetch(std::stop_token stop) override {
        CredentialsWorld world{.options = options_};
        // Files and variables are read anew: they may have been rotated.
        SF_ASSIGN(world.config, load_aws_config(options_.environment));
        world.transport = options_.transport;
        if (!world.transport) {
            SF_ASSIGN(world.transport, http::make_curl_transport({.stall = std::chrono::seconds(5)}));
        }
        const auto name = options_.profile.empty() ? default_profile_name(options_.environment) : options_.profile;
        world.region = region_of(options_, world.config.profile(name));
        if (!options_.profile.empty()) {
            if (!world.config.has_profile(name)) return none_found().with("profile", name);
        } else {
            SF_ASSIGN(auto from_environment, fetch_environment(world));
            if (from_environment) return *std::move(from_environment);
        }
        SF_ASSIGN(auto from_profile, fetch_profile(world, name, stop));
        if (from_profile) return *std::move(from_profile);
        SF_ASSIGN(auto from_identity, fetch_web_identity(world, stop));
        if (from_identity) return *std::move(from_identity);
        SF_ASSIGN(auto from_container, fetch_container(world, stop));
        if (from_container) return *std::move(from_container);
        if (options_.machine_metadata) {
            SF_ASSIGN(auto from_machine, fetch_machine(world, stop));
            if (from_machine) return *std::move(from_machine);
        }
        return none_found();
    }

    CredentialsOptions options_;
};

}  // namespace

Fetched fetch_environment(const CredentialsWorld& world) {
    auto id = world.env("AWS_ACCESS_KEY_ID");
    Secret secret(world.env("AWS_SECRET_ACCESS_KEY"));
    if (id.empty() || secret.empty()) return std::optional<Credentials>{};
    return std::optional(Credentials{std::move(id), std::move(secret), Secret(world.env("AWS_SESSION_TOKEN")), std::nullopt});
}

std::shared_ptr<CredentialsProvider> make_default_credentials(const CredentialsOptions& options) {
    return std::make_shared<DefaultProvider>(options);
}

}  // namespace streamforge::storage
