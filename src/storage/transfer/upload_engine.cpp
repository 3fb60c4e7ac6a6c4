#include "storage/transfer/upload_engine.hpp"

#include <algorithm>
#include <thread>
#include <vector>

#include "core/try.hpp"
#include "storage/transfer/part_concurrency.hpp"

namespace streamforge::storage {
namespace {

Result<std::size_t> read_fully(Body& body, std::span<std::uint8_t> into, const std::stop_token& stop) {
    constexpr std::size_t slice_bytes = std::size_t{1} << 20;  // a stop is seen between slices
    std::size_t filled = 0;
    while (filled < into.size()) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.upload", "stopped while reading the body");
        SF_ASSIGN(const auto count, body.read(into.subspan(filled, std::min(slice_bytes, into.size() - filled))));
        if (count == 0) break;
        filled += count;
    }
    return filled;
}

class BytesPartSource final : public PartSource {
public:
    explicit BytesPartSource(std::shared_ptr<const ByteSource> bytes) : bytes_(std::move(bytes)) {}

    Result<PreparedPart> prepare(std::uint32_t, ByteRange range, ByteBudget& budget, const std::stop_token& stop) override {
        PreparedPart part;
        SF_ASSIGN(part.ticket, budget.acquire(range.length, stop));
        part.bytes = used_buffer();
        part.bytes.resize(static_cast<std::size_t>(range.length));
        part.body = Body(bytes_, range, part.bytes);  // read by the store, which makes its checksum in the same pass
        return part;
    }
    bool in_order() const noexcept override { return false; }
    std::optional<Body> direct(ByteRange range) override { return Body(bytes_, range); }
    void take_back(PreparedPart part) override {
        // Before its ticket goes: what the pool holds is never more than tickets were out at once.
        const std::lock_guard lock(mutex_);
        used_.push_back(std::move(part.bytes));
    }

private:
    /// New memory costs a page fault for each page and a pass to clear it, nearly as much as sending it.
    Bytes used_buffer() {
        const std::lock_guard lock(mutex_);
        if (used_.empty()) return {};
        auto bytes = std::move(used_.back());
        used_.pop_back();
        return bytes;
    }
    std::mutex mutex_;
    std::vector<Bytes> used_;  // guarded by mutex_
    std::shared_ptr<const ByteSource> bytes_;
};

class BodyPartSource final : public PartSource {
public:
    BodyPartSource(Body body, Bytes beginning, ByteTicket held)
        : body_(std::move(body)), beginning_(std::move(beginning)), held_(std::move(held)) {}

    Result<PreparedPart> prepare(std::uint32_t, ByteRange range, ByteBudget& budget, const std::stop_token& stop) override {
        PreparedPart part;
        const auto wanted = static_cast<std::size_t>(range.length);
        SF_TRY(take_beginning(part, wanted, budget, stop));
        const auto filled = part.bytes.size();
        part.bytes.resize(wanted);
        SF_ASSIGN(const auto count, read_fully(body_, std::span(part.bytes).subspan(filled), stop));
        part.bytes.resize(filled + count);
        part.body = Body(ByteView(part.bytes));
        if (range.offset + range.length == body_.size_bytes()) {
            // A body that is longer than it said shows only when it is asked for more.
            std::uint8_t more = 0;
            SF_TRY(body_.read({&more, 1}));
        }
        return part;
    }
    bool in_order() const noexcept override { return true; }

private:
    Result<void> take_beginning(PreparedPart& part, std::size_t wanted, ByteBudget& budget, const std::stop_token& stop);
    Body body_;
    Bytes beginning_;
    ByteTicket held_;
};

Result<void> BodyPartSource::take_beginning(PreparedPart& part, std::size_t wanted, ByteBudget& budget, const std::stop_token& stop) {
    part.bytes = std::move(beginning_);
    beginning_ = {};
    if (held_.bytes() >= wanted) {
        part.ticket = std::move(held_);
        return {};
    }
    // Given back first: whoever waits for more while holding some may wait for ever.
    held_.release();
    SF_ASSIGN(part.ticket, budget.acquire(wanted, stop));
    return {};
}

/// The threads of one upload around its state.
class Sending {
public:
    Sending(MultipartUpload& upload, PartSource& source, UploadState& state, ByteBudget& budget, const SendOptions& options)
        : upload_(upload),
          source_(source),
          state_(state),
          budget_(budget),
          options_(options),
          concurrency_(options.parallel, PartConcurrency::Clock::now()) {}

