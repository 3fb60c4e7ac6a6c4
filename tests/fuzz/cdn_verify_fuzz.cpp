// libraries: cdn
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/provider.hpp>
#include <streamforge/crypto/encoding.hpp>

using namespace streamforge;
using namespace streamforge::cdn;

// Input: the provider's number in one byte, then URL, cookies and client, one a line. The seeds are good tokens of each provider.
namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

constexpr TimePoint now{std::chrono::seconds(1'795'275'000)};

constexpr auto p256 =
    R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})";

std::string key_text(std::string_view provider) {
    if (provider == "cloudfront") return p256;
    if (provider == "akamai") return "52a152a152a152a152a152a152a1";
    if (provider == "google") return "nZtRohdNF9m3cKM24IcK4w==";
    if (provider.starts_with("google-media")) return "DJUcnLguVFKmVCFnWGubG1MZg7fWAnxacMjKDhVZMGI=";
    if (provider.starts_with("fastly")) return "MDEyMzQ1Njc4OWFiY2RlZg==";
    return "0123456789abcdef0123456789abcdef";
}

std::vector<std::unique_ptr<UrlVerifier>> make_verifiers() {
    std::vector<std::unique_ptr<UrlVerifier>> verifiers;
    for (const ProviderInfo& info : providers()) {
        if (info.name == "cloudflare-stream") continue;  // its signatures cost too much here; see cdn_signed_fuzz
        const auto ring = KeyRing::single("k1", parse_provider_key(info.name, Secret(key_text(info.name))).value());
        verifiers.push_back(make_verifier(info.name, ring).value());
    }
    return verifiers;
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto verifiers = make_verifiers();
    if (size == 0) return 0;
    const UrlVerifier& verifier = *verifiers[data[0] % verifiers.size()];
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    VerifyRequest request;
    request.url = take_line(rest);
    request.cookies = take_line(rest);
    request.client_ip = take_line(rest);
    request.user_agent = "Agent/1.0";
    request.method = "GET";
    request.country = "DE";
    request.now = now;
    const auto grant = verifier.verify(request);
    if (!grant) {
        require(denial_of(grant.error()).has_value());
        return 0;
    }
    require(grant->policy.expires_at > now);
    require(grant->url.size() <= request.url.size());
    // What it let through is a URL without a token: asked for alone, it is refused.
    VerifyRequest bare = request;
    bare.url = grant->url;
    if (bare.cookies.empty()) require(!verifier.verify(bare));
    return 0;
}
