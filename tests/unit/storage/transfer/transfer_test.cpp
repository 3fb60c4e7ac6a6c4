#include <streamforge/storage/transfer.hpp>

#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>

#include <streamforge/storage/memory_store.hpp>

#include "storage/transfer/upload_engine.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

class Transfer : public ::testing::Test {
protected:
    std::filesystem::path file(std::size_t size, char first = 'a') {
        content_.clear();
        for (std::size_t at = 0; at < size; ++at) content_ += static_cast<char>(first + at * 7 % 26);
        const auto path = folder_.path() / "source";
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content_;
        return path;
    }
    TransferOptions options(bool journal = false) {
        TransferOptions options{.part_bytes = 100, .parallel = 3, .memory_bytes = 1000};
        if (journal) options.journal = folder_.path() / "journal";
        return options;
    }
    std::string stored() { return text_of(store_->get_bytes("k").value().bytes); }
    std::size_t unfinished() { return store_->list_uploads("").value().uploads.size(); }
    /// Stops after as many parts were acknowledged.
    Result<UploadReport> upload_until(const std::filesystem::path& path, std::uint64_t bytes) {
        std::stop_source stop;
        auto transfer = options(true);
        transfer.parallel = 1;
        transfer.progress = [&](const Progress& progress) {
            if (progress.bytes_written >= bytes) stop.request_stop();
        };
        return upload_file(*store_, path, "k", {}, transfer, stop.get_token());
    }

    TemporaryFolder folder_;
    std::string content_;
    std::shared_ptr<ObjectStore> store_ = make_memory_store();
};

TEST_F(Transfer, files_of_any_length_arrive_whole) {
    for (const std::size_t size : {0U, 1U, 99U, 100U, 101U, 200U, 1234U}) {
        const auto report = upload_file(*store_, file(size), "k", {}, options());
        ASSERT_TRUE(report) << report.error().describe();
        EXPECT_EQ(stored(), content_) << size;
        EXPECT_EQ(report->sent_bytes, size);
        EXPECT_EQ(unfinished(), 0U);
    }
}

TEST_F(Transfer, streams_of_any_length_arrive_whole) {
    for (const bool sized : {false, true}) {
        for (const std::size_t size : {0U, 1U, 99U, 100U, 101U, 200U, 1234U}) {
            file(size);
            std::size_t at = 0;
            auto producer = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
                const auto count = std::min({into.size(), content_.size() - at, std::size_t{37}});
                std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
                at += count;
                return count;
            };
            const auto length = sized ? std::optional<std::uint64_t>(size) : std::nullopt;
            const auto report = upload_body(*store_, Body::stream(producer, length), "k", {}, options());
            ASSERT_TRUE(report) << report.error().describe();
            EXPECT_EQ(stored(), content_) << size;
        }
    }
}

TEST_F(Transfer, a_stream_that_breaks_or_lies_leaves_nothing) {
    const auto code = [&](std::size_t produced, std::optional<std::uint64_t> said, bool broken) {
        std::size_t left = produced;
        auto producer = [=](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
            if (left == 0 && broken) return make_error(Errc::no_space, "test", "the source broke");
            const auto count = std::min(into.size(), left);
            left -= count;
            return count;
        };
        const auto report = upload_body(*store_, Body::stream(producer, said), "k", {}, options());
        EXPECT_EQ(unfinished(), 0U);
        EXPECT_FALSE(store_->head("k"));
        return report ? std::nullopt : std::optional(report.error().code);
    };
    EXPECT_EQ(code(350, std::nullopt, true), Errc::no_space);
    EXPECT_EQ(code(350, 340, false), Errc::integrity);
    EXPECT_EQ(code(350, 360, false), Errc::integrity);
    EXPECT_EQ(code(300, 200, false), Errc::integrity);
}

TEST_F(Transfer, a_stream_beyond_all_parts_is_refused) {
    auto endless = [](std::span<std::uint8_t> into) -> Result<std::size_t> { return into.size(); };
    auto small = options();
    small.part_bytes = 1;
    small.memory_bytes = 2;
    EXPECT_EQ(upload_body(*store_, Body::stream(endless), "k", {}, small).error().code, Errc::limit_exceeded);
    EXPECT_EQ(unfinished(), 0U);
}