    void run(const std::stop_token& stop) {
        const auto parts_left = state_.last ? *state_.last - static_cast<std::uint32_t>(state_.acknowledged.size()) : options_.parallel;
        const auto threads = std::clamp<std::uint32_t>(parts_left, 1, options_.parallel);
        // One failed part stops the others: their bytes would be thrown away.
        const std::stop_callback forward(stop, [this] { inner_.request_stop(); });
        std::vector<std::jthread> workers;
        for (std::uint32_t index = 1; index < threads; ++index) workers.emplace_back([this, index] { work(index); });
        work(0);
    }

private:
    /// Whether a worker may look for its next step: the first few always, the others as far as they are of use.
    bool may_go_on(std::uint32_t index) {
        const auto kind = next_step(state_).kind;
        if (kind == UploadStep::Kind::wait) return false;
        return kind != UploadStep::Kind::send_part || (index < concurrency_.permitted() && !reading_);
    }

    void wait_for_step(std::unique_lock<std::mutex>& lock, std::uint32_t index) {
        while (!may_go_on(index)) {
            if (index < concurrency_.permitted()) {
                changed_.wait(lock);
                continue;
            }
            const auto slow_at = concurrency_.slow_at(state_.plan.length_of(state_.next));
            if (changed_.wait_until(lock, slow_at) == std::cv_status::timeout && PartConcurrency::Clock::now() >= slow_at) {
                concurrency_.waited_in_vain();
                changed_.notify_all();
            }
        }
    }

    void work(std::uint32_t index) {
        while (true) {
            std::unique_lock lock(mutex_);
            wait_for_step(lock, index);
            const auto step = next_step(state_);
            if (step.kind != UploadStep::Kind::send_part) {
                changed_.notify_all();
                return;
            }
            if (inner_.stop_requested()) {
                apply(state_, UploadFailed{make_error(Errc::cancelled, "storage.upload", "stopped during the upload")});
                changed_.notify_all();
                continue;
            }
            if (step.number > state_.plan.max_parts) {
                apply(state_, UploadFailed{make_error(Errc::limit_exceeded, "storage.upload",
                                                      "the stream is too long for its part sizes: allow more memory or longer parts")});
                changed_.notify_all();
                continue;
            }
            apply(state_, PartBegun{step.number});
            reading_ = source_.in_order();
            changed_.notify_all();
            lock.unlock();
            do_part(step.number);
        }
    }

    void do_part(std::uint32_t number) {
        const ByteRange range{state_.plan.offset_of(number), state_.plan.length_of(number)};
        Body body;
        PreparedPart part;
        const auto begun = PartConcurrency::Clock::now();
        auto direct = range.length > largest_in_memory() ? source_.direct(range) : std::nullopt;
        if (direct) {
            body = *std::move(direct);
        } else {
            auto prepared = source_.prepare(number, range, budget_, inner_.get_token());
            if (!prepared) return ended(PartFailed{number, std::move(prepared).error()});
            part = *std::move(prepared);
            if (source_.in_order() && !read_done(number, part.bytes.size(), range.length)) return;
            body = std::move(part.body);
        }
        auto stored = upload_.put_part(number, std::move(body), inner_.get_token());
        if (!direct) source_.take_back(std::move(part));
        if (!stored) return ended(PartFailed{number, std::move(stored).error()});
        acknowledged(*std::move(stored), begun);
    }

    [[nodiscard]] std::uint64_t largest_in_memory() const noexcept { return std::uint64_t{64} << 20; }

