#include "cdn/policy_check.hpp"
#include "cdn/stream/resolve.hpp"
#include "cdn/stream/stream_files.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace stream {
namespace {

std::vector<DeliveryMethod> methods_of(const StreamRequest& request, ManifestFormat format) {
    if (!request.methods.empty()) return request.methods;
    return {DeliveryMethod::path_token, format == ManifestFormat::hls ? DeliveryMethod::define_query : DeliveryMethod::annex_i,
            DeliveryMethod::cookies, DeliveryMethod::rewritten, DeliveryMethod::player_query};
}

/// What the manifests themselves have against a method; empty when nothing.
std::string stream_problem(DeliveryMethod method, const StreamFiles& files, const Capabilities& can) {
    const bool touches = method == DeliveryMethod::define_query || method == DeliveryMethod::rewritten;
    if (method == DeliveryMethod::path_token && !files.only_relative) {
        return "the manifests name absolute URLs or leave the entry's folder, so that they would lose the path's token";
    }
    if (touches && files.format == ManifestFormat::hls && !files.complete) return "the media playlists that the entry names were not given";
    if (touches && files.has_variables) return "the playlists hold variables in their URLs already";
    if (method == DeliveryMethod::annex_i && !files.only_relative) return "the MPD names absolute URLs";
    if (can.prefix_direct_children_only && method != DeliveryMethod::rewritten && files.has_other_folders) {
        return can.provider + "'s tokens do not open sub-folders";
    }
    const bool beside = method != DeliveryMethod::path_token && method != DeliveryMethod::cookies;
    if (!can.append_query_prefix && beside && can.prefix && files.has_queries) {
        return can.provider + "'s tokens do not work beside other parameters";
    }
    return {};
}

/// One stream being granted.
class Authorizer {
public:
    Authorizer(const UrlSigner& signer, const StreamRequest& request, const StreamFiles& files)
        : signer_(signer), request_(request), files_(files), policy_(request.policy) {
        policy_.scope = Scope::prefix;
        policy_.resource = files.folder;
        policy_.allow_everything = true;  // the folder is that of the stream, even when it is the host's root
    }

    Result<StreamGrant> grant_by(DeliveryMethod method) const {
        switch (method) {
            case DeliveryMethod::path_token: return by_path();
            case DeliveryMethod::cookies: return by_cookies();
            case DeliveryMethod::define_query:
            case DeliveryMethod::annex_i:
            case DeliveryMethod::player_query: return by_query(method);
            case DeliveryMethod::rewritten: return signer_.capabilities().prefix ? by_rewriting() : by_single_urls();
        }
        return make_error(Errc::internal, "cdn.authorize_stream", "unknown method");
    }

private:
    [[nodiscard]] const std::string& entry_url() const { return request_.entry.url; }

    static StreamGrant made(DeliveryMethod method, SignedUrl url) { return {method, std::move(url), std::nullopt, {}, {}, false, {}, {}}; }

    [[nodiscard]] Result<StreamGrant> by_path() const {
        SF_ASSIGN(const PrefixGrant grant, signer_.grant(policy_, TokenPlacement::path));
        SF_ASSIGN(SignedUrl url, grant.url(entry_url()));
        StreamGrant stream = made(DeliveryMethod::path_token, std::move(url));
        stream.notes.emplace_back("the token is a part of the path: take it off before the cache key, and keep it out of logs");
        return stream;
    }

    [[nodiscard]] Result<StreamGrant> by_cookies() const {
        SF_ASSIGN(CookieSet cookies, signer_.sign_cookies(entry_url(), policy_, cookie_attributes()));
        StreamGrant stream = made(DeliveryMethod::cookies, SignedUrl(entry_url(), 0, 0));
        stream.entry_url = SignedUrl(entry_url(), entry_url().size(), 0);
        stream.cookies = std::move(cookies);
        stream.notes.emplace_back("cookies must be set by a host under the media's domain, and players must send credentials");
        return stream;
    }

    [[nodiscard]] CookieAttributes cookie_attributes() const {
        CookieAttributes attributes = request_.cookies;
        if (!attributes.path.empty()) return attributes;
        const auto folder = parse_url(files_.folder);
        if (folder) attributes.path = folder->path;
        return attributes;
    }

    [[nodiscard]] Result<StreamGrant> by_query(DeliveryMethod method) const {
        SF_ASSIGN(const PrefixGrant grant, signer_.grant(policy_));
        SF_ASSIGN(SignedUrl url, grant.url(entry_url()));
        StreamGrant stream = made(method, std::move(url));
        if (method == DeliveryMethod::define_query) {
            SF_ASSIGN(stream.manifests, define_hls(files_, grant.parameters()));
        } else if (method == DeliveryMethod::annex_i) {
            stream.manifests = annex_i_dash(files_, entry_url());
        } else {
            stream.query = grant.query();
        }
        note_appending(stream, signer_.capabilities().append_query_prefix);
        return stream;
    }

