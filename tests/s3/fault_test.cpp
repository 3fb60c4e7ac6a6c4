// Every fault at every step of every kind of write, against real servers: each ends in a whole object or a typed error, never in a
// false success, never in an upload left behind.
#include <array>
#include <atomic>
#include <ctime>
#include <fstream>
#include <gtest/gtest.h>
#include <random>

#include <streamforge/http/fault_transport.hpp>
#include <streamforge/storage/transfer.hpp>

#include "s3/server.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

using http::Fault;
using Kind = testing::S3Server::Kind;

constexpr std::size_t part_bytes = std::size_t{5} << 20;

http::Response error_answer(int status, const std::string& code, http::Headers headers = {}) {
    const auto xml = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>injected</Message></Error>";
    return {.status = status, .headers = std::move(headers), .body = Bytes(xml.begin(), xml.end())};
}

std::string http_date_now() {
    const auto now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 64> text{};
    (void)std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text.data();
}

/// All faults; those that hide what was done come twice, before and after the deed.
std::vector<std::pair<std::string, Fault>> all_faults() {
    using enum Fault::Kind;
    std::vector<std::pair<std::string, Fault>> faults{
        {"refused", {.kind = refuse}},
        {"answer lost", {.kind = lose_answer}},
        {"stall", {.kind = time_out}},
        {"cut at 0", {.kind = truncate_body, .at = 0}},
        {"cut at 20", {.kind = truncate_body, .at = 20}},
        {"delivered twice", {.kind = deliver_twice}},
        {"empty success after the deed", {.kind = rewrite_answer, .answer = {.status = 200}}},
        {"empty success without it", {.kind = replace_answer, .answer = {.status = 200}}},
        {"clock", {.kind = replace_answer, .answer = error_answer(403, "RequestTimeTooSkewed", {{"date", http_date_now()}})}},
    };
    for (const auto& [status, code] : {std::pair(500, "InternalError"), {503, "SlowDown"}, {400, "RequestTimeout"}, {400, "ExpiredToken"},
                                       {200, "InternalError"}, {502, "x"}, {403, "AccessDenied"}, {404, "NoSuchUpload"}}) {
        faults.push_back({std::to_string(status) + " " + code, {.kind = replace_answer, .answer = error_answer(status, code)}});
        if (status >= 500 || status == 200) {
            faults.push_back({std::to_string(status) + " " + code + " after the deed", {.kind = rewrite_answer, .answer = error_answer(status, code)}});
        }
    }
    return faults;
}

class S3Faults : public ::testing::TestWithParam<Kind> {
protected:
    void SetUp() override {
        server_ = testing::S3Server::shared(GetParam());
        if (server_ == nullptr) GTEST_SKIP() << testing::no_server(GetParam());
        options_ = server_->options(server_->make_bucket());
        options_.part_bytes = part_bytes;
        options_.sleep = [](std::chrono::milliseconds, const std::stop_token&) -> Result<void> { return {}; };
        plain_transport_ = http::make_curl_transport(options_.connection).value();
        options_.transport = plain_transport_;
        plain_ = open_s3(options_).value();
        content_.resize(part_bytes + 12345);
        std::mt19937 random(1);
        for (auto& byte : content_) byte = static_cast<std::uint8_t>(random());
        std::ofstream(path(), std::ios::binary).write(reinterpret_cast<const char*>(content_.data()), static_cast<std::streamsize>(content_.size()));
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "source"; }

    std::shared_ptr<ObjectStore> faulty(std::function<std::optional<Fault>(const http::Request&, std::uint64_t)> plan) {
        auto options = options_;
        options.transport = http::make_fault_transport(plain_transport_, std::move(plan));
        return open_s3(options).value();
    }

