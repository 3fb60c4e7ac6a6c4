#include <algorithm>

#include <streamforge/cdn/token_layout.hpp>
#include <streamforge/crypto/compare.hpp>

#include "cdn/decimal.hpp"
#include "cdn/layout/layout_message.hpp"
#include "cdn/layout/layout_rules.hpp"
#include "cdn/symmetric.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace layout {
namespace {

constexpr std::size_t time_digits = 10;

/// What a token shows.
struct Shown {
    std::string_view time;
    std::string_view mac;
};

Error malformed() { return make_denial(Denial::malformed_token, "the token has not the layout's form"); }

class LayoutVerifier final : public UrlVerifier {
public:
    LayoutVerifier(TokenLayout layout, KeyRing keys, VerifierOptions options)
        : UrlVerifier(capabilities_of(layout), std::move(keys), std::move(options)),
          layout_(std::move(layout)),
          subject_(subject_of(layout_)) {
        for (const auto& parameter : layout_.parameters) names_.push_back(parameter.name);
    }

private:
    /// Takes the parts off `text`, which must end with the last of them.
    [[nodiscard]] bool read_parts(std::string_view text, const std::vector<LayoutPart>& parts, Shown& shown) const {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const LayoutPart& part = parts[i];
            std::size_t size = time_digits;
            if (part.field == LayoutField::literal) size = part.text.size();
            // Percent-encoding makes a MAC longer by an unknown amount: it then reaches to the end.
            if (part.field == LayoutField::mac) {
                size = layout_.mac_text == MacText::base64_percent && i + 1 == parts.size() ? text.size() : mac_text_length(layout_);
            }
            if (text.size() < size) return false;
            const std::string_view taken = text.substr(0, size);
            text.remove_prefix(size);
            if (part.field == LayoutField::literal && taken != part.text) return false;
            if (part.field == LayoutField::mac) shown.mac = taken;
            if (part.field == LayoutField::expires || part.field == LayoutField::issued) shown.time = taken;
        }
        return text.empty();
    }

    /// Fills `shown`, `input` and the URL without the token.
    [[nodiscard]] Result<void> locate(const Context& context, Shown& shown, MessageInput& input, std::string& stripped) const {
        const UrlParts& url = context.url;
        if (!layout_.path_component.empty()) {
            const std::size_t end = url.path.find('/', 1);
            if (end == std::string_view::npos || !read_parts(url.path.substr(1, end - 1), layout_.path_component, shown)) {
                return make_denial(Denial::missing_token, "the path does not begin with a token of the layout's form");
            }
            input.path = url.path.substr(end);
            input.query = url.query;
            stripped = std::string(url.origin) + std::string(url.path_and_query().substr(end));
            return {};
        }
        for (const LayoutParameter& parameter : layout_.parameters) {
            SF_ASSIGN(const std::string_view value, required_parameter(url.query, parameter.name));
            if (!read_parts(value, parameter.value, shown)) return malformed();
            const bool is_end = value.data() + value.size() == url.query.data() + url.query.size();
            const bool is_last = &parameter == &layout_.parameters.back();
            if (layout_.token_is_last && is_last && !is_end)
                return make_denial(Denial::malformed_token, "the token must be last in the query");
            if (holds(parameter.value, LayoutField::mac)) {
                const auto name_at = static_cast<std::size_t>(value.data() - url.text.data()) - parameter.name.size() - 2;
                input.url_before_mac = url.text.substr(url.origin.size(), name_at - url.origin.size());
            }
        }
        stripped = without_parameters(url, names_);
        const std::size_t question = stripped.find('?');
        input.path = url.path;
        input.query = question == std::string::npos ? std::string_view() : std::string_view(stripped).substr(question + 1);
        return {};
    }

    [[nodiscard]] Result<void> check_path(std::string_view path, std::string_view own_query) const {
        if (subject_ == LayoutField::prefix && layout_.token_is_last && !own_query.empty()) {
            return make_denial(Denial::wrong_scope, "the token does not work beside other parameters");
        }
        if (subject_ == LayoutField::decoded_path && !decoded_path_problem(path).empty()) {
            return make_denial(Denial::wrong_scope, "the path is not in its normal form");
        }
        if (subject_ == LayoutField::prefix && (path.size() < layout_.prefix_bytes || has_encoded_slash(path))) {
            return make_denial(Denial::wrong_scope, "the path is outside of the token's prefix");
        }
        if (subject_ == LayoutField::folder && has_encoded_slash(path))
            return make_denial(Denial::wrong_scope, "an encoded slash is not allowed");
        return {};
    }

    /// The key that made the MAC: tokens of these schemes do not name it, so each that may verify is tried.
    [[nodiscard]] const KeyEntry* find_key(const Context& context, const Shown& shown, const MessageInput& input) const {
        const KeyEntry* found = nullptr;
        std::string expected;
        for (const KeyEntry& entry : context.keys->entries()) {
            const auto* key = std::get_if<SymmetricKey>(&entry.material);
            if (key == nullptr || !entry.verifies_at(context.now)) continue;
            expected.clear();
            append_mac_text(expected, compute_mac(expected, layout_, input, *key).bytes(), layout_.mac_text);
            if (crypto::equal_constant_time(expected, shown.mac) && found == nullptr) found = &entry;
        }
        return found;
    }

    Result<VerifiedGrant> do_verify(const Context& context) const override {
        Shown shown;
        MessageInput input;
        VerifiedGrant grant;
        SF_TRY(locate(context, shown, input, grant.url));
        const auto time = parse_epoch(shown.time);
        if (!time) return malformed();
        SF_TRY(check_path(input.path, input.query));
        input.time = shown.time;
        input.client_ip = context.request->client_ip;
        input.user_agent = context.request->user_agent;
        const KeyEntry* entry = find_key(context, shown, input);
        if (entry == nullptr) return make_denial(Denial::wrong_signature, "the token was not made for this request by these keys");
        grant.key_id = entry->id;
        grant.policy.expires_at = *time + layout_.lifetime;
        if (subject_ == LayoutField::prefix) {
            grant.policy.scope = Scope::prefix;
            grant.policy.resource = input.path.substr(0, layout_.prefix_bytes);
        }
        if (subject_ == LayoutField::folder) {
            grant.policy.scope = Scope::prefix;
            grant.policy.resource = input.path.substr(0, input.path.rfind('/') + 1);
        }
        if (holds(layout_.message, LayoutField::user_agent)) grant.policy.data = context.request->user_agent;
        if (holds(layout_.message, LayoutField::client_ip)) {
            const auto client = IpNetwork::parse_address(context.request->client_ip);
            if (!client) return make_denial(Denial::wrong_client_ip, "the client's address is unknown");
            grant.policy.client_ip = *client;
        }
        return grant;
    }

    TokenLayout layout_;
    LayoutField subject_;
    std::vector<std::string_view> names_;
};

}  // namespace
}  // namespace layout

Result<std::unique_ptr<UrlVerifier>> make_layout_verifier(TokenLayout layout, KeyRing keys, const VerifierOptions& options) {
    SF_TRY(layout.validate());
    SF_TRY(options.validate());
    SF_TRY(check_symmetric_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<layout::LayoutVerifier>(std::move(layout), std::move(keys), options));
}

}  // namespace streamforge::cdn
