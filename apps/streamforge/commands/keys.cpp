#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "key_options.hpp"

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

struct KeysCheckOptions {
    std::string provider;
    KeyOptions key;
    bool json = false;
};

constexpr auto keys_examples = R"(Examples:
  streamforge keys check cloudfront --key-file cf.pem --key-id K2JCJMDEHXQW5F
  streamforge keys check local --key-env TOKEN_KEY)";

/// What a key is, without a word of it.
ordered_json describe(const cdn::KeyMaterial& material) {
    if (const auto* secret = std::get_if<cdn::SymmetricKey>(&material)) {
        return {{"kind", "symmetric"}, {"type", "hmac"}, {"bits", secret->size_bytes() * 8}, {"can_sign", true}};
    }
    if (const auto* pair = std::get_if<crypto::PrivateKey>(&material)) {
        return {{"kind", "private"}, {"type", to_string(pair->type())}, {"bits", pair->size_bits()}, {"can_sign", true}};
    }
    const auto& key = std::get<crypto::PublicKey>(material);
    return {{"kind", "public"}, {"type", to_string(key.type())}, {"bits", key.size_bits()}, {"can_sign", false}};
}

Result<void> check_keys(const KeysCheckOptions& options, Console& console) {
    SF_ASSIGN(const Secret text, options.key.read());
    SF_ASSIGN(cdn::KeyMaterial material, cdn::parse_provider_key(options.provider, text));
    ordered_json found = describe(material);
    SF_ASSIGN(const cdn::ProviderSettings settings, options.key.settings());
    std::vector<cdn::KeyEntry> entries;
    entries.push_back({options.key.id, std::move(material), {}, {}, {}});
    SF_ASSIGN(cdn::KeyRing ring, cdn::KeyRing::make(std::move(entries)));
    SF_TRY(cdn::make_verifier(options.provider, std::move(ring), settings));
    if (console.json()) {
        ordered_json line{{"event", "done"}, {"provider", options.provider}, {"key_id", options.key.id}};
        line.update(found);
        console.out(line.dump());
        return {};
    }
    const bool signs = found["can_sign"].get<bool>();
    console.out(fmt::format("{} key, {} with {} bits, {}: good for {}", found["kind"].get<std::string>(), found["type"].get<std::string>(),
                            found["bits"].get<std::uint64_t>(), signs ? "signs and verifies" : "verifies only", options.provider));
    return {};
}

}  // namespace

void add_keys(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<KeysCheckOptions>();
    auto* group = app.add_subcommand("keys", "Look at signing keys");
    group->require_subcommand(1);
    group->footer(keys_examples);
    auto* command = group->add_subcommand("check", "Say what a key is and whether the provider takes it");
    command->add_option("PROVIDER", options->provider, provider_help)->required();
    options->key.declare_source(*command);
    options->key.declare_settings(*command);
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(with_providers(keys_examples));
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = check_keys(*options, call.console);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
