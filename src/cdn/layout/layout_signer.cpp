#include <streamforge/cdn/token_layout.hpp>

#include "cdn/decimal.hpp"
#include "cdn/layout/layout_message.hpp"
#include "cdn/layout/layout_rules.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/symmetric.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace layout {
namespace {

class LayoutSigner final : public UrlSigner {
public:
    LayoutSigner(TokenLayout layout, KeyRing keys, SignerOptions options)
        : UrlSigner(capabilities_of(layout), std::move(keys), std::move(options)),
          layout_(std::move(layout)),
          subject_(subject_of(layout_)),
          binds_client_(holds(layout_.message, LayoutField::client_ip)),
          binds_agent_(holds(layout_.message, LayoutField::user_agent)) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        const bool only_path = request.url != nullptr && !binds_client_ && !binds_agent_ && subject_ != LayoutField::decoded_path &&
                               subject_ != LayoutField::url_before_mac;
        return only_path ? Result<void>{} : check_all(request);
    }

    [[nodiscard]] Result<void> check_all(const SignRequest& request) const {
        const SignPolicy& policy = *request.policy;
        if (binds_client_) {
            if (!policy.client_ip) return refused_field("client_ip", "is part of this layout and must be given");
            if (!policy.client_ip->is_single_address()) return refused_field("client_ip", "must be a single address for this layout");
        }
        if (binds_agent_ && policy.data.empty()) return refused_field("data", "must hold the client's User-Agent for this layout");
        if (policy.scope == Scope::prefix && subject_ == LayoutField::prefix && request.prefix_path.size() != layout_.prefix_bytes) {
            return refused_field("resource", "must have exactly as many bytes of path as the edge's rule signs")
                .with("prefix_bytes", std::to_string(layout_.prefix_bytes));
        }
        return request.url != nullptr ? check_url(*request.url) : Result<void>{};
    }

    [[nodiscard]] Result<void> check_url(const UrlParts& url) const {
        if (subject_ == LayoutField::decoded_path) {
            if (const auto problem = decoded_path_problem(url.path); !problem.empty()) return refused_field("url", problem);
        }
        if (subject_ == LayoutField::url_before_mac &&
            url.query.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-._=&") != std::string_view::npos) {
            return refused_field("url", "has characters in its query that the edge writes in another way before it compares");
        }
        return {};
    }

    /// The time as the token shows it.
    [[nodiscard]] TimePoint shown_time(const SignRequest& request) const { return request.expires - layout_.lifetime; }

    void append_parts(std::string& out, const std::vector<LayoutPart>& parts, MessageInput input, const SymmetricKey& key) const {
        for (const LayoutPart& part : parts) {
            switch (part.field) {
                case LayoutField::literal: out.append(part.text); break;
                case LayoutField::mac: append_mac_text(out, compute_mac(out, layout_, input, key).bytes(), layout_.mac_text); break;
                default: out.append(input.time);
            }
        }
    }

    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const override {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        const UrlParts& url = *request.url;
        const std::string time = decimal(shown_time(request));
        const std::string client = binds_client_ ? request.policy->client_ip->address_text() : std::string();
        MessageInput input{url.path, url.query, {}, time, client, request.policy->data};
        if (!layout_.path_component.empty()) {
            out.append(url.origin).push_back('/');
            const std::size_t begin = out.size();
            append_parts(out, layout_.path_component, input, *key);
            const TokenSpan span{begin, out.size() - begin};
            out.append(url.path_and_query());
            return span;
        }
        const std::size_t path_begin = out.size() + url.origin.size();
        out.append(url.text);
        const std::size_t token_begin = out.size() + 1;
        char separator = url.has_query() ? '&' : '?';
        for (const LayoutParameter& parameter : layout_.parameters) {
            std::string before;  // a copy: `out` may move while the MAC is made
            if (subject_ == LayoutField::url_before_mac) before = out.substr(path_begin);
            input.url_before_mac = before;
            out.push_back(separator);
            out.append(parameter.name).push_back('=');
            append_parts(out, parameter.value, input, *key);
            separator = '&';
        }
        return TokenSpan{token_begin, out.size() - token_begin};
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement placement) const override {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        const std::string time = decimal(shown_time(request));
        const std::string client = binds_client_ ? request.policy->client_ip->address_text() : std::string();
        const MessageInput input{request.prefix_path, {}, {}, time, client, request.policy->data};
        GrantToken grant;
        if (placement == TokenPlacement::path) {
            append_parts(grant.component, layout_.path_component, input, *key);
            return grant;
        }
        for (const LayoutParameter& parameter : layout_.parameters) {
            std::string value;
            append_parts(value, parameter.value, input, *key);
            grant.parameters.push_back({parameter.name, std::move(value)});
        }
        return grant;
    }

    TokenLayout layout_;
    LayoutField subject_;
    bool binds_client_;
    bool binds_agent_;
};

}  // namespace
}  // namespace layout

Result<std::unique_ptr<UrlSigner>> make_layout_signer(TokenLayout layout, KeyRing keys, const SignerOptions& options) {
    SF_TRY(layout.validate());
    SF_TRY(options.validate());
    SF_TRY(check_symmetric_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<layout::LayoutSigner>(std::move(layout), std::move(keys), options));
}

}  // namespace streamforge::cdn
