#include <streamforge/storage/mirrored_store.hpp>

#include <atomic>
#include <gtest/gtest.h>

#include <streamforge/storage/memory_store.hpp>
#include <streamforge/storage/transfer.hpp>

#include "storage/layers/layer.hpp"
#include "storage/mirrored/circuit_breaker.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

using std::chrono::milliseconds;

/// A region that can go away, or spoil what it is given.
class Region final : public Layer {
public:
    Region() : Layer(make_memory_store()) {}
    std::atomic<bool> down = false;
    std::atomic<bool> spoils = false;
    std::atomic<int> asked = 0;
    std::atomic<int> breaks_after = -1;  ///< Reads that work before one breaks off.

private:
    std::optional<Error> fail() {
        ++asked;
        if (!down) return std::nullopt;
        auto error = make_error(Errc::network, "test", "the region is down");
        error.retry = Retry::later;
        return error;
    }
    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        if (spoils) return Layer::do_put(key, "spoilt", options, std::move(stop));
        return Layer::do_put(key, std::move(body), options, std::move(stop));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        auto info = Layer::do_head(key, std::move(stop));
        if (info) info->checksum = sum_of(key);
        return info;
    }
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        return Layer::do_list(request, std::move(stop));
    }
    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        return Layer::do_remove(keys, std::move(stop));
    }
    class Reader final : public ObjectReader {
    public:
        Reader(Region& region, ObjectInfo info, std::unique_ptr<ObjectReader> inner)
            : ObjectReader(std::move(info), inner->range()), region_(region), inner_(std::move(inner)) {}

    private:
        Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
            if (region_.breaks_after == 0) return make_error(Errc::network, "test", "broke off");
            if (region_.breaks_after > 0) --region_.breaks_after;
            return inner_->read(into.first(std::min<std::size_t>(2, into.size())));
        }
        Region& region_;
        std::unique_ptr<ObjectReader> inner_;
    };
    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        if (auto error = fail()) return *std::move(error);
        auto reader = Layer::do_get(key, options, std::move(stop));
        if (!reader) return reader;
        auto info = (*reader)->info();
        info.checksum = sum_of(key);
        return std::unique_ptr<ObjectReader>(std::make_unique<Reader>(*this, std::move(info), *std::move(reader)));
    }
    std::string sum_of(const std::string& key) {
        const auto bytes = inner().get_bytes(key);
        return bytes ? "content=" + std::string(bytes->bytes.begin(), bytes->bytes.end()) : "";
    }
};

class Mirrored : public ::testing::Test {
protected:
    std::shared_ptr<ObjectStore> make(MirrorOptions options = {}) {
        options.now = [this] { return now_; };
        options.failures_to_open = 2;
        options.open_for = milliseconds(1000);
        return make_mirrored_store({a_, b_}, options).value();
    }
    static std::string text_of(ObjectStore& store, std::string_view key, const GetOptions& options = {}) {
        auto object = store.get_bytes(key, options);
        if (!object) return "<" + std::string(to_string(object.error().code)) + ">";
        return {object->bytes.begin(), object->bytes.end()};
    }
    std::shared_ptr<Region> a_ = std::make_shared<Region>();
    std::shared_ptr<Region> b_ = std::make_shared<Region>();
    std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(Mirrored, writes_go_to_every_store) {
    const auto store = make();
    ASSERT_TRUE(store->put("k", "bytes"));
    EXPECT_EQ(text_of(*a_, "k"), "bytes");
    EXPECT_EQ(text_of(*b_, "k"), "bytes");
    ASSERT_TRUE(store->remove("k"));
    EXPECT_EQ(text_of(*a_, "k"), "<not_found>");
    EXPECT_EQ(text_of(*b_, "k"), "<not_found>");
}

TEST_F(Mirrored, a_store_that_holds_something_else_is_found_out) {
    const auto store = make();
    b_->spoils = true;
    const auto put = store->put("k", "bytes");
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, Errc::integrity);
}

TEST_F(Mirrored, a_write_that_reaches_too_few_stores_fails) {
    b_->down = true;
    EXPECT_EQ(make()->put("k", "bytes").error().code, Errc::network);
    EXPECT_TRUE(make({.least_copies = 1})->put("k", "bytes"));
}

TEST_F(Mirrored, reads_fail_over_and_a_dead_store_is_left_alone) {
    const auto store = make();
    ASSERT_TRUE(store->put("k", "bytes"));
    a_->down = true;
    EXPECT_EQ(text_of(*store, "k"), "bytes");
    EXPECT_EQ(text_of(*store, "k"), "bytes");
    const int asked = a_->asked;
    for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(text_of(*store, "k"), "bytes");
    EXPECT_EQ(a_->asked, asked) << "the breaker is open";
    // One call tries it again after a while; it works, so all do.
    a_->down = false;
    now_ += milliseconds(1000);
    EXPECT_EQ(text_of(*store, "k"), "bytes");
    EXPECT_GT(a_->asked, asked);
}

TEST_F(Mirrored, what_is_not_there_is_an_answer_and_no_failure) {
    const auto store = make();
    for (int turn = 0; turn < 5; ++turn) EXPECT_EQ(store->head("absent").error().code, Errc::not_found);
    EXPECT_EQ(b_->asked, 0);
}

