#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/progress.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

struct TransferOptions {
    std::uint64_t part_bytes = 0;  ///< 0: chosen by the length; else at least this, more where the store's limits ask for it.
    /// Parts on their way at once, at most; 1 to 256. Where parts go up quickly, fewer are sent at once unless more are quicker.
    std::uint32_t parallel = 8;
    std::uint64_t memory_bytes = std::uint64_t{96} << 20;  ///< Held by all parts together.
    /// Where the state of an unfinished transfer is kept, so that another process can go on; empty: nowhere, and what fails is
    /// cleaned up.
    std::filesystem::path journal{};
    ProgressObserver progress{};
    LogSink log{};

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

struct UploadReport {
    ObjectInfo info{};
    std::uint64_t sent_bytes = 0;  ///< Acknowledged now.
    std::uint32_t sent_parts = 0;  ///< 0 for a single put.
    std::uint32_t kept_parts = 0;  ///< Acknowledged in an earlier run.
    bool resumed = false;
};

/// Stores the file at `path`, in parallel parts when it is long. With a journal an interrupted upload goes on where it stopped: no
/// part that the store acknowledged is sent again, and a file that changed meanwhile starts anew.
/// *Errors*: those of `ObjectStore::put` and `open_file`; `integrity` when the file changes while it is read.
/// *Cancellation*: with a journal the parts stay for the next run, else they are removed. *Cost*: `memory_bytes`, a thread per
/// parallel part.
[[nodiscard]] STREAMFORGE_EXPORT Result<UploadReport> upload_file(ObjectStore& store, const std::filesystem::path& path,
                                                                  std::string_view key, const PutOptions& put = {},
                                                                  const TransferOptions& options = {}, std::stop_token stop = {});

/// Stores a body of any length, known or not; parts grow so that the store's number of them suffices. No journal: a stream cannot be
/// read again. *Errors*: those of `ObjectStore::put`; `limit_exceeded` when the parts would no longer fit into `memory_bytes`.
[[nodiscard]] STREAMFORGE_EXPORT Result<UploadReport> upload_body(ObjectStore& store, Body body, std::string_view key,
                                                                  const PutOptions& put = {}, const TransferOptions& options = {},
                                                                  std::stop_token stop = {});

/// A file and where it goes.
struct FileUploadItem {
    std::filesystem::path path{};
    std::string key{};
    std::filesystem::path journal{};  ///< As in `TransferOptions`; for long files.
};

struct FilesReport {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;       ///< Of all files.
    std::uint64_t sent_bytes = 0;  ///< Acknowledged now.
    std::uint64_t kept_parts = 0;
    std::uint64_t resumed_files = 0;
};

/// Stores many files, `options.parallel` of them at once: short ones whole, and the parts of long ones besides. The first failure ends it;
/// what was stored stays. *Errors*: as `upload_file`, with the path. *Cost*: `memory_bytes` in all, a thread per file on its way.
[[nodiscard]] STREAMFORGE_EXPORT Result<FilesReport> upload_files(ObjectStore& store, std::span<const FileUploadItem> files,
                                                                  const PutOptions& put = {}, const TransferOptions& options = {},
                                                                  std::stop_token stop = {});

struct DownloadReport {
    ObjectInfo info{};
    std::uint64_t received_bytes = 0;  ///< Fetched now.
    std::uint64_t kept_bytes = 0;      ///< Fetched in an earlier run.
    bool resumed = false;
    bool verified = false;  ///< The whole was compared with a checksum that the store keeps.
};

/// Fetches `key` to `path` by parallel ranges of one version, into a file beside it that is renamed at the end. With a journal an
/// interrupted download goes on where it stopped, if the object is still that version.
/// *Errors*: those of `ObjectStore::get`; `precondition_failed` when the object is replaced meanwhile; `integrity`, `no_space`, `io`.
[[nodiscard]] STREAMFORGE_EXPORT Result<DownloadReport> download_file(ObjectStore& store, std::string_view key,
                                                                      const std::filesystem::path& path,
                                                                      const TransferOptions& options = {}, std::stop_token stop = {});

/// Whether `key` holds just these bytes already, told by the checksum (or the MD5 as its ETag) that the store keeps, without fetching them.
/// False also where the store keeps none. *Errors*: those of `head`, but for `not_found`. *Cost*: one `head`.
[[nodiscard]] STREAMFORGE_EXPORT Result<bool> already_holds(ObjectStore& store, std::string_view key, ByteView bytes,
                                                            std::stop_token stop = {});

struct SweepReport {
    std::size_t found = 0;
    std::size_t aborted = 0;
};

/// Aborts uploads under `prefix` that were begun more than `older_than` before `now` and never ended.
/// *Errors*: `unsupported`, those of `list_uploads` and `MultipartUpload::abort`.
[[nodiscard]] STREAMFORGE_EXPORT Result<SweepReport> sweep_uploads(ObjectStore& store, std::string_view prefix,
                                                                   std::chrono::seconds older_than,
                                                                   std::chrono::system_clock::time_point now, std::stop_token stop = {});

}  // namespace streamforge::storage
