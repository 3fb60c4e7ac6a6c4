#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/local_store.hpp>
#include <streamforge/storage/object_store.hpp>
#include <streamforge/storage/s3_store.hpp>

namespace streamforge::storage {

/// A place in a store: objects go to `prefix` + name.
struct Location {
    std::shared_ptr<ObjectStore> store{};
    std::string prefix{};  ///< Empty, or ends with `/`.
};

struct OpenOptions {
    LocalOptions local{};
    S3Options s3{};  ///< For "s3:" URLs; the bucket is the URL's.
};

/// The store that `url` names: "file:///videos/m1" or a plain path, "mem:" or "mem:prefix" (a new, empty store each time),
/// "s3://bucket/prefix" with what `S3Options` and the environment say (AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL, …).
///
/// A folder is opened at its parent, with its own name as the prefix, so that a staging tree can lie beside it and be swapped in
/// by `publish_tree`; to serve one folder and nothing beside it, use `open_local`. Nothing is created before the first put.
/// *Errors*: `invalid_argument` (empty, bad escape), `unsupported` (unknown scheme), `not_a_file` (the path is a file), and those of
/// `open_s3`.
[[nodiscard]] STREAMFORGE_EXPORT Result<Location> open(std::string_view url, const OpenOptions& options);
/// With the default options. (No default argument: made in the caller's code, so many fields draw false warnings from GCC 12.)
[[nodiscard]] STREAMFORGE_EXPORT Result<Location> open(std::string_view url);

}  // namespace streamforge::storage