    /// False when the stream had ended before this part.
    bool read_done(std::uint32_t number, std::uint64_t got, std::uint64_t wanted) {
        const std::lock_guard lock(mutex_);
        reading_ = false;
        const bool nothing = got == 0 && number != 1;
        if (nothing) {
            apply(state_, StreamEnded{number});
        } else if (got < wanted && !state_.plan.size_bytes) {
            // Short only at the end: this part is the last one.
            apply(state_, StreamEnded{number + 1});
        }
        changed_.notify_all();
        return !nothing;
    }

    void acknowledged(PartInfo part, PartConcurrency::Clock::time_point begun) {
        const std::lock_guard lock(mutex_);
        const auto now = PartConcurrency::Clock::now();
        concurrency_.acknowledged(part.size_bytes, now - begun, now);
        if (options_.on_acknowledged) {
            if (auto noted = options_.on_acknowledged(part); !noted) {
                apply(state_, PartFailed{part.number, std::move(noted).error()});
                inner_.request_stop();
                changed_.notify_all();
                return;
            }
        }
        apply(state_, PartAcknowledged{std::move(part)});
        report_locked();
        changed_.notify_all();
    }

    void ended(PartFailed failed) {
        {
            const std::lock_guard lock(mutex_);
            reading_ = false;
            apply(state_, std::move(failed));
            changed_.notify_all();
        }
        inner_.request_stop();
    }

    void report_locked() {
        if (!options_.progress) return;
        Progress progress;
        progress.stage = "upload";
        progress.bytes_written = state_.acknowledged_bytes();
        if (const auto size = state_.plan.size_bytes.value_or(0)) {
            progress.fraction = static_cast<double>(progress.bytes_written) / static_cast<double>(size);
        }
        options_.progress(progress);
    }

    MultipartUpload& upload_;
    PartSource& source_;
    UploadState& state_;  // guarded by mutex_, but for its plan
    ByteBudget& budget_;
    const SendOptions& options_;
    std::stop_source inner_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool reading_ = false;         // a source that is read in order is being read
    PartConcurrency concurrency_;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<PartSource> source_of_bytes(std::shared_ptr<const ByteSource> bytes) {
    return std::make_unique<BytesPartSource>(std::move(bytes));
}

std::unique_ptr<PartSource> source_of_body(Body body, Bytes beginning, ByteTicket held) {
    return std::make_unique<BodyPartSource>(std::move(body), std::move(beginning), std::move(held));
}

Result<ObjectInfo> send_parts(MultipartUpload& upload, PartSource& source, UploadState& state, ByteBudget& budget,
                              const SendOptions& options, std::stop_token stop) {
    Sending(upload, source, state, budget, options).run(stop);
    if (state.failure) {
        // What the others saw after the first failure is only that they were stopped.
        if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.upload", "stopped during the upload");
        return *state.failure;
    }
    apply(state, CompletionBegun{});
    auto info = upload.complete(state.parts(), stop);
    if (!info) {
        apply(state, UploadFailed{info.error()});
        return info;
    }
    apply(state, Completed{});
    return info;
}

Result<UploadReport> upload_stream(ObjectStore& store, Body body, Bytes beginning, ByteTicket held, std::string_view key,
                                   const PutOptions& put, const TransferOptions& options, ByteBudget& budget, std::stop_token stop) {
    const auto size = body.size_bytes();
    SF_ASSIGN(const auto plan, plan_parts(size, store.capabilities(), options.part_bytes, options.memory_bytes));
    SF_ASSIGN(const auto upload, store.begin_multipart(key, put, stop));
    UploadState state(plan);
    const auto source = source_of_body(std::move(body), std::move(beginning), std::move(held));
    auto info = send_parts(*upload, *source, state, budget, {.parallel = options.parallel, .progress = options.progress}, stop);
    if (!info) {
        // A stream cannot be read again: nobody could go on.
        (void)upload->abort();
        return std::move(info).error();
    }
    UploadReport report;
    report.info = *std::move(info);
    report.sent_bytes = state.acknowledged_bytes();
    report.sent_parts = static_cast<std::uint32_t>(state.acknowledged.size());
    return report;
}

}  // namespace streamforge::storage
