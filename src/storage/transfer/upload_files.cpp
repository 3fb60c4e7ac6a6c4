#include <atomic>
#include <mutex>
#include <thread>

#include <streamforge/storage/transfer.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

constexpr std::uint64_t long_bytes = std::uint64_t{8} << 20;
constexpr std::uint64_t least_memory_bytes = std::uint64_t{16} << 20;

/// Files in turn, by some threads.
class FilesUpload {
public:
    FilesUpload(ObjectStore& store, std::span<const FileUploadItem> files, const PutOptions& put, const TransferOptions& options,
                std::stop_token stop)
        : store_(store), files_(files), put_(put), options_(options), outer_(std::move(stop)) {}

    Result<FilesReport> run() {
        const std::stop_callback forward(outer_, [this] { inner_.request_stop(); });
        const auto threads = std::min<std::size_t>(files_.size(), options_.parallel);
        {
            std::vector<std::jthread> workers;
            for (std::size_t index = 1; index < threads; ++index) workers.emplace_back([this] { work(); });
            work();
        }
        if (outer_.stop_requested() && !failure_ && report_.files < files_.size()) {
            return make_error(Errc::cancelled, "storage.upload", "stopped during the upload");
        }
        if (failure_) return *failure_;
        return report_;
    }

private:
    void work() {
        while (!inner_.stop_requested()) {
            const auto index = next_++;
            if (index >= files_.size()) return;
            const auto& file = files_[index];
            auto options = options_;
            options.journal = file.journal;
            options.progress = {};
            // One long file at a time, in parallel parts; the others' threads go on with short ones meanwhile.
            std::unique_lock turn(long_files_, std::defer_lock);
            std::error_code unknown;
            if (std::filesystem::file_size(file.path, unknown) > long_bytes) {
                turn.lock();
                options.memory_bytes = std::max(options_.memory_bytes / 2, least_memory_bytes);
            }
            auto sent = upload_file(store_, file.path, file.key, put_, options, inner_.get_token());
            const std::lock_guard lock(mutex_);
            if (!sent) {
                if (!failure_) failure_ = std::move(sent).error().with("path", file.path.string());
                inner_.request_stop();
                return;
            }
            count_locked(*sent);
        }
    }

    void count_locked(const UploadReport& sent) {
        ++report_.files;
        report_.bytes += sent.info.size_bytes;
        report_.sent_bytes += sent.sent_bytes;
        report_.kept_parts += sent.kept_parts;
        if (sent.resumed) ++report_.resumed_files;
        if (!options_.progress) return;
        Progress progress;
        progress.stage = "upload";
        progress.bytes_written = report_.bytes;
        progress.fraction = static_cast<double>(report_.files) / static_cast<double>(files_.size());
        options_.progress(progress);
    }

    ObjectStore& store_;
    std::span<const FileUploadItem> files_;
    const PutOptions& put_;
    const TransferOptions& options_;
    std::stop_token outer_;
    std::stop_source inner_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex long_files_;

    std::mutex mutex_;  // guards what follows while threads run
    FilesReport report_;
    std::optional<Error> failure_;
};

}  // namespace

Result<FilesReport> upload_files(ObjectStore& store, std::span<const FileUploadItem> files, const PutOptions& put,
                                 const TransferOptions& options, std::stop_token stop) {
    SF_TRY(options.validate());
    return FilesUpload(store, files, put, options, std::move(stop)).run();
}

}  // namespace streamforge::storage
