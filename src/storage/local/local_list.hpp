#pragma once

#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

#include "storage/local/local_folder.hpp"

namespace streamforge::storage {

/// One page of the files below `folder`, in byte order of their keys. Folders behind symbolic links are not entered, and names
/// that cannot be keys are left out. *Cost*: the names of the folders on the way, sorted; pages before the token are skipped
/// without being entered.
[[nodiscard]] Result<ListPage> list_local(const LocalFolder& folder, const ListOptions& options, const std::stop_token& stop);

}  // namespace streamforge::storage
