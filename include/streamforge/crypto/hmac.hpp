#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {

/// A key made ready for many MACs: both padded key blocks are hashed once. Wiped when the last copy goes.
///
/// *Thread safety*: `mac` may be called from several threads at once. *Cost*: a copy shares the key.
/// *Source*: RFC 2104.
class STREAMFORGE_EXPORT HmacKey {
public:
    /// *Errors*: `invalid_argument` for an empty key, `unsupported` as `check_available`.
    [[nodiscard]] static Result<HmacKey> make(HashAlgorithm algorithm, ByteView key);

    [[nodiscard]] HashAlgorithm algorithm() const noexcept;
    [[nodiscard]] Digest mac(ByteView message) const;
    [[nodiscard]] Digest mac(std::string_view message) const { return mac(bytes_of(message)); }
    /// Of the parts laid end to end.
    [[nodiscard]] Digest mac(std::initializer_list<std::string_view> parts) const;

private:
    struct State;
    explicit HmacKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

}  // namespace streamforge::crypto
