#include <streamforge/storage/transfer.hpp>

#include <mutex>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/storage/key.hpp>

#include "core/try.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/transfer/fingerprint.hpp"
#include "storage/transfer/journal.hpp"
#include "storage/transfer/part_checksum.hpp"
#include "storage/transfer/upload_engine.hpp"
#include "storage/transfer/upload_journal.hpp"

namespace streamforge::storage {
namespace {

void say(const TransferOptions& options, LogLevel level, std::string_view message) {
    if (options.log) options.log(level, "storage.upload", message);
}

/// An upload that goes on, or begins.
struct Begun {
    std::unique_ptr<MultipartUpload> upload;
    std::vector<PartInfo> held;
    std::optional<Journal> journal;
    bool resumed = false;
};

class FileUpload {
public:
    FileUpload(ObjectStore& store, std::shared_ptr<const ByteSource> source, std::string_view key, const PutOptions& put,
               const TransferOptions& options, PartPlan plan, std::string fingerprint, std::stop_token stop)
        : store_(store),
          source_(std::move(source)),
          put_(put),
          options_(options),
          wanted_{store.capabilities().backend + " " + store.capabilities().place, std::string(key), {}, std::move(fingerprint), plan},
          stop_(std::move(stop)) {}

    Result<UploadReport> run() {
        SF_ASSIGN(auto before, read_journal());
        if (before) {
            SF_ASSIGN(auto begun, take_up(*before));
            if (begun) return send(*begun);
            // Only now: while the upload is there, an object of the same bytes is an earlier one.
            SF_ASSIGN(auto done, find_completed(*before));
            if (done) {
                Journal::remove(options_.journal);
                return *std::move(done);
            }
            say(options_, LogLevel::info, "the store no longer has the interrupted upload: it begins anew");
        }
        SF_ASSIGN(auto begun, begin());
        return send(begun);
    }

private:
    /// The journal of an upload of this very file to this very place.
    Result<std::optional<UploadRecord>> read_journal() {
        if (options_.journal.empty()) return std::optional<UploadRecord>{};
        SF_ASSIGN(const auto records, Journal::read(options_.journal));
        auto record = parse_upload_record(records);
        if (!record) return record;
        const auto& header = record->header;
        const bool same_place = header.store == wanted_.store && header.key == wanted_.key;
        const bool same_file = header.fingerprint == wanted_.fingerprint && header.plan.size_bytes == wanted_.plan.size_bytes;
        if (same_place && same_file) return record;
        if (same_place) {
            say(options_, LogLevel::warning, "the file changed since the upload was interrupted: it begins anew");
            abandon(header);
        }
        return std::optional<UploadRecord>{};
    }

    void abandon(const UploadHeader& header) {
        auto upload = store_.resume_multipart(header.key, header.upload_id, {}, stop_);
        if (upload) (void)(*upload)->abort();
    }

    /// Killed between the last part and the answer to the completion: the object may be there.
    Result<std::optional<UploadReport>> find_completed(const UploadRecord& record) {
        std::optional<UploadReport> none;
        const auto& plan = record.header.plan;
        if (record.parts.size() != plan.count()) return none;
        auto info = store_.head(wanted_.key, stop_);
        if (!info) {
            if (info.error().code == Errc::not_found) return none;
            return std::move(info).error();
        }
        const auto etag = s3::multipart_etag(record.parts);
        const auto whole = s3::combine_checksums(s3::checksum_by_name("crc64nvme"), record.parts);
        const bool same = info->size_bytes == plan.size_bytes && ((etag && *etag == info->etag) || (whole && *whole == info->checksum));
        if (!same) return none;
        UploadReport report;
        report.info = *std::move(info);
        report.kept_parts = static_cast<std::uint32_t>(record.parts.size());
        report.resumed = true;
        return std::optional(std::move(report));
    }

    /// Nothing: the store no longer has it.
    Result<std::optional<Begun>> take_up(const UploadRecord& before) {
        auto upload = store_.resume_multipart(wanted_.key, before.header.upload_id, put_, stop_);
        if (!upload) {
            if (upload.error().code == Errc::not_found) return std::optional<Begun>{};
            return std::move(upload).error();
        }
        SF_ASSIGN(auto begun, resume(before, *std::move(upload)));
        return std::optional(std::move(begun));
    }

    Result<Begun> begin() {
        Begun begun;
        SF_ASSIGN(begun.upload, store_.begin_multipart(wanted_.key, put_, stop_));
        if (!options_.journal.empty()) {
            wanted_.upload_id = begun.upload->upload_id();
            auto journal = Journal::create(options_.journal, {write_header(wanted_)});
            if (!journal) {
                (void)begun.upload->abort();
                return std::move(journal).error();
            }
            begun.journal = *std::move(journal);
        }
        return begun;
    }