TEST_F(Transfer, without_a_journal_a_stop_leaves_nothing) {
    std::stop_source stop;
    auto transfer = options();
    transfer.progress = [&](const Progress&) { stop.request_stop(); };
    EXPECT_EQ(upload_file(*store_, file(1000), "k", {}, transfer, stop.get_token()).error().code, Errc::cancelled);
    EXPECT_EQ(unfinished(), 0U);
    EXPECT_FALSE(store_->head("k"));
}

TEST_F(Transfer, with_a_journal_no_acknowledged_part_goes_twice) {
    for (std::uint64_t stop_at = 100; stop_at <= 900; stop_at += 100) {
        const auto path = file(1000);
        EXPECT_EQ(upload_until(path, stop_at).error().code, Errc::cancelled);
        EXPECT_EQ(unfinished(), 1U);
        const auto report = upload_file(*store_, path, "k", {}, options(true));
        ASSERT_TRUE(report) << report.error().describe();
        EXPECT_TRUE(report->resumed);
        EXPECT_EQ(report->kept_parts, stop_at / 100);
        EXPECT_EQ(report->sent_bytes, 1000 - stop_at);
        EXPECT_EQ(stored(), content_);
        EXPECT_EQ(unfinished(), 0U);
        EXPECT_FALSE(std::filesystem::exists(folder_.path() / "journal"));
    }
}

TEST_F(Transfer, a_refused_completion_keeps_its_parts_and_its_condition) {
    const auto path = file(1000);
    ASSERT_TRUE(upload_file(*store_, path, "k", {}, options()));
    // Every part is acknowledged, and the completion refused.
    const PutOptions new_only{.if_none_match = true};
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto refused = upload_file(*store_, path, "k", new_only, options(true));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::precondition_failed);
    }
    ASSERT_TRUE(store_->remove("k"));
    const auto report = upload_file(*store_, path, "k", new_only, options(true));
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_TRUE(report->resumed);
    EXPECT_EQ(report->sent_parts, 0U);
    EXPECT_EQ(report->kept_parts, 10U);
    EXPECT_EQ(unfinished(), 0U) << "parts that nobody completes cost money";
}

TEST_F(Transfer, a_changed_file_begins_anew_and_the_old_parts_go) {
    (void)upload_until(file(1000), 300);
    const auto path = file(1000, 'b');
    const auto report = upload_file(*store_, path, "k", {}, options(true));
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_FALSE(report->resumed);
    EXPECT_EQ(report->sent_bytes, 1000U);
    EXPECT_EQ(stored(), content_);
    EXPECT_EQ(unfinished(), 0U);
}

TEST_F(Transfer, an_upload_that_the_store_forgot_begins_anew) {
    const auto path = file(1000);
    (void)upload_until(path, 300);
    ASSERT_TRUE(sweep_uploads(*store_, "", std::chrono::seconds(0), std::chrono::system_clock::now() + std::chrono::hours(1)));
    const auto report = upload_file(*store_, path, "k", {}, options(true));
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_EQ(report->sent_bytes, 1000U);
    EXPECT_EQ(stored(), content_);
}

TEST_F(Transfer, parts_stay_within_memory) {
    auto transfer = options();
    transfer.memory_bytes = 250;
    transfer.parallel = 16;
    ASSERT_TRUE(upload_file(*store_, file(5000), "k", {}, transfer));
    EXPECT_EQ(stored(), content_);
}

/// A store over a slow network: no part arrives before as many as are wanted are on their way.
class SlowUpload final : public MultipartUpload {
public:
    explicit SlowUpload(std::uint32_t wanted) : MultipartUpload("k", "id", 10'000), wanted_(wanted) {}

private:
    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        std::unique_lock lock(mutex_);
        ++on_their_way_;
        changed_.notify_all();
        changed_.wait(lock, stop, [this] { return on_their_way_ >= wanted_; });
        return PartInfo{number, body.size_bytes().value_or(0), "etag", {}};
    }
    Result<std::vector<PartInfo>> do_list_parts(std::stop_token) override { return std::vector<PartInfo>{}; }
    Result<ObjectInfo> do_complete(std::span<const PartInfo>, std::stop_token) override { return ObjectInfo{}; }
    Result<void> do_abort() override { return {}; }

