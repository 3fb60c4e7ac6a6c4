#include <streamforge/cdn/key_ring.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include <streamforge/crypto/compare.hpp>

#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr auto operation = "cdn.key_ring";
constexpr std::size_t max_key_bytes = 1024;
constexpr std::size_t max_keys = 64;
constexpr std::size_t algorithm_count = 4;

Error refused(std::string message) { return make_error(Errc::invalid_argument, operation, std::move(message)); }

Result<void> check_entry(const KeyEntry& entry) {
    if (entry.sign_from && entry.sign_until && *entry.sign_from >= *entry.sign_until) {
        return refused("sign_from must be before sign_until").with("key_id", entry.id);
    }
    if (entry.verify_until && entry.can_sign() && (!entry.sign_until || *entry.sign_until > *entry.verify_until)) {
        return refused("a key must verify for at least as long as it signs").with("key_id", entry.id);
    }
    return {};
}

}  // namespace

struct SymmetricKey::State {
    explicit State(ByteView key) : bytes(key.begin(), key.end()) {}
    ~State() { crypto::wipe(bytes); }
    Bytes bytes;
    std::array<std::once_flag, algorithm_count> prepared_once;
    std::array<std::optional<crypto::HmacKey>, algorithm_count> prepared;
};

Result<SymmetricKey> SymmetricKey::from_bytes(ByteView bytes) {
    if (bytes.empty()) return refused("the key is empty");
    if (bytes.size() > max_key_bytes) return refused("the key is longer than 1024 bytes");
    return SymmetricKey(std::make_shared<State>(bytes));
}

Result<SymmetricKey> SymmetricKey::from_text(std::string_view text) { return from_bytes(crypto::bytes_of(text)); }

Result<SymmetricKey> SymmetricKey::from_hex(std::string_view digits) {
    SF_ASSIGN(Bytes bytes, crypto::hex_decode(digits, crypto::HexCase::any));
    auto key = from_bytes(bytes);
    crypto::wipe(bytes);
    return key;
}

Result<SymmetricKey> SymmetricKey::from_base64(std::string_view text, crypto::Base64Variant variant) {
    SF_ASSIGN(Bytes bytes, crypto::base64_decode(text, variant));
    auto key = from_bytes(bytes);
    crypto::wipe(bytes);
    return key;
}

std::size_t SymmetricKey::size_bytes() const noexcept { return state_->bytes.size(); }
ByteView SymmetricKey::reveal() const noexcept { return state_->bytes; }

const crypto::HmacKey& SymmetricKey::hmac(crypto::HashAlgorithm algorithm) const {
    const auto index = static_cast<std::size_t>(algorithm);
    std::call_once(state_->prepared_once[index],
                   [&] { state_->prepared[index] = crypto::HmacKey::make(algorithm, state_->bytes).value(); });
    return *state_->prepared[index];
}

bool KeyEntry::can_sign() const noexcept { return !std::holds_alternative<crypto::PublicKey>(material); }

bool KeyEntry::signs_at(TimePoint now) const noexcept {
    return can_sign() && (!sign_from || now >= *sign_from) && (!sign_until || now < *sign_until);
}

bool KeyEntry::verifies_at(TimePoint now) const noexcept { return !verify_until || now < *verify_until; }

Result<KeySet> KeySet::make(std::vector<KeyEntry> entries) {
    if (entries.empty()) return refused("there is no key");
    if (entries.size() > max_keys) return refused("there are more than 64 keys");
    for (std::size_t i = 0; i < entries.size(); ++i) {
        SF_TRY(check_entry(entries[i]));
        const auto same = [&](const KeyEntry& other) { return other.id == entries[i].id; };
        if (!entries[i].id.empty() && std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i), same)) {
            return refused("two keys have the same id").with("key_id", entries[i].id);
        }
    }
    return KeySet(std::move(entries));
}

const KeyEntry* KeySet::signing_key(TimePoint now) const noexcept {
    const KeyEntry* best = nullptr;
    for (const KeyEntry& entry : entries_) {
        if (!entry.signs_at(now)) continue;
        const bool newer = best != nullptr && entry.sign_from && (!best->sign_from || *entry.sign_from > *best->sign_from);
        if (best == nullptr || newer) best = &entry;
    }
    return best;
}

const KeyEntry* KeySet::verification_key(std::string_view id, TimePoint now) const noexcept {
    const auto found = std::ranges::find_if(entries_, [&](const KeyEntry& entry) { return entry.id == id; });
    return found != entries_.end() && found->verifies_at(now) ? &*found : nullptr;
}

/// Each shard holds its own reference count of the one set, so that threads that sign do not share a cache line.
struct KeyRing::State {
    static constexpr std::size_t shard_count = 16;
    struct alignas(64) Shard {
        std::mutex mutex;
        std::shared_ptr<const KeySet> set;
    };

    void put(const std::shared_ptr<const KeySet>& set) {
        for (Shard& shard : shards) {
            // A control block of its own that keeps the common set alive.
            auto own = std::shared_ptr<const KeySet>(set.get(), [set](const KeySet*) {});
            const std::lock_guard lock(shard.mutex);
            shard.set.swap(own);
        }
    }

    std::mutex reload_mutex;
    std::array<Shard, shard_count> shards;
};

Result<KeyRing> KeyRing::make(std::vector<KeyEntry> entries) {
    KeyRing ring(std::make_shared<State>());
    SF_TRY(ring.reload(std::move(entries)));
    return ring;
}

KeyRing KeyRing::single(std::string id, KeyMaterial material) {
    std::vector<KeyEntry> entries;
    entries.push_back({std::move(id), std::move(material), {}, {}, {}});
    return make(std::move(entries)).value();
}

Result<void> KeyRing::reload(std::vector<KeyEntry> entries) const {
    SF_ASSIGN(KeySet set, KeySet::make(std::move(entries)));
    const std::lock_guard lock(state_->reload_mutex);
    state_->put(std::make_shared<const KeySet>(std::move(set)));
    return {};
}

std::shared_ptr<const KeySet> KeyRing::snapshot() const {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t shard_index = threads.fetch_add(1, std::memory_order_relaxed) % State::shard_count;
    State::Shard& shard = state_->shards[shard_index];
    const std::lock_guard lock(shard.mutex);
    return shard.set;
}

}  // namespace streamforge::cdn
