#pragma once

#include <streamforge/cdn/key_ring.hpp>

namespace streamforge::cdn {

/// The entry's secret. *Errors*: `unauthenticated` when a reload brought a key of another kind.
[[nodiscard]] inline Result<const SymmetricKey*> symmetric_key(const KeyEntry& entry) {
    if (const auto* key = std::get_if<SymmetricKey>(&entry.material)) return key;
    return make_error(Errc::unauthenticated, "cdn.sign", "the scheme needs a symmetric key").with("key_id", entry.id);
}

/// *Errors*: `invalid_argument` unless all keys are symmetric.
[[nodiscard]] inline Result<void> check_symmetric_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        if (!std::holds_alternative<SymmetricKey>(entry.material)) {
            return make_error(Errc::invalid_argument, "cdn.keys", "keys must be symmetric for this scheme")
                .with("field", "keys")
                .with("key_id", entry.id);
        }
    }
    return {};
}

}  // namespace streamforge::cdn
