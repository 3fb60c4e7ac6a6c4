#include <algorithm>
#include <set>

#include <streamforge/cdn/purge.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/crypto/hash.hpp>
#include <streamforge/http/url.hpp>

#include "cdn/policy_check.hpp"
#include "cdn/purge/aws_signature.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr std::size_t max_paths = 3000;
constexpr std::size_t max_wildcards = 15;
constexpr std::size_t max_tag_bytes = 256;
constexpr std::string_view namespace_uri = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

PurgeCapabilities make_capabilities() {
    PurgeCapabilities can;
    can.provider = "cloudfront";
    can.prefixes = true;
    can.tags = true;
    can.everything = true;
    can.max_items = max_paths;
    can.max_prefixes = max_wildcards;
    return can;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    for (const char character : text) {
        switch (character) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default: out.push_back(character);
        }
    }
    return out;
}

/// Paths, "/folder/*" and "#tag", each once, in the order given.
Result<std::vector<std::string>> items_of(const PurgeRequest& request) {
    if (request.everything) return std::vector<std::string>{"/*"};
    std::vector<std::string> items;
    std::size_t wildcards = 0;
    for (const std::string& url : request.urls) {
        if (url.front() != '/' || !parse_url(url) || url.find('*') != std::string::npos) {
            return refused_field("urls", "must be paths as clients ask for them, without '*'").with("item", url);
        }
        items.push_back(url);
    }
    for (const std::string& prefix : request.prefixes) {
        const std::string path = prefix.ends_with('*') ? prefix.substr(0, prefix.size() - 1) : prefix;
        if (path.empty() || path.front() != '/' || path.find('*') != std::string::npos || !parse_url(path)) {
            return refused_field("prefixes", "must be paths with at most one '*', at their end").with("item", prefix);
        }
        items.push_back(path + "*");
        ++wildcards;
    }
    for (const std::string& tag : request.tags) {
        if (tag.size() > max_tag_bytes || tag.find('*') != std::string::npos) {
            return refused_field("tags", "must have at most 256 characters and no '*'").with("item", tag.substr(0, 100));
        }
        items.push_back("#" + tag);
    }
    if (wildcards > max_wildcards) {
        return make_error(Errc::limit_exceeded, "cdn.purge", "CloudFront takes no more wildcards at once")
            .with("field", "prefixes")
            .with("limit", std::to_string(max_wildcards));
    }
    std::set<std::string> seen;
    std::erase_if(items, [&](const std::string& item) { return !seen.insert(item).second; });
    return items;
}

/// The text between <Id> and </Id>; the answer is not needed for more.
std::string id_of(std::string_view xml) {
    const std::size_t begin = xml.find("<Id>");
    const std::size_t end = xml.find("</Id>", begin == std::string_view::npos ? 0 : begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    const std::string_view id = xml.substr(begin + 4, end - begin - 4);
    return id.size() <= 64 ? std::string(id) : std::string();
}

class CloudFrontPurger final : public Purger {
public:
    CloudFrontPurger(CloudFrontPurgeOptions cloudfront, std::shared_ptr<http::Transport> transport, PurgerOptions options)
        : Purger(make_capabilities(), std::move(transport), std::move(options)), cloudfront_(std::move(cloudfront)) {}

private:
    /// The same for each repetition of one purge, another for the same wish at another time.
    [[nodiscard]] std::string reference_for(const PurgeRequest& request, const std::vector<std::string>& items) const {
        if (!request.reference.empty()) return request.reference;
        std::string all =
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(options().clock().time_since_epoch()).count());
        for (const std::string& item : items) all += "\n" + item;
        return "streamforge-" + crypto::sha256_hex(all).substr(0, 32);
    }

    Result<std::vector<PurgeCall>> do_plan(const PurgeRequest& request) const override {
        SF_ASSIGN(std::vector<std::string> items, items_of(request));
        PurgeCall call;
        call.method = "POST";
        call.url = cloudfront_.endpoint + "/2020-05-31/distribution/" + cloudfront_.distribution_id + "/invalidation";
        call.headers = {{"Content-Type", "application/xml"}};
        call.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<InvalidationBatch xmlns=\"" + std::string(namespace_uri) +
                    "\"><Paths><Quantity>" + std::to_string(items.size()) + "</Quantity><Items>";
        for (const std::string& item : items) call.body += "<Path>" + escape_xml(item) + "</Path>";
        call.body +=
            "</Items></Paths><CallerReference>" + escape_xml(reference_for(request, items)) + "</CallerReference></InvalidationBatch>";
        call.items = std::move(items);
        return std::vector<PurgeCall>{std::move(call)};
    }

    Result<void> do_authorise(const PurgeCall& call, http::Request& request) const override {
        SF_ASSIGN(const AwsIdentity identity, cloudfront_.identity());
        SF_TRY(purge::sign_for_aws(request, call.body, identity, "us-east-1", "cloudfront", options().clock()));
        return {};
    }

    Result<std::string> do_read(const http::Response& response) const override {
        return id_of({reinterpret_cast<const char*>(response.body.data()), response.body.size()});
    }

    CloudFrontPurgeOptions cloudfront_;
};

}  // namespace

Result<void> CloudFrontPurgeOptions::validate() const {
    if (distribution_id.empty() || distribution_id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != std::string::npos) {
        return refused_field("distribution_id", "must be of capital letters and digits");
    }
    if (!identity) return refused_field("identity", "must be set");
    if (!http::parse_url(endpoint) || endpoint.ends_with('/')) return refused_field("endpoint", "must be an http(s) origin");
    return {};
}

Result<std::unique_ptr<Purger>> make_cloudfront_purger(CloudFrontPurgeOptions cloudfront, std::shared_ptr<http::Transport> transport,
                                                       const PurgerOptions& options) {
    SF_TRY(cloudfront.validate());
    SF_TRY(options.validate());
    if (!transport) return refused_field("transport", "must be set");
    return std::unique_ptr<Purger>(std::make_unique<CloudFrontPurger>(std::move(cloudfront), std::move(transport), options));
}

}  // namespace streamforge::cdn