    using Write = std::function<Result<ObjectInfo>(ObjectStore&, const std::string& key)>;
    std::vector<std::pair<std::string, Write>> writes() {
        return {{"small put", [this](ObjectStore& store, const std::string& key) { return store.put(key, ByteView(content_).first(1000)); }},
                {"create only", [this](ObjectStore& store, const std::string& key) { return store.put(key, ByteView(content_).first(1000), {.if_none_match = true}); }},
                {"long put", [this](ObjectStore& store, const std::string& key) { return store.put(key, ByteView(content_)); }},
                {"file with a journal", [this](ObjectStore& store, const std::string& key) -> Result<ObjectInfo> {
                     auto report = upload_file(store, path(), key, {},
                                               {.part_bytes = part_bytes, .parallel = 1, .journal = folder_.path() / "journal"});
                     if (!report) {
                         // Its parts stay for the next run, which has no faults.
                         report = upload_file(*plain_, path(), key, {}, {.part_bytes = part_bytes, .parallel = 1, .journal = folder_.path() / "journal"});
                         EXPECT_TRUE(report) << report.error().describe();
                     }
                     if (!report) return report.error();
                     return report->info;
                 }}};
    }
    [[nodiscard]] ByteView content_of(const std::string& write) const {
        const bool whole = write == "long put" || write == "file with a journal";
        return ByteView(content_).first(whole ? content_.size() : 1000);
    }

    /// What must hold whatever happened.
    void judge(const Result<ObjectInfo>& outcome, const std::string& write, const std::string& key, const std::string& what) {
        const auto uploads = plain_->list_uploads("");
        ASSERT_TRUE(uploads) << uploads.error().describe();
        // A Create that the network delivered twice leaves an empty upload that nobody was told of: the sweeper's case.
        const bool doubled = what.find("delivered twice") != std::string::npos;
        EXPECT_TRUE(uploads->uploads.empty() || doubled) << what << ": an upload was left behind";
        for (const auto& item : uploads->uploads) {
            const auto upload = plain_->resume_multipart(item.key, item.upload_id).value();
            EXPECT_TRUE(upload->list_parts()->empty()) << what << ": parts were left behind";
            (void)upload->abort();
        }
        if (!outcome) {
            EXPECT_NE(outcome.error().code, Errc::internal) << what;
            return;
        }
        const auto object = plain_->get_bytes(key);
        ASSERT_TRUE(object) << what << ": a false success: " << object.error().describe();
        EXPECT_TRUE(std::ranges::equal(object->bytes, content_of(write))) << what << ": other bytes than were sent";
    }

    testing::S3Server* server_ = nullptr;
    S3Options options_;
    TemporaryFolder folder_;
    std::shared_ptr<http::Transport> plain_transport_;
    std::shared_ptr<ObjectStore> plain_;
    Bytes content_;
};

TEST_P(S3Faults, every_fault_at_every_step_ends_well) {
    int runs = 0;
    int survived = 0;
    for (const auto& [write, run] : writes()) {
        std::atomic<std::uint64_t> steps = 0;
        ASSERT_TRUE(run(*faulty([&](const http::Request&, std::uint64_t number) -> std::optional<Fault> {
                            steps = number + 1;
                            return std::nullopt;
                        }),
                        "count " + write));
        for (const auto& [name, fault] : all_faults()) {
            for (std::uint64_t step = 0; step < steps; ++step) {
                const auto key = "o" + std::to_string(runs++);
                const auto what = write + ", " + name + " at step " + std::to_string(step);
                auto store = faulty([&, broken = fault](const http::Request&, std::uint64_t number) {
                    return number == step ? std::optional(broken) : std::nullopt;
                });
                const auto outcome = run(*store, key);
                judge(outcome, write, key, what);
                if (outcome) ++survived;
                const bool survivable = name.find("AccessDenied") == std::string::npos && name.find("NoSuchUpload") == std::string::npos;
                if (survivable) {
                    EXPECT_TRUE(outcome) << what << ": " << outcome.error().describe();
                }
            }
        }
    }
    RecordProperty("runs", runs);
    RecordProperty("survived", survived);
    EXPECT_GE(runs, 200);
}

TEST_P(S3Faults, storms_of_faults_end_well_too) {
    const auto faults = all_faults();
    for (std::uint32_t seed = 0; seed < 60; ++seed) {
        std::mt19937 random(seed);
        for (const auto& [write, run] : writes()) {
            const auto key = "storm-" + std::to_string(seed) + "-" + write.substr(0, 4);
            auto store = faulty([&](const http::Request&, std::uint64_t) -> std::optional<Fault> {
                if (random() % 10 >= 3) return std::nullopt;
                return faults[random() % faults.size()].second;
            });
            const auto outcome = run(*store, key);
            if (outcome) {
                const auto object = plain_->get_bytes(key);
                ASSERT_TRUE(object) << write << " seed " << seed << ": a false success";
                EXPECT_TRUE(std::ranges::equal(object->bytes, content_of(write))) << write << " seed " << seed;
            } else {
                EXPECT_NE(outcome.error().code, Errc::internal);
            }
        }
    }
    // With several faults in a row even the clean-up may fail: the sweeper is for that.
    ASSERT_TRUE(sweep_uploads(*plain_, "", std::chrono::seconds(-3600), std::chrono::system_clock::now()));
    EXPECT_TRUE(plain_->list_uploads("")->uploads.empty());
}