    std::uint32_t wanted_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::uint32_t on_their_way_ = 0;
};

TEST_F(Transfer, where_parts_take_their_time_all_that_are_allowed_go_at_once) {
    constexpr std::uint32_t parallel = 7;
    SlowUpload upload(parallel);
    UploadState state(PartPlan{.size_bytes = 1000, .part_bytes = 100});
    const auto source = source_of_bytes(bytes_source(Bytes(1000)));
    ByteBudget budget(10'000);
    EXPECT_TRUE(send_parts(upload, *source, state, budget, {.parallel = parallel}, {}));
}

TEST_F(Transfer, downloads_of_any_length_arrive_whole) {
    for (const std::size_t size : {0U, 1U, 100U, 101U, 1234U}) {
        file(size);
        ASSERT_TRUE(store_->put("k", content_));
        const auto target = folder_.path() / "deep" / "target";
        const auto report = download_file(*store_, "k", target, options());
        ASSERT_TRUE(report) << report.error().describe();
        std::ifstream stream(target, std::ios::binary);
        EXPECT_EQ(std::string((std::istreambuf_iterator<char>(stream)), {}), content_) << size;
        EXPECT_FALSE(std::filesystem::exists(target.string() + ".streamforge-part"));
    }
}

TEST_F(Transfer, a_stopped_download_goes_on_unless_the_object_changed) {
    file(1000);
    ASSERT_TRUE(store_->put("k", content_));
    const auto target = folder_.path() / "target";
    const auto stop_early = [&] {
        std::stop_source stop;
        auto transfer = options(true);
        transfer.parallel = 1;
        transfer.progress = [&](const Progress& progress) {
            if (progress.bytes_written >= 300) stop.request_stop();
        };
        EXPECT_EQ(download_file(*store_, "k", target, transfer, stop.get_token()).error().code, Errc::cancelled);
        EXPECT_FALSE(std::filesystem::exists(target));
    };
    stop_early();
    auto report = download_file(*store_, "k", target, options(true)).value();
    EXPECT_TRUE(report.resumed);
    EXPECT_EQ(report.kept_bytes, 300U);
    EXPECT_EQ(report.received_bytes, 700U);

    std::filesystem::remove(target);
    stop_early();
    file(1000, 'b');
    ASSERT_TRUE(store_->put("k", content_));
    report = download_file(*store_, "k", target, options(true)).value();
    EXPECT_FALSE(report.resumed);
    EXPECT_EQ(report.received_bytes, 1000U);
    std::ifstream stream(target, std::ios::binary);
    EXPECT_EQ(std::string((std::istreambuf_iterator<char>(stream)), {}), content_);
}

TEST_F(Transfer, the_sweeper_takes_only_old_uploads_of_the_prefix) {
    for (const auto* key : {"a/1", "a/2", "b/1"}) ASSERT_TRUE(store_->begin_multipart(key));
    const auto now = std::chrono::system_clock::now();
    auto report = sweep_uploads(*store_, "a/", std::chrono::hours(24), now).value();
    EXPECT_EQ(report.found, 2U);
    EXPECT_EQ(report.aborted, 0U);
    report = sweep_uploads(*store_, "a/", std::chrono::hours(24), now + std::chrono::hours(25)).value();
    EXPECT_EQ(report.aborted, 2U);
    EXPECT_EQ(unfinished(), 1U);
}

TEST_F(Transfer, bad_options_are_named) {
    EXPECT_NE(TransferOptions{.parallel = 0}.validate().error().message.find("parallel"), std::string::npos);
    EXPECT_NE(TransferOptions{.memory_bytes = 0}.validate().error().message.find("memory_bytes"), std::string::npos);
    EXPECT_EQ(upload_file(*store_, folder_.path() / "absent", "k").error().code, Errc::not_found);
    EXPECT_EQ(download_file(*store_, "absent", folder_.path() / "x").error().code, Errc::not_found);
}

}  // namespace
}  // namespace streamforge::storage
