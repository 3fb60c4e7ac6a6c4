#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/random.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

/// What a backend adds to `ObjectStore` when it can swap whole trees in one step.
class STREAMFORGE_EXPORT TreePublisher {
public:
    virtual ~TreePublisher();

private:
    friend STREAMFORGE_EXPORT Result<void> publish_tree(ObjectStore&, std::string_view, std::string_view, std::stop_token);
    friend STREAMFORGE_EXPORT Result<void> remove_tree(ObjectStore&, std::string_view, std::stop_token);
    virtual Result<void> do_publish_tree(const std::string& staging, const std::string& target, std::stop_token stop) = 0;
    /// `unsupported` by default: `remove_tree` then removes object by object.
    virtual Result<void> do_remove_tree(const std::string& prefix, std::stop_token stop);
};

/// A fresh prefix beside `final_prefix` to write into before `publish_tree`: "movies/.m1.staging-3f…/" for "movies/m1/".
[[nodiscard]] STREAMFORGE_EXPORT std::string make_staging_prefix(std::string_view final_prefix, const Random& random);

/// How all staging prefixes of `final_prefix` begin: "movies/.m1.staging-". Listing by it finds what ended runs left.
[[nodiscard]] STREAMFORGE_EXPORT std::string staging_prefix_of(std::string_view final_prefix);

/// Makes what lies under `staging_prefix` the whole content of `final_prefix`; the staging prefix is gone afterwards, and so is
/// what was published before. Both end with `/`, are not empty, and neither lies inside the other.
///
/// Where `Capabilities::atomic_publish_tree` holds, readers see all of the old tree or all of the new one. Elsewhere objects are
/// copied in an order that keeps a stream playable (media first, then playlists, then master playlist and MPD), and what the
/// new tree does not hold is removed last.
/// *Errors*: `not_found` (nothing is staged), `invalid_argument`, and those of `copy` and `remove`; before the swap a failure
/// leaves the old tree untouched.
[[nodiscard]] STREAMFORGE_EXPORT Result<void> publish_tree(ObjectStore& store, std::string_view staging_prefix,
                                                           std::string_view final_prefix, std::stop_token stop = {});

/// Removes everything under a prefix, which ends with `/` and is not empty; in a folder also what killed writers left there,
/// which no listing shows. That nothing is there is no error.
/// *Errors*: `invalid_argument`, and those of `list` and `remove`.
[[nodiscard]] STREAMFORGE_EXPORT Result<void> remove_tree(ObjectStore& store, std::string_view prefix, std::stop_token stop = {});

}  // namespace streamforge::storage