    Result<Begun> resume(const UploadRecord& record, std::unique_ptr<MultipartUpload> upload) {
        Begun begun{.upload = std::move(upload), .resumed = true};
        wanted_ = record.header;
        SF_ASSIGN(const auto held, begun.upload->list_parts(stop_));
        auto reconciled = reconcile(wanted_.plan, record.parts, held);
        for (auto& part : reconciled.doubtful) {
            // Acknowledged, but the news did not reach the disk: the bytes themselves decide.
            SF_ASSIGN(const bool same, holds_our_bytes(part));
            if (same) reconciled.kept.push_back(std::move(part));
        }
        std::vector<std::string> records{write_header(wanted_)};
        for (const auto& part : reconciled.kept) records.push_back(write_part(part));
        SF_ASSIGN(begun.journal, Journal::create(options_.journal, records));
        begun.held = std::move(reconciled.kept);
        return begun;
    }

    Result<bool> holds_our_bytes(const PartInfo& part) {
        constexpr std::size_t slice_bytes = std::size_t{1} << 20;
        auto offset = wanted_.plan.offset_of(part.number);
        auto left = part.size_bytes;
        s3::Checksum sum(s3::checksum_by_name(std::string_view(part.checksum).substr(0, part.checksum.find('='))));
        if (sum.text().empty()) return false;
        Bytes slice(slice_bytes);
        while (left > 0) {
            const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, slice_bytes));
            SF_ASSIGN(const auto count, source_->read_at(offset, std::span(slice).first(wanted)));
            if (count != wanted) return false;
            sum.update(ByteView(slice).first(count));
            offset += count;
            left -= count;
        }
        return sum.text() == part.checksum;
    }

    Result<UploadReport> send(Begun& begun) {
        UploadState state(wanted_.plan, begun.held);
        UploadReport report;
        report.resumed = begun.resumed;
        report.kept_parts = static_cast<std::uint32_t>(begun.held.size());
        const auto kept_bytes = state.acknowledged_bytes();
        SendOptions send{.parallel = options_.parallel, .progress = options_.progress};
        if (begun.journal) send.on_acknowledged = [&](const PartInfo& part) { return begun.journal->append(write_part(part)); };
        ByteBudget budget(options_.memory_bytes);
        const auto parts = source_of_bytes(source_);
        auto info = send_parts(*begun.upload, *parts, state, budget, send, stop_);
        if (!info) {
            if (!begun.journal) (void)begun.upload->abort();
            return std::move(info).error();
        }
        if (begun.journal) Journal::remove(options_.journal);
        report.info = *std::move(info);
        report.sent_parts = static_cast<std::uint32_t>(state.acknowledged.size()) - report.kept_parts;
        report.sent_bytes = state.acknowledged_bytes() - kept_bytes;
        return report;
    }

    ObjectStore& store_;
    std::shared_ptr<const ByteSource> source_;
    const PutOptions& put_;
    const TransferOptions& options_;
    UploadHeader wanted_;
    std::stop_token stop_;
};

Result<UploadReport> put_once(ObjectStore& store, Body body, std::string_view key, const PutOptions& put, const std::stop_token& stop) {
    UploadReport report;
    SF_ASSIGN(report.info, store.put(key, std::move(body), put, stop));
    report.sent_bytes = report.info.size_bytes;
    return report;
}

}  // namespace

Result<void> TransferOptions::validate() const {
    const auto bad = [](std::string message) { return make_error(Errc::invalid_argument, "storage.transfer", std::move(message)); };
    if (parallel == 0 || parallel > 256) return bad("parallel must be from 1 to 256");
    if (memory_bytes == 0) return bad("memory_bytes must be above 0");
    return {};
}

Result<UploadReport> upload_file(ObjectStore& store, const std::filesystem::path& path, std::string_view key, const PutOptions& put,
                                 const TransferOptions& options, std::stop_token stop) {
    SF_TRY(options.validate());
    SF_TRY(validate_key(key));
    SF_ASSIGN(std::shared_ptr<const ByteSource> source, open_file(path));
    SF_ASSIGN(const auto plan, plan_parts(source->size_bytes(), store.capabilities(), options.part_bytes, options.memory_bytes));
    const bool single = plan.count() == 1 || !store.capabilities().multipart;
    const auto look = single ? stamp_of : fingerprint_of;
    SF_ASSIGN(auto before, look(path, *source));
    std::optional<TransferLock> lock;
    if (!single && !options.journal.empty()) {
        SF_ASSIGN(lock, TransferLock::take(options.journal));
    }
    auto report =
        single ? put_once(store, Body(source), key, put, stop) : FileUpload(store, source, key, put, options, plan, before, stop).run();
    if (!report) return report;
    SF_ASSIGN(const auto after, look(path, *source));
    if (after != before)
        return make_error(Errc::integrity, "storage.upload", "the file changed during the upload").with("path", path.string());
    return report;
}

Result<UploadReport> upload_body(ObjectStore& store, Body body, std::string_view key, const PutOptions& put, const TransferOptions& options,
                                 std::stop_token stop) {
    SF_TRY(options.validate());
    if (!store.capabilities().multipart) return put_once(store, std::move(body), key, put, stop);
    ByteBudget budget(options.memory_bytes);
    return upload_stream(store, std::move(body), {}, {}, key, put, options, budget, std::move(stop));
}

}  // namespace streamforge::storage
