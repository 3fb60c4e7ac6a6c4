#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

struct MirrorOptions {
    std::uint32_t least_copies = 0;              ///< Writes succeed when so many stores have them; 0: all.
    bool verify = true;                          ///< After a write, ask each store what it holds and compare lengths and checksums.
    std::uint32_t failures_to_open = 3;          ///< Failures in a row after which a store is left alone; 1 to 1000.
    std::chrono::milliseconds open_for{30'000};  ///< For so long; then one call tries it again.
    std::function<std::chrono::steady_clock::time_point()> now{};  ///< Empty: the machine's.
    LogSink log{};
};

/// One store over several, say the same bucket in several regions. Writes go to all of them at once and are verified; reads go to the
/// first that works, and go on at the next one in the same version when it fails. A store that keeps failing is left alone for a while.
///
/// Conditions of writes are decided by the first store that answers, and ETags are the answering store's own: a reader that began at
/// one store goes on at another only where length and checksum (or the ETag) say that it is the same version.
/// *Errors*: those of the stores; a write that reached fewer than `least_copies` fails with the first store's error, and may be there in
/// some: write it again. `invalid_argument` for no stores, or more copies than stores. *Cost*: each write as often as there are stores, and
/// a `head` each to verify; a body that can be read only once goes up in parts, held in memory.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<ObjectStore>> make_mirrored_store(std::vector<std::shared_ptr<ObjectStore>> stores,
                                                                                          const MirrorOptions& options = {});

}  // namespace streamforge::storage
