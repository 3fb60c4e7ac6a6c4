#include "key_options.hpp"

#include <charconv>
#include <unistd.h>

#include <streamforge/crypto/compare.hpp>

#include "core/try.hpp"

namespace streamforge::app {
namespace {

constexpr std::size_t max_key_bytes = 64 * 1024;

Error refused(std::string_view option, std::string message) {
    return make_error(Errc::invalid_argument, "cli", std::string(option) + ": " + std::move(message)).with("option", std::string(option));
}

Result<Secret> read_standard_input() {
    std::string text(max_key_bytes + 1, '\0');  // in one piece: growing would leave copies behind
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(STDIN_FILENO, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return error_from_errno(errno, "cli.key", "cannot read the key from standard input");
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > max_key_bytes) return make_error(Errc::limit_exceeded, "cli.key", "the key on standard input is longer than 64 KiB");
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r')) --size;
    if (size == 0) return make_error(Errc::not_found, "cli.key", "there is no key on standard input");
    Secret key(std::string(text.data(), size));
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return key;
}

Result<crypto::HashAlgorithm> parse_hash(const std::string& name) {
    if (name == "md5") return crypto::HashAlgorithm::md5;
    if (name == "sha1") return crypto::HashAlgorithm::sha1;
    if (name == "sha256") return crypto::HashAlgorithm::sha256;
    return refused("--hash", "sha256, sha1 or md5");
}

}  // namespace

void KeyOptions::declare_source(CLI::App& command) {
    command.add_option("--key-file", file, "File that holds the key, in the form of the provider's console; '-' reads standard input");
    command.add_option("--key-env", environment, "Environment variable that holds the key");
    command.add_option("--key-id", id, "The key's id at the provider: Key-Pair-Id, KeyName, kid");
}

void KeyOptions::declare_settings(CLI::App& command) {
    command.add_option("--hash", hash, "sha256 or sha1; Akamai also md5")->check(CLI::IsMember({"sha256", "sha1", "md5"}));
    command.add_option("--parameter", parameter, "Name of the parameter or cookie, where the scheme leaves it open");
    command.add_option("--rule-lifetime", rule_lifetime, "Cloudflare: the lifetime that the rule gives, e.g. 3h");
    command.add_option("--prefix-bytes", prefix_bytes, "Cloudflare: the rule signs so many bytes of the path");
    command.add_flag("--bind-client", bind_client, "nginx, Gcore: the client's address is part of the hash");
    command.add_flag("--ignore-params", ignore_params, "Bunny: leave the URL's own parameters out");
    command.add_flag("--escape-early", escape_early, "Akamai: escape fields before they are signed");
    command.add_option("--salt-env", salt_environment, "Akamai: environment variable that holds the salt");
    command.add_option("--issuer", issuer, "JWT, CAT: iss");
    command.add_option("--audience", audience, "JWT, CAT: aud");
}

Result<Secret> KeyOptions::read() const {
    if (file.empty() == environment.empty()) return refused("--key-file", "give exactly one of --key-file and --key-env");
    if (!environment.empty()) return cdn::read_key_environment(environment);
    return file == "-" ? read_standard_input() : cdn::read_key_file(file);
}

Result<cdn::KeyRing> KeyOptions::ring(std::string_view provider) const {
    SF_ASSIGN(const Secret text, read());
    SF_ASSIGN(cdn::KeyMaterial material, cdn::parse_provider_key(provider, text));
    std::vector<cdn::KeyEntry> entries;
    entries.push_back({id, std::move(material), {}, {}, {}});
    return cdn::KeyRing::make(std::move(entries));
}

Result<cdn::ProviderSettings> KeyOptions::settings() const {
    cdn::ProviderSettings settings;
    if (!hash.empty()) {
        SF_ASSIGN(settings.hash, parse_hash(hash));
    }
    settings.parameter = parameter;
    if (!rule_lifetime.empty()) {
        SF_ASSIGN(settings.rule_lifetime, parse_seconds("--rule-lifetime", rule_lifetime));
    }
    settings.prefix_bytes = prefix_bytes;
    settings.bind_client = bind_client;
    settings.ignore_params = ignore_params;
    settings.escape_early = escape_early;
    if (!salt_environment.empty()) {
        SF_ASSIGN(const Secret salt, cdn::read_key_environment(salt_environment));
        settings.salt = salt.reveal();
    }
    settings.issuer = issuer;
    settings.audience = audience;
    return settings;
}

void PolicyOptions::declare(CLI::App& command) {
    auto* in = command.add_option("--expires-in", expires_in, "End of validity from now: 300s, 5m, 1h, 7d");
    command.add_option("--expires-at", expires_at, "End of validity in seconds since 1970")->check(CLI::PositiveNumber)->excludes(in);
    command.add_option("--starts-at", starts_at, "Start of validity in seconds since 1970")->check(CLI::PositiveNumber);
    command.add_option("--bucket", bucket, "Round the end up to a multiple of this, so that URLs stay equal for a while");
    command.add_option("--client-ip", client_ip, "Only this client: 203.0.113.7, 203.0.113.0/24, 2001:db8:1:2::/64");
    command.add_option("--session", session, "Name of the viewing session, where the scheme carries one");
    command.add_option("--data", data, "Opaque text for rules at the edge, or the User-Agent where the scheme signs it");
    command.add_option("--country", countries, "Only these countries: DE,FR")->delimiter(',');
    command.add_option("--block-country", blocked_countries, "All but these countries")->delimiter(',');
    command.add_flag("--allow-everything", allow_everything, "Permit a resource that covers all that trusts the key");
}

Result<cdn::SignPolicy> PolicyOptions::policy() const {
    cdn::SignPolicy policy;
    if (expires_in.empty() == (expires_at == 0)) return refused("--expires-in", "give exactly one of --expires-in and --expires-at");
    if (expires_at != 0) policy.expires_at = cdn::TimePoint(std::chrono::seconds(expires_at));
    if (!expires_in.empty()) {
        SF_ASSIGN(policy.expires_in, parse_seconds("--expires-in", expires_in));
    }
    if (starts_at != 0) policy.starts_at = cdn::TimePoint(std::chrono::seconds(starts_at));
    if (!bucket.empty()) {
        SF_ASSIGN(policy.expiry_bucket, parse_seconds("--bucket", bucket));
    }
    if (!client_ip.empty()) {
        SF_ASSIGN(policy.client_ip, cdn::IpNetwork::parse(client_ip));
    }
    policy.session_id = session;
    policy.data = data;
    policy.countries_allowed = countries;
    policy.countries_blocked = blocked_countries;
    policy.allow_everything = allow_everything;
    return policy;
}

cdn::SignerOptions PolicyOptions::signer_options() const {
    cdn::SignerOptions options;
    options.max_lifetime = std::chrono::days(366);  // still catches milliseconds
    return options;
}

Result<std::chrono::seconds> parse_seconds(std::string_view option, const std::string& text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const std::int64_t factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86'400 : 0;
    constexpr std::int64_t most = 10'000'000'000;
    if (failure != std::errc{} || factor == 0 || number <= 0 || number > most / factor) {
        return refused(option, "'" + text + "' is no duration in whole seconds; write 300s, 5m, 1h or 7d");
    }
    return std::chrono::seconds(number * factor);
}

std::string with_providers(const std::string& footer) {
    constexpr std::size_t columns = 110;
    std::string text = footer + "\nProviders:";
    std::size_t column = 10;
    for (const cdn::ProviderInfo& info : cdn::providers()) {
        if (column + info.name.size() + 2 > columns) {
            text += "\n ";
            column = 1;
        }
        text += " " + std::string(info.name);
        column += info.name.size() + 1;
    }
    return text;
}

}  // namespace streamforge::app
