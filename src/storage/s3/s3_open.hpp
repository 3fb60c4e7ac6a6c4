#pragma once

#include <memory>

#include "storage/s3/s3_bucket.hpp"

namespace streamforge::storage::s3 {

/// Everything that options, environment and shared files say, put together. *Errors*: as `open_s3`.
[[nodiscard]] Result<std::shared_ptr<Bucket>> open_bucket(const S3Options& options);
[[nodiscard]] std::shared_ptr<ObjectStore> make_store(std::shared_ptr<Bucket> bucket);

}  // namespace streamforge::storage::s3
