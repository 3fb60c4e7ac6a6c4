#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/clock.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

/// One stored version; never changed, so that readers need no lock.
struct MemoryObject {
    ObjectInfo info;
    std::shared_ptr<const Bytes> bytes;  // shared by copies
};

struct MemoryUpload {
    struct Part {
        PartInfo info;
        std::shared_ptr<const Bytes> bytes;
    };
    std::string key;
    PutOptions options;
    std::chrono::system_clock::time_point started;
    std::map<std::uint32_t, Part> parts;
};

/// What the store and its unfinished uploads share.
struct MemoryState {
    explicit MemoryState(Clock the_clock) : clock(std::move(the_clock)) {}

    const Clock clock;
    std::mutex mutex;  // guards what follows
    std::map<std::string, std::shared_ptr<const MemoryObject>> objects;
    std::map<std::string, MemoryUpload> uploads;
    std::uint64_t versions = 0;

    /// Stores a version if the conditions hold. *Errors*: `precondition_failed`.
    [[nodiscard]] Result<ObjectInfo> commit(const std::string& key, std::shared_ptr<const Bytes> bytes, const PutOptions& options);
    [[nodiscard]] Result<ObjectInfo> commit_locked(const std::string& key, std::shared_ptr<const Bytes> bytes, const PutOptions& options);
    [[nodiscard]] std::string next_etag_locked();
};

/// The whole body in memory. *Errors*: those of the body, `cancelled`.
[[nodiscard]] Result<Bytes> drain(Body& body, const std::stop_token& stop);

/// *Errors*: `not_found` when `request.upload_id` names no upload of `key`.
[[nodiscard]] Result<std::unique_ptr<MultipartUpload>> open_memory_upload(std::shared_ptr<MemoryState> state, const std::string& key,
                                                                          const PutOptions& options, const std::string& upload_id,
                                                                          std::uint32_t max_parts);

}  // namespace streamforge::storage
