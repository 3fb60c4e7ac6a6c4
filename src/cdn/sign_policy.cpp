#include <streamforge/cdn/sign_policy.hpp>

#include <algorithm>
#include <string_view>

#include "cdn/decimal.hpp"
#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr std::size_t max_text_bytes = 1024;

Result<void> check_text(std::string_view field, std::string_view text) {
    if (text.size() > max_text_bytes) return refused_field(field, "must not be longer than 1024 bytes");
    if (std::ranges::any_of(text, [](char c) { return c < 0x20 || c > 0x7e; })) return refused_field(field, "must be printable ASCII");
    return {};
}

Result<void> check_countries(std::string_view field, const std::vector<std::string>& countries) {
    const auto is_code = [](const std::string& code) {
        return code.size() == 2 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
    };
    if (countries.size() > 300) return refused_field(field, "holds more countries than there are");
    if (!std::ranges::all_of(countries, is_code)) return refused_field(field, "must hold two-letter upper-case codes");
    return {};
}

Result<void> check_time(std::string_view field, TimePoint time) {
    const std::int64_t epoch = time.time_since_epoch().count();
    if (epoch > max_epoch) return refused_field(field, "lies after the year 2286: were milliseconds given?");
    if (epoch < min_epoch) return refused_field(field, "lies before the year 2001");
    return {};
}

}  // namespace

Error refused_field(std::string_view field, std::string_view message) {
    return make_error(Errc::invalid_argument, "cdn.policy", std::string(field) + " " + std::string(message))
        .with("field", std::string(field));
}

Result<void> SignPolicy::validate() const {
    if (scope == Scope::exact && !resource.empty()) {
        return refused_field("resource", "belongs to a prefix or pattern; an exact policy covers the signed URL itself");
    }
    if (scope != Scope::exact) {
        if (resource.empty())
            return refused_field("resource", "must not be empty: an empty one would cover everything that trusts the key");
        SF_TRY(check_text("resource", resource));
    }
    if (expires_at && expires_in.count() != 0) return refused_field("expires_in", "must be 0 when expires_at is given");
    if (!expires_at && expires_in.count() <= 0) return refused_field("expires_in", "must be positive, or expires_at given");
    if (expires_at) SF_TRY(check_time("expires_at", *expires_at));
    if (starts_at) SF_TRY(check_time("starts_at", *starts_at));
    if (expires_in.count() > max_epoch) return refused_field("expires_in", "is too long");
    if (expiry_bucket.count() < 0 || expiry_bucket > std::chrono::days(366))
        return refused_field("expiry_bucket", "must be 0 s to 366 days");
    if (!session_id.empty()) SF_TRY(check_text("session_id", session_id));
    if (!data.empty()) SF_TRY(check_text("data", data));
    if (countries_allowed.empty() && countries_blocked.empty()) return {};
    SF_TRY(check_countries("countries_allowed", countries_allowed));
    SF_TRY(check_countries("countries_blocked", countries_blocked));
    if (!countries_allowed.empty() && !countries_blocked.empty()) {
        return refused_field("countries_blocked", "cannot stand beside countries_allowed");
    }
    return {};
}

}  // namespace streamforge::cdn