TEST_P(S3Faults, a_wrong_clock_is_corrected_by_the_stores) {
    for (const auto wrong : {std::chrono::minutes(-20), std::chrono::minutes(20)}) {
        auto options = options_;
        options.clock = [wrong] { return std::chrono::system_clock::now() + wrong; };
        const auto store = open_s3(options).value();
        const auto info = store->put("clock", "tick");
        ASSERT_TRUE(info) << info.error().describe();
        EXPECT_EQ(store->get_bytes("clock")->bytes.size(), 4U);
    }
}

TEST_P(S3Faults, broken_reads_go_on_or_are_noticed) {
    ASSERT_TRUE(plain_->put("read", ByteView(content_)));
    using enum Fault::Kind;
    for (const auto& fault : {Fault{.kind = truncate_body, .at = 0}, Fault{.kind = truncate_body, .at = 100}, Fault{.kind = truncate_body, .at = 4'000'000},
                              Fault{.kind = refuse}, Fault{.kind = lose_answer}, Fault{.kind = replace_answer, .answer = error_answer(503, "SlowDown")}}) {
        auto store = faulty([&](const http::Request&, std::uint64_t number) { return number == 0 ? std::optional(fault) : std::nullopt; });
        const auto object = store->get_bytes("read");
        ASSERT_TRUE(object) << object.error().describe();
        EXPECT_TRUE(object->bytes == content_);
    }
    auto store = faulty([&](const http::Request&, std::uint64_t number) {
        return number == 0 ? std::optional(Fault{.kind = corrupt_body, .at = 777}) : std::nullopt;
    });
    const auto corrupted = store->get_bytes("read");
    ASSERT_FALSE(corrupted) << "the store keeps a checksum of the whole";
    EXPECT_EQ(corrupted.error().code, Errc::integrity);
}

TEST_P(S3Faults, a_corrupted_download_is_noticed_and_not_kept) {
    ASSERT_TRUE(plain_->put("read", ByteView(content_)));
    auto store = faulty([&](const http::Request& request, std::uint64_t number) {
        return number == 2 && request.method == "GET" ? std::optional(Fault{.kind = Fault::Kind::corrupt_body, .at = 777}) : std::nullopt;
    });
    const auto target = folder_.path() / "target";
    const auto report = download_file(*store, "read", target, {.part_bytes = part_bytes, .parallel = 1});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, Errc::integrity);
    EXPECT_FALSE(std::filesystem::exists(target));
    const auto good = download_file(*plain_, "read", target, {.part_bytes = part_bytes, .parallel = 3});
    ASSERT_TRUE(good) << good.error().describe();
    EXPECT_TRUE(good->verified);
}

TEST_P(S3Faults, no_secret_shows_in_errors_or_logs) {
    std::string log;
    auto options = options_;
    options.credentials = make_static_credentials("some-key", Secret("VERY-SECRET-KEY-1234"), Secret("VERY-SECRET-TOKEN-1234"));
    options.log = [&](LogLevel, std::string_view, std::string_view message) { log += message; };
    const auto store = open_s3(options).value();
    log += store->put("x", "y").error().describe();
    log += store->get("x").error().describe();
    log += store->list({}).error().describe();
    log += store->begin_multipart("x").error().describe();
    auto dead = options;
    dead.transport = nullptr;
    dead.endpoint_url = "http://127.0.0.1:1";
    log += open_s3(dead).value()->put("x", "y").error().describe();
    EXPECT_EQ(log.find("VERY-SECRET"), std::string::npos) << log;
    EXPECT_EQ(log.find("Signature="), std::string::npos) << log;
}

INSTANTIATE_TEST_SUITE_P(Servers, S3Faults, ::testing::Values(Kind::versitygw, Kind::minio),
                         [](const auto& kind) { return kind.param == Kind::minio ? "Minio" : "Versitygw"; });

}  // namespace
}  // namespace streamforge::storage
