#pragma once

#include <string>

#include "storage/s3/s3_client.hpp"

namespace streamforge::storage::s3 {

/// A form with which a browser can store one file as `key`. *Errors*: `unauthenticated` without credentials.
/// *Source*: Amazon S3 API reference, "Browser-Based Uploads Using POST (AWS Signature Version 4)".
[[nodiscard]] Result<PresignedRequest> presign_post(Client& client, const std::string& key, const PresignOptions& options);

}  // namespace streamforge::storage::s3
