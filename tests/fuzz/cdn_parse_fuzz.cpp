// libraries: cdn
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <streamforge/cdn/ip_network.hpp>
#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/steering.hpp>
#include <streamforge/cdn/url.hpp>

#include "cdn/akamai/edge_auth.hpp"
#include "cdn/cat/cose.hpp"
#include "cdn/cloudfront/policy_text.hpp"
#include "cdn/jwt/uri_container.hpp"
#include "cdn/local/local_token.hpp"
#include "cdn/stream/resolve.hpp"
#include "cdn/url_scan.hpp"

using namespace streamforge;
using namespace streamforge::cdn;

// Every decoder of the module over the same bytes. What is read must be read back from what is written of it.
namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void check_url(std::string_view text) {
    const auto parts = parse_url(text);
    if (!parts) return;
    require(std::string(parts->origin) + std::string(parts->path_and_query()) == text);
    require(!has_dot_segment(parts->path) && encode_path(parts->path) == parts->path);
    const auto resolved = stream::resolve("https://h.example/a/b?c", text);
    require(!resolved || !resolved->empty());
}

void check_local(std::string_view text) {
    const auto parsed = local::parse(text);
    if (!parsed) return;
    std::string again;
    local::append_fields(again, parsed->fields);
    require(again == parsed->signed_text);  // one spelling per token
}

void check_akamai(std::string_view text) {
    const auto parsed = akamai::parse(text);
    if (!parsed) return;
    std::string again;
    akamai::append_fields(again, parsed->fields);
    require(again == parsed->signed_text);
    require(akamai::unescape_early(akamai::escape_early(text)) == text);
}

void check_steering(std::string_view text) {
    (void)parse_steering_query(text);
    const auto document = parse_steering(text);
    if (!document) return;
    const auto written = write_steering(*document);
    require(written.has_value());
    const auto again = parse_steering(*written);
    require(again && again->priority == document->priority && again->clones.size() == document->clones.size());
}

void check_network(std::string_view text) {
    const auto network = IpNetwork::parse(text);
    if (network) require(IpNetwork::parse(network->to_cidr()).value() == *network);
    (void)IpNetwork::parse_address(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_url(text);
    check_local(text);
    check_akamai(text);
    check_steering(text);
    check_network(text);
    if (const auto container = uri_signing::UriContainer::parse(text)) require(container->claim() == text);
    (void)cose::parse({data, size});
    (void)cbor::decode({data, size});
    (void)cloudfront::parse_custom_policy(text);
    const bool looks_like_key = text.find("-----BEGIN") != std::string_view::npos || text.starts_with("{\"kty\"");
    if (size < 8192 && looks_like_key) (void)parse_asymmetric_key(Secret(std::string(text)));
    return 0;
}
