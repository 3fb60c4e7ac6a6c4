#include <streamforge/storage/transfer.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

#include <streamforge/core/byte_budget.hpp>

#include "core/try.hpp"
#include "core/unique_fd.hpp"
#include "storage/transfer/journal.hpp"
#include "storage/transfer/part_checksum.hpp"
#include "storage/transfer/part_plan.hpp"

namespace streamforge::storage {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
constexpr auto operation = "storage.download";

Error file_error(const char* what, const fs::path& path) { return error_from_errno(errno, operation, what).with("path", path.string()); }

Result<void> write_at(int fd, ByteView bytes, std::uint64_t offset, const fs::path& path) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return file_error("cannot write the file", path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

std::string header_of(const ObjectStore& store, const ObjectInfo& info, const PartPlan& plan) {
    return Json{{"version", 1},
                {"store", store.capabilities().backend + " " + store.capabilities().place},
                {"key", info.key},
                {"etag", info.etag},
                {"size", info.size_bytes},
                {"part", plan.part_bytes}}
        .dump(-1, ' ', true, Json::error_handler_t::replace);
}

/// Parts that an earlier run wrote down, with the checksums of their bytes.
std::map<std::uint32_t, std::string> finished_parts(const std::vector<std::string>& records, const std::string& header,
                                                    const PartPlan& plan) {
    std::map<std::uint32_t, std::string> parts;
    if (records.empty() || records.front() != header) return parts;
    for (std::size_t index = 1; index < records.size(); ++index) {
        const auto json = Json::parse(records[index], nullptr, false);
        if (!json.is_object() || !json.value("part", Json()).is_number_unsigned() || !json.value("checksum", Json()).is_string()) break;
        const auto number = json["part"].get<std::uint64_t>();
        if (number == 0 || number > plan.count()) break;
        parts[static_cast<std::uint32_t>(number)] = json["checksum"].get<std::string>();
    }
    return parts;
}

class Download {
public:
    Download(ObjectStore& store, ObjectInfo info, PartPlan plan, fs::path target, const TransferOptions& options, std::stop_token stop)
        : store_(store),
          plan_(plan),
          target_(std::move(target)),
          partial_(target_.string() + ".streamforge-part"),
          options_(options),
          budget_(options.memory_bytes),
          outer_(std::move(stop)) {
        report_.info = std::move(info);
    }

    Result<DownloadReport> run() {
        SF_TRY(prepare());
        fetch_all();
        if (failure_) {
            if (!journal_) {
                std::error_code ignored;
                fs::remove(partial_, ignored);
            }
            return outer_.stop_requested() ? make_error(Errc::cancelled, operation, "stopped during the download") : *failure_;
        }
        return finish();
    }

private:
    Result<void> prepare() {
        const auto header = header_of(store_, report_.info, plan_);
        if (!options_.journal.empty()) {
            SF_ASSIGN(const auto records, Journal::read(options_.journal));
            std::error_code ignored;
            if (fs::exists(partial_, ignored)) done_ = finished_parts(records, header, plan_);
        }
        std::error_code ignored;
        if (target_.has_parent_path()) fs::create_directories(target_.parent_path(), ignored);
        file_ = UniqueFd(::open(partial_.c_str(), O_RDWR | O_CREAT | (done_.empty() ? O_TRUNC : 0) | O_CLOEXEC, 0666));
        if (!file_) return file_error("cannot make the file", partial_);
        if (::ftruncate(file_.get(), static_cast<off_t>(report_.info.size_bytes)) != 0) return file_error("cannot size the file", partial_);
        for (const auto& [number, sum] : done_) report_.kept_bytes += plan_.length_of(number);
        report_.resumed = !done_.empty();
        if (options_.journal.empty()) return {};
        std::vector<std::string> records{header};
        for (const auto& [number, sum] : done_) records.push_back(record_of(number, sum));
        SF_ASSIGN(journal_, Journal::create(options_.journal, records));
        return {};
    }

    static std::string record_of(std::uint32_t number, const std::string& sum) { return Json{{"part", number}, {"checksum", sum}}.dump(); }

    void fetch_all() {
        const std::stop_callback forward(outer_, [this] { inner_.request_stop(); });
        const auto threads = std::min<std::uint32_t>(plan_.count(), options_.parallel);
        std::vector<std::jthread> workers;
        for (std::uint32_t index = 1; index < threads; ++index) workers.emplace_back([this] { work(); });
        work();
    }

    void work() {
        while (!inner_.stop_requested()) {
            const auto number = next_++;
            if (number > plan_.count()) return;
            {
                const std::lock_guard lock(mutex_);
                if (done_.contains(number)) continue;
            }
            if (auto fetched = fetch(number); !fetched) {
                const std::lock_guard lock(mutex_);
                if (!failure_) failure_ = std::move(fetched).error();
                inner_.request_stop();
            }
        }
        const std::lock_guard lock(mutex_);
        if (!failure_ && outer_.stop_requested()) failure_ = make_error(Errc::cancelled, operation, "stopped during the download");
    }

    Result<void> fetch(std::uint32_t number) {
        const ByteRange range{plan_.offset_of(number), plan_.length_of(number)};
        if (range.length == 0) return {};
        SF_ASSIGN(const auto ticket, budget_.acquire(range.length, inner_.get_token()));
        SF_ASSIGN(const auto part, store_.get_bytes(report_.info.key, {.range = range, .if_match = report_.info.etag}, inner_.get_token()));
        if (part.bytes.size() != range.length) return make_error(Errc::integrity, operation, "the store gave fewer bytes than asked for");
        SF_TRY(write_at(file_.get(), part.bytes, range.offset, partial_));
        const auto sum = checksum_like(report_.info.checksum, part.bytes);
        // The bytes first, the news of them after.
        if (journal_ && ::fdatasync(file_.get()) != 0) return file_error("cannot keep the file", partial_);
        const std::lock_guard lock(mutex_);
        if (journal_) SF_TRY(journal_->append(record_of(number, sum)));
        done_[number] = sum;
        report_.received_bytes += range.length;
        report_progress_locked();
        return {};
    }

    void report_progress_locked() {
        if (!options_.progress) return;
        Progress progress;
        progress.stage = "download";
        progress.bytes_written = report_.received_bytes + report_.kept_bytes;
        if (report_.info.size_bytes > 0) {
            progress.fraction = static_cast<double>(progress.bytes_written) / static_cast<double>(report_.info.size_bytes);
        }
        options_.progress(progress);
    }

    Result<void> verify() {
        const auto& told = report_.info.checksum;
        auto whole = checksum_like(told, {});
        if (whole.empty()) return {};
        for (std::uint32_t number = 1; number <= plan_.count(); ++number) {
            if (plan_.length_of(number) != 0) whole = combine_like(whole, done_[number], plan_.length_of(number));
        }
        report_.verified = whole == told;
        if (report_.verified) return {};
        return make_error(Errc::integrity, operation, "the bytes do not match the object's checksum").with("key", report_.info.key);
    }

    Result<DownloadReport> finish() {
        if (auto right = verify(); !right) {
            // What is wrong must not be taken up again.
            Journal::remove(options_.journal);
            std::error_code ignored;
            fs::remove(partial_, ignored);
            return std::move(right).error();
        }
        if (::fsync(file_.get()) != 0) return file_error("cannot keep the file", partial_);
        if (::rename(partial_.c_str(), target_.c_str()) != 0) return file_error("cannot place the file", target_);
        if (journal_) Journal::remove(options_.journal);
        return report_;
    }

    ObjectStore& store_;
    const PartPlan plan_;
    const fs::path target_;
    const fs::path partial_;
    const TransferOptions& options_;
    ByteBudget budget_;
    std::stop_token outer_;
    std::stop_source inner_;
    UniqueFd file_;
    std::atomic<std::uint32_t> next_ = 1;

    std::mutex mutex_;  // guards what follows while threads run
    DownloadReport report_;
    std::map<std::uint32_t, std::string> done_;
    std::optional<Journal> journal_;
    std::optional<Error> failure_;
};

}  // namespace

Result<DownloadReport> download_file(ObjectStore& store, std::string_view key, const fs::path& path, const TransferOptions& options,
                                     std::stop_token stop) {
    SF_TRY(options.validate());
    SF_ASSIGN(auto info, store.head(key, stop));
    Capabilities limits;  // ranges have no limits of their own
    limits.max_parts = 100'000;
    SF_ASSIGN(const auto plan, plan_parts(info.size_bytes, limits, options.part_bytes, options.memory_bytes));
    std::optional<TransferLock> lock;
    if (!options.journal.empty()) {
        SF_ASSIGN(lock, TransferLock::take(options.journal));
    }
    return Download(store, std::move(info), plan, path, options, std::move(stop)).run();
}

}  // namespace streamforge::storage
