#pragma once

#include <memory>
#include <string>

#include <streamforge/core/result.hpp>
#include <streamforge/storage/multipart.hpp>
#include <streamforge/storage/object_store.hpp>

#include "storage/local/local_folder.hpp"

namespace streamforge::storage {

/// Begins an upload (empty `upload_id`) or takes one up. Its parts are files in `.streamforge-uploads/<id>/` below the root,
/// beside a note of the key and the conditions. *Errors*: `not_found`, and those of a put.
[[nodiscard]] Result<std::unique_ptr<MultipartUpload>> open_local_upload(std::shared_ptr<const LocalFolder> folder, const std::string& key,
                                                                         const PutOptions& options, const std::string& upload_id,
                                                                         std::uint32_t max_parts, bool durable);

/// Unfinished uploads, by id.
[[nodiscard]] Result<std::vector<UploadInfo>> list_local_uploads(const LocalFolder& folder);

}  // namespace streamforge::storage
