#include <streamforge/storage/layers.hpp>

#include <gtest/gtest.h>
#include <mutex>

#include <streamforge/storage/memory_store.hpp>

#include "storage/layers/layer.hpp"

namespace streamforge::storage {
namespace {

/// Fails as often as it is told, then works.
class FlakyStore final : public Layer {
public:
    explicit FlakyStore(std::shared_ptr<ObjectStore> inner) : Layer(std::move(inner)) {}
    int failures_left = 0;
    Errc code = Errc::unavailable;
    int calls = 0;

private:
    std::optional<Error> fail() {
        ++calls;
        if (failures_left == 0) return std::nullopt;
        --failures_left;
        auto error = make_error(code, "test", "flaky");
        error.retry = Retry::later;
        return error;
    }
    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        return Layer::do_put(key, std::move(body), options, std::move(stop));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        return Layer::do_head(key, std::move(stop));
    }
    class Reader final : public ObjectReader {
    public:
        Reader(FlakyStore& store, std::unique_ptr<ObjectReader> inner)
            : ObjectReader(inner->info(), inner->range()), store_(store), inner_(std::move(inner)) {}

    private:
        Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
            if (auto error = store_.fail()) return *std::move(error);
            return inner_->read(into.first(std::min<std::size_t>(into.size(), 3)));
        }
        FlakyStore& store_;
        std::unique_ptr<ObjectReader> inner_;
    };
    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        auto reader = Layer::do_get(key, options, std::move(stop));
        if (!reader) return reader;
        return std::unique_ptr<ObjectReader>(std::make_unique<Reader>(*this, *std::move(reader)));
    }
};

class Retrying : public ::testing::Test {
protected:
    std::shared_ptr<FlakyStore> flaky_ = std::make_shared<FlakyStore>(make_memory_store());
    std::vector<std::chrono::milliseconds> waits_;
    std::shared_ptr<ObjectStore> store_ = make_retrying_store(flaky_, {.max_attempts = 4}, seeded_random(1),
                                                              [this](std::chrono::milliseconds span, const std::stop_token&) -> Result<void> {
                                                                  waits_.push_back(span);
                                                                  return {};
                                                              });
};

TEST_F(Retrying, failures_that_pass_are_not_seen) {
    flaky_->failures_left = 3;
    ASSERT_TRUE(store_->put("k", "bytes"));
    EXPECT_EQ(flaky_->calls, 4);
    EXPECT_EQ(waits_.size(), 3U);
}

TEST_F(Retrying, gives_up_after_its_attempts) {
    flaky_->failures_left = 100;
    EXPECT_EQ(store_->head("k").error().code, Errc::unavailable);
    EXPECT_EQ(flaky_->calls, 4);
}

TEST_F(Retrying, what_cannot_be_done_twice_is_not_repeated) {
    flaky_->failures_left = 1;
    EXPECT_FALSE(store_->put("k", "bytes", {.if_none_match = true}));
    flaky_->failures_left = 1;
    EXPECT_FALSE(store_->put("k", Body::stream([](std::span<std::uint8_t>) -> Result<std::size_t> { return std::size_t{0}; })));
    EXPECT_EQ(flaky_->calls, 2);
    // A store that asks to slow down has done nothing.
    flaky_->failures_left = 1;
    flaky_->code = Errc::throttled;
    EXPECT_TRUE(store_->put("k", "bytes", {.if_none_match = true}));
}

TEST_F(Retrying, permanent_errors_come_at_once) {
    EXPECT_EQ(store_->head("absent").error().code, Errc::not_found);
    EXPECT_EQ(flaky_->calls, 1);
}

TEST_F(Retrying, a_broken_reader_goes_on_where_it_was) {
    ASSERT_TRUE(store_->put("k", "0123456789"));
    const auto reader = store_->get("k", {.range = ByteRange{1, 8}}).value();
    std::string text;
    for (int turn = 0;; ++turn) {
        flaky_->failures_left = turn % 2;
        std::uint8_t slice[4];
        const auto count = reader->read(slice);
        ASSERT_TRUE(count) << count.error().describe();
        if (*count == 0) break;
        text.append(slice, slice + *count);
    }
    EXPECT_EQ(text, "12345678");
}

TEST_F(Retrying, a_broken_reader_does_not_go_on_in_another_version) {
    ASSERT_TRUE(store_->put("k", "0123456789"));
    const auto reader = store_->get("k").value();
    std::uint8_t slice[4];
    ASSERT_TRUE(reader->read(slice));
    ASSERT_TRUE(store_->put("k", "another---"));
    flaky_->failures_left = 1;
    EXPECT_EQ(reader->read(slice).error().code, Errc::precondition_failed);
}

TEST(ObservedStore, every_call_is_seen_once) {
    std::vector<std::string> seen;
    const auto store = make_observed_store(make_memory_store(), [&](const StoreCall& call) {
        seen.push_back(std::string(call.operation) + " " + std::string(call.key) + " " + std::to_string(call.bytes) + (call.error != nullptr ? " failed" : ""));
    });
    (void)store->put("a", "12345");
    (void)store->get_bytes("a");
    (void)store->head("b");
    (void)store->copy("a", "c");
    (void)store->list({.prefix = "x"});
    (void)store->remove("c");
    const auto upload = store->begin_multipart("m").value();
    const auto part = upload->put_part(1, "123").value();
    (void)upload->complete({{part}});
    (void)store->presign("a");
    EXPECT_EQ(seen, (std::vector<std::string>{"put a 5", "get a 5", "head b 0 failed", "copy a 0", "list x 0", "remove c 0", "begin m 0", "part m 3",
                                              "complete m 0"}));
}

TEST(MeteredStore, counts_calls_errors_and_bytes) {
    const auto metrics = std::make_shared<StoreMetrics>();
    const auto store = make_metered_store(make_memory_store(), metrics);
    ASSERT_TRUE(store->put("a", "12345"));
    ASSERT_TRUE(store->put("b", "1"));
    EXPECT_FALSE(store->head("absent"));
    const auto rows = metrics->rows();
    EXPECT_EQ(rows.at("put").calls, 2U);
    EXPECT_EQ(rows.at("put").bytes, 6U);
    EXPECT_EQ(rows.at("head").errors, 1U);
    EXPECT_NE(metrics->text().find("streamforge_storage_calls_total{operation=\"put\"} 2\n"), std::string::npos);
    EXPECT_NE(metrics->text().find("streamforge_storage_errors_total{operation=\"head\"} 1\n"), std::string::npos);
}

TEST(LoggingStore, says_what_failed_and_how) {
    std::vector<std::pair<LogLevel, std::string>> lines;
    const auto store = make_logging_store(make_memory_store(), [&](LogLevel level, std::string_view, std::string_view message) {
        lines.emplace_back(level, message);
    });
    (void)store->put("a", "12345");
    (void)store->head("absent");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].first, LogLevel::debug);
    EXPECT_TRUE(lines[0].second.starts_with("put a: 5 bytes in ")) << lines[0].second;
    EXPECT_EQ(lines[1].first, LogLevel::warning);
    EXPECT_NE(lines[1].second.find("not_found"), std::string::npos) << lines[1].second;
}

}  // namespace
}  // namespace streamforge::storage
