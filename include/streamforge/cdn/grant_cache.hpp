#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <streamforge/cdn/prefix_grant.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// Keeps grants, so that a prefix or pattern is signed once for all viewers and segments that share its policy.
///
/// Most useful with `SignPolicy::expiry_bucket`: all policies of one bucket then have one end and one signature. A grant made with
/// a key that has since stopped signing is used until it ends; `clear` after a key was lost.
/// *Thread safety*: all calls. *Cost*: a hit is one look-up under a lock; the least recently used grant goes when it is full.
class STREAMFORGE_EXPORT GrantCache {
public:
    /// *Errors* are those of the signer. `capacity` is at least 1.
    explicit GrantCache(std::shared_ptr<const UrlSigner> signer, std::size_t capacity = 1024);
    ~GrantCache();
    GrantCache(const GrantCache&) = delete;
    GrantCache& operator=(const GrantCache&) = delete;

    /// As `UrlSigner::grant`, from the cache when there is one that has not expired.
    [[nodiscard]] Result<PrefixGrant> grant(const SignPolicy& policy, TokenPlacement placement = TokenPlacement::query);
    /// As `UrlSigner::sign`: a prefix or pattern through the cache, an exact policy past it.
    [[nodiscard]] Result<SignedUrl> sign(std::string_view url, const SignPolicy& policy);
    void clear();

    struct Statistics {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::size_t size = 0;
    };
    [[nodiscard]] Statistics statistics() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace streamforge::cdn