    [[nodiscard]] Result<StreamGrant> by_rewriting() const {
        const TokenPlacement placement = signer_.capabilities().query_token ? TokenPlacement::query : TokenPlacement::path;
        SF_ASSIGN(const PrefixGrant grant, signer_.grant(policy_, placement));
        SF_ASSIGN(SignedUrl url, grant.url(entry_url()));
        StreamGrant stream = made(DeliveryMethod::rewritten, std::move(url));
        const UriSigner sign = [&](std::string_view reference, const std::string& whole) -> Result<std::optional<std::string>> {
            if (placement == TokenPlacement::path) {
                SF_ASSIGN(SignedUrl signed_url, grant.url(whole));
                return std::optional(std::move(signed_url).reveal());
            }
            std::string text(reference);
            text.append(reference.find('?') == std::string_view::npos ? "?" : "&").append(grant.query());
            return std::optional(std::move(text));
        };
        if (files_.format == ManifestFormat::hls) {
            SF_ASSIGN(stream.manifests, rewrite_hls(files_, sign));
        } else {
            SF_ASSIGN(stream.manifests, rewrite_dash(files_, entry_url(), sign));
        }
        stream.manifests_are_personal = true;
        note_appending(stream, signer_.capabilities().append_query_prefix);
        return stream;
    }

    /// For schemes that know no folders: each URL of the playlists is signed by itself.
    [[nodiscard]] Result<StreamGrant> by_single_urls() const {
        SignPolicy exact = request_.policy;
        exact.scope = Scope::exact;
        exact.resource.clear();
        SF_ASSIGN(SignedUrl url, signer_.sign(entry_url(), exact));
        StreamGrant stream = made(DeliveryMethod::rewritten, std::move(url));
        const UriSigner sign = [&](std::string_view reference, const std::string& whole) -> Result<std::optional<std::string>> {
            SF_ASSIGN(const SignedUrl signed_url, signer_.sign(whole, exact));
            const std::string& text = signed_url.reveal();
            if (!text.starts_with(whole)) return std::optional(text);
            return std::optional(std::string(reference) + text.substr(whole.size()));
        };
        SF_ASSIGN(stream.manifests, rewrite_hls(files_, sign));
        stream.manifests_are_personal = true;
        stream.notes.emplace_back("every URL is signed by itself: " + std::to_string(files_.count + 1) + " signatures");
        note_appending(stream, signer_.capabilities().append_query_exact);
        return stream;
    }

    void note_appending(StreamGrant& stream, bool may_append) const {
        if (!may_append) {
            stream.notes.emplace_back(signer_.capabilities().provider +
                                      " refuses parameters that players add: send CMCD in headers, and do not use low-latency HLS");
        }
        if (stream.manifests_are_personal)
            stream.notes.emplace_back("the manifests hold this viewer's token: serve them with Cache-Control: private, no-store");
    }

    const UrlSigner& signer_;
    const StreamRequest& request_;
    const StreamFiles& files_;
    SignPolicy policy_;
};

Error none_works(const std::vector<Rejection>& rejected) {
    Error error = make_error(Errc::unsupported, "cdn.authorize_stream", "no way of delivery serves these players with this signer");
    for (const Rejection& rejection : rejected) error = std::move(error).with(std::string(to_string(rejection.method)), rejection.reason);
    return error;
}

}  // namespace
}  // namespace stream

Result<void> StreamRequest::validate() const {
    SF_ASSIGN(const UrlParts parts, parse_url(entry.url));
    if (!parts.is_absolute()) return refused_field("entry", "must have an absolute URL");
    if (players.empty()) return refused_field("players", "must not be empty");
    if (policy.scope != Scope::exact || !policy.resource.empty())
        return refused_field("policy", "must leave scope and resource alone: the stream decides them");
    SF_TRY(policy.validate());
    return cookies.validate();
}

Result<StreamGrant> authorize_stream(const UrlSigner& signer, const StreamRequest& request) {
    SF_TRY(request.validate());
    SF_ASSIGN(const stream::StreamFiles files, stream::read_stream(request));
    const stream::Authorizer authorizer(signer, request, files);
    std::vector<Rejection> rejected;
    for (const DeliveryMethod method : stream::methods_of(request, files.format)) {
        std::string problem = method_problem(method, files.format, signer.capabilities(), request.players);
        if (problem.empty()) problem = stream::stream_problem(method, files, signer.capabilities());
        if (!problem.empty()) {
            rejected.push_back({method, std::move(problem)});
            continue;
        }
        SF_ASSIGN(StreamGrant granted, authorizer.grant_by(method));
        granted.rejected = std::move(rejected);
        if (!files.complete)
            granted.notes.emplace_back("not all that the entry names was given, so it was not checked to lie under " + files.folder);
        return granted;
    }
    return stream::none_works(rejected);
}

}  // namespace streamforge::cdn