TEST_F(Mirrored, a_reader_that_breaks_off_goes_on_at_the_other_store) {
    const auto store = make();
    ASSERT_TRUE(store->put("k", "0123456789"));
    a_->breaks_after = 2;
    EXPECT_EQ(text_of(*store, "k"), "0123456789");
    a_->breaks_after = 1;
    EXPECT_EQ(text_of(*store, "k", {.range = ByteRange{3, 5}}), "34567");
}

TEST_F(Mirrored, a_reader_never_mixes_versions) {
    const auto store = make();
    ASSERT_TRUE(store->put("k", "0123456789"));
    ASSERT_TRUE(b_->put("k", "9876543210"));
    a_->breaks_after = 2;
    EXPECT_EQ(text_of(*store, "k"), "<network>");
}

TEST_F(Mirrored, a_pinned_version_is_found_under_another_etag) {
    ASSERT_TRUE(b_->put("x", "shifts the other store's ETags"));
    const auto store = make();
    ASSERT_TRUE(store->put("k", "bytes"));
    const auto info = store->head("k").value();
    a_->down = true;
    EXPECT_NE(b_->head("k")->etag, info.etag);
    EXPECT_EQ(text_of(*store, "k", {.if_match = info.etag}), "bytes");
    ASSERT_TRUE(b_->put("k", "other"));
    EXPECT_EQ(text_of(*store, "k", {.if_match = info.etag}), "<precondition_failed>");
}

TEST_F(Mirrored, one_store_decides_whether_a_condition_holds) {
    const auto store = make();
    ASSERT_TRUE(store->put("k", "first", {.if_none_match = true}));
    EXPECT_EQ(store->put("k", "second", {.if_none_match = true}).error().code, Errc::precondition_failed);
    EXPECT_EQ(text_of(*b_, "k"), "first");
}

TEST_F(Mirrored, uploads_in_parts_reach_every_store_and_resume) {
    const auto store = make();
    const auto upload = store->begin_multipart("m").value();
    const auto one = upload->put_part(1, "one").value();
    const auto again = store->resume_multipart("m", upload->upload_id()).value();
    const auto two = again->put_part(2, "two").value();
    EXPECT_EQ(again->list_parts()->size(), 2U);
    ASSERT_TRUE(again->complete({{one, two}}));
    EXPECT_EQ(text_of(*a_, "m"), "onetwo");
    EXPECT_EQ(text_of(*b_, "m"), "onetwo");
}

TEST_F(Mirrored, a_stream_is_read_once_and_stored_everywhere) {
    const auto store = make();
    int left = 3;
    ASSERT_TRUE(store->put("s", Body::stream([&](std::span<std::uint8_t> into) -> Result<std::size_t> {
                               if (left == 0) return std::size_t{0};
                               --left;
                               into[0] = 'x';
                               return std::size_t{1};
                           })));
    EXPECT_EQ(text_of(*a_, "s"), "xxx");
    EXPECT_EQ(text_of(*b_, "s"), "xxx");
}

TEST_F(Mirrored, listings_go_on_at_the_store_where_they_began) {
    const auto store = make();
    for (const auto* key : {"l/1", "l/2", "l/3"}) ASSERT_TRUE(store->put(key, "x"));
    const auto page = store->list({.prefix = "l/", .max_keys = 2}).value();
    const auto rest = store->list({.prefix = "l/", .page_token = page.next_page_token, .max_keys = 2}).value();
    ASSERT_EQ(rest.objects.size(), 1U);
    EXPECT_EQ(rest.objects[0].key, "l/3");
    EXPECT_EQ(store->list({.prefix = "l/", .page_token = "9:x"}).error().code, Errc::invalid_argument);
}

TEST_F(Mirrored, a_download_survives_the_loss_of_its_store) {
    TemporaryFolder folder;
    const auto store = make();
    ASSERT_TRUE(store->put("k", std::string(1000, 'a') + "end"));
    a_->breaks_after = 3;
    const auto report = download_file(*store, "k", folder.path() / "file", {.part_bytes = 400, .parallel = 1});
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_EQ(std::filesystem::file_size(folder.path() / "file"), 1003U);
}

TEST(MakeMirrored, options_are_checked) {
    EXPECT_FALSE(make_mirrored_store({}));
    EXPECT_FALSE(make_mirrored_store({nullptr}));
    EXPECT_FALSE(make_mirrored_store({make_memory_store()}, {.least_copies = 2}));
    EXPECT_FALSE(make_mirrored_store({make_memory_store()}, {.failures_to_open = 0}));
}

TEST(CircuitBreaker, opens_tries_and_closes) {
    CircuitBreaker breaker(2, milliseconds(100));
    CircuitBreaker::TimePoint now{std::chrono::hours(1)};
    EXPECT_FALSE(breaker.failed(now));
    EXPECT_TRUE(breaker.allows(now));
    EXPECT_TRUE(breaker.failed(now));
    EXPECT_FALSE(breaker.allows(now + milliseconds(99)));
    EXPECT_TRUE(breaker.allows(now + milliseconds(100)));
    EXPECT_FALSE(breaker.allows(now + milliseconds(101))) << "only one may try";
    breaker.succeeded();
    EXPECT_TRUE(breaker.allows(now + milliseconds(101)));
}

}  // namespace
}  // namespace streamforge::storage
