#pragma once

#include <memory>

#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

/// A store in memory: for tests, and for hosts that serve what they make. Keeps headers and metadata. ETags count versions.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ObjectStore> make_memory_store(Clock clock = system_clock());

}  // namespace streamforge::storage
