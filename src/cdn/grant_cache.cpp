#include <streamforge/cdn/grant_cache.hpp>

#include <algorithm>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "cdn/decimal.hpp"
#include "cdn/settled_expiry.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

/// Everything that tells one grant from another, as one text. Lengths keep neighbouring fields apart.
std::string key_of(const SignPolicy& policy, TokenPlacement placement, TimePoint expires) {
    std::string key;
    const auto add = [&](std::string_view text) {
        append_decimal(key, static_cast<std::int64_t>(text.size()));
        key.push_back(':');
        key.append(text);
    };
    append_decimal(key, static_cast<std::int64_t>(policy.scope) * 2 + static_cast<std::int64_t>(placement));
    key.push_back(policy.allow_host_wildcard ? 'h' : '-');
    key.push_back(policy.allow_everything ? 'e' : '-');
    append_epoch(key, expires);
    add(policy.resource);
    add(policy.starts_at ? decimal(*policy.starts_at) : std::string());
    add(policy.client_ip ? policy.client_ip->to_cidr() : std::string());
    add(policy.session_id);
    add(policy.data);
    for (const auto& country : policy.countries_allowed) add(country);
    key.push_back('|');
    for (const auto& country : policy.countries_blocked) add(country);
    return key;
}

}  // namespace

struct GrantCache::State {
    struct Entry {
        std::string key;
        PrefixGrant grant;
    };

    std::shared_ptr<const UrlSigner> signer;
    std::size_t capacity;
    mutable std::mutex mutex;
    // Guarded by `mutex`:
    std::list<Entry> entries;                                                ///< The most recently used first.
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index;  ///< Keys live in `entries`.
    Statistics statistics;

    void drop_locked(std::list<Entry>::iterator entry) {
        index.erase(entry->key);
        entries.erase(entry);
    }

    std::optional<PrefixGrant> find(const std::string& key, TimePoint now) {
        const std::lock_guard lock(mutex);
        const auto found = index.find(key);
        if (found == index.end() || found->second->grant.expires_at() <= now) {
            if (found != index.end()) drop_locked(found->second);
            ++statistics.misses;
            return std::nullopt;
        }
        ++statistics.hits;
        entries.splice(entries.begin(), entries, found->second);
        return found->second->grant;
    }

    void put(std::string key, const PrefixGrant& grant) {
        const std::lock_guard lock(mutex);
        if (index.contains(key)) return;  // another thread was faster
        if (entries.size() >= capacity) drop_locked(std::prev(entries.end()));
        entries.push_front({std::move(key), grant});
        index.emplace(entries.front().key, entries.begin());
    }
};

GrantCache::GrantCache(std::shared_ptr<const UrlSigner> signer, std::size_t capacity) : state_(std::make_unique<State>()) {
    state_->signer = std::move(signer);
    state_->capacity = std::max<std::size_t>(capacity, 1);
}

GrantCache::~GrantCache() = default;

Result<PrefixGrant> GrantCache::grant(const SignPolicy& policy, TokenPlacement placement) {
    SF_TRY(policy.validate());
    const TimePoint now = std::chrono::floor<std::chrono::seconds>(state_->signer->options().clock());
    std::string key = key_of(policy, placement, settled_expiry(policy, now));
    if (auto found = state_->find(key, now)) return *std::move(found);
    SF_ASSIGN(PrefixGrant made, state_->signer->grant(policy, placement));
    state_->put(std::move(key), made);
    return made;
}

Result<SignedUrl> GrantCache::sign(std::string_view url, const SignPolicy& policy) {
    if (policy.scope == Scope::exact) return state_->signer->sign(url, policy);
    const bool by_query = state_->signer->capabilities().query_token;
    SF_ASSIGN(const PrefixGrant shared, grant(policy, by_query ? TokenPlacement::query : TokenPlacement::path));
    return shared.url(url);
}

void GrantCache::clear() {
    const std::lock_guard lock(state_->mutex);
    state_->index.clear();
    state_->entries.clear();
}

GrantCache::Statistics GrantCache::statistics() const {
    const std::lock_guard lock(state_->mutex);
    Statistics result = state_->statistics;
    result.size = state_->entries.size();
    return result;
}

}  // namespace streamforge::cdn
