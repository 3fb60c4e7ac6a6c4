#include <streamforge/server/origin.hpp>

#include <gtest/gtest.h>

#include <streamforge/storage/memory_store.hpp>

#include "server/http_date.hpp"

namespace streamforge::server {
namespace {

using namespace std::chrono_literals;

class OriginTest : public ::testing::Test {
protected:
    static Handler origin_of(std::shared_ptr<storage::ObjectStore> store, const OriginOptions& options = {}) {
        return make_origin(std::move(store), options).value();
    }
    storage::ObjectInfo put(std::string_view key, std::string_view text, const storage::PutOptions& options = {}) {
        return store_->put(key, text, options).value();
    }
    Response ask(const std::string& path, const Headers& headers = {}, const std::string& method = "GET") {
        Request request;
        request.method = method;
        request.path = path;
        request.headers = headers;
        return origin_(request);
    }
    static std::string text_of(Response& response) {
        Bytes bytes(100'000);
        const auto count = response.body.read(bytes).value();
        return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
    }

    static constexpr std::chrono::system_clock::time_point modified_{1'700'000'000s};
    std::shared_ptr<storage::ObjectStore> store_ = storage::make_memory_store([] { return modified_; });
    Handler origin_ = origin_of(store_);
};

TEST_F(OriginTest, object_is_served_with_all_its_fields) {
    const auto info = put("v/1.m4s", "0123456789");
    auto response = ask("/v/1.m4s");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(text_of(response), "0123456789");
    EXPECT_EQ(response.headers.get("Content-Type"), "video/iso.segment");
    EXPECT_EQ(response.headers.get("ETag"), info.etag);
    EXPECT_EQ(response.headers.get("Last-Modified"), "Tue, 14 Nov 2023 22:13:20 GMT");
    EXPECT_EQ(response.headers.get("Accept-Ranges"), "bytes");
    EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
}

TEST_F(OriginTest, types_and_lifetimes_follow_the_kind_of_object) {
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {"master.m3u8", "application/vnd.apple.mpegurl", "public, max-age=5"},
        {"manifest.mpd", "application/dash+xml", "public, max-age=5"},
        {"1.m4s", "video/iso.segment", "public, max-age=31536000, immutable"},
        {"init.mp4", "video/mp4", "public, max-age=31536000, immutable"},
        {"a.TS", "video/mp2t", "public, max-age=31536000, immutable"},
        {"en.vtt", "text/vtt; charset=utf-8", "public, max-age=300"},
        {"poster.jpg", "image/jpeg", "public, max-age=300"},
        {"report.json", "application/json", "public, max-age=300"},
        {"app.js", "text/javascript; charset=utf-8", "public, max-age=300"},
        {"app.css", "text/css; charset=utf-8", "public, max-age=300"},
        {"page.html", "text/html; charset=utf-8", "public, max-age=300"},
        {"key", "application/octet-stream", "public, max-age=300"},
    };
    for (const auto& [key, type, lifetime] : cases) {
        put(key, "x");
        const auto response = ask("/" + key);
        EXPECT_EQ(response.headers.get("Content-Type"), type) << key;
        EXPECT_EQ(response.headers.get("Cache-Control"), lifetime) << key;
    }
    put("own.m4s", "x", {.content_type = "video/x-own", .cache_control = "max-age=1"});
    EXPECT_EQ(ask("/own.m4s").headers.get("Content-Type"), "video/x-own");
    EXPECT_EQ(ask("/own.m4s").headers.get("Cache-Control"), "max-age=1");
}

TEST_F(OriginTest, head_tells_what_get_would_send) {
    put("a.mp4", "0123456789");
    for (const Headers& headers : {Headers{}, Headers{{"Range", "bytes=2-3"}}}) {
        const auto response = ask("/a.mp4", headers, "HEAD");
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.body.size_bytes(), 10U);
        EXPECT_EQ(response.headers.get("Content-Type"), "video/mp4");
    }
    EXPECT_EQ(ask("/absent", {}, "HEAD").status, 404);
}

TEST_F(OriginTest, single_ranges_are_partial_content) {
    put("a.mp4", "0123456789");
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {"bytes=0-0", "0", "bytes 0-0/10"},       {"bytes=2-5", "2345", "bytes 2-5/10"}, {"bytes=7-", "789", "bytes 7-9/10"},
        {"bytes=-3", "789", "bytes 7-9/10"},      {"bytes=5-100", "56789", "bytes 5-9/10"}, {"bytes=0-9", "0123456789", "bytes 0-9/10"},
    };
    for (const auto& [range, text, content_range] : cases) {
        auto response = ask("/a.mp4", {{"Range", range}});
        EXPECT_EQ(response.status, 206) << range;
        EXPECT_EQ(text_of(response), text) << range;
        EXPECT_EQ(response.body.size_bytes(), text.size());
        EXPECT_EQ(response.headers.get("Content-Range"), content_range);
        EXPECT_EQ(response.headers.get("Content-Type"), "video/mp4");
    }
}

TEST_F(OriginTest, unsatisfiable_range_is_416_with_the_length) {
    put("a.mp4", "0123456789");
    const auto response = ask("/a.mp4", {{"Range", "bytes=10-"}});
    EXPECT_EQ(response.status, 416);
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes */10");
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
    put("empty.mp4", "");
    EXPECT_EQ(ask("/empty.mp4", {{"Range", "bytes=0-"}}).status, 416);
    EXPECT_EQ(ask("/empty.mp4").status, 200);
}

TEST_F(OriginTest, several_ranges_or_nonsense_get_the_whole) {
    put("a.mp4", "0123456789");
    for (const auto* range : {"bytes=0-1,4-5", "bytes=x", "lines=1-2"}) {
        auto response = ask("/a.mp4", {{"Range", range}});
        EXPECT_EQ(response.status, 200) << range;
        EXPECT_EQ(text_of(response), "0123456789");
        EXPECT_FALSE(response.headers.contains("Content-Range"));
    }
}

TEST_F(OriginTest, conditions_decide_before_ranges) {
    const auto info = put("a.mp4", "0123456789");
    const auto date = format_http_date(std::chrono::floor<std::chrono::seconds>(modified_));
    const std::tuple<Headers, int> cases[] = {
        {{{"If-None-Match", info.etag}}, 304},
        {{{"If-None-Match", "\"other\""}}, 200},
        {{{"If-None-Match", info.etag}, {"Range", "bytes=0-1"}}, 304},
        {{{"If-Modified-Since", date}}, 304},
        {{{"If-Match", info.etag}}, 200},
        {{{"If-Match", "\"other\""}}, 412},
        {{{"If-Match", "\"other\""}, {"Range", "bytes=99-"}}, 412},
        {{{"Range", "bytes=0-1"}, {"If-Range", info.etag}}, 206},
        {{{"Range", "bytes=0-1"}, {"If-Range", date}}, 206},
        {{{"Range", "bytes=0-1"}, {"If-Range", "\"other\""}}, 200},
        {{{"Range", "bytes=99-"}, {"If-Range", "\"other\""}}, 200},
    };
    for (std::size_t index = 0; index < std::size(cases); ++index) {
        const auto& [headers, status] = cases[index];
        EXPECT_EQ(ask("/a.mp4", headers).status, status) << "case " << index;
    }
    const auto unchanged = ask("/a.mp4", {{"If-None-Match", info.etag}});
    EXPECT_EQ(unchanged.headers.get("ETag"), info.etag);
    EXPECT_TRUE(unchanged.headers.contains("Cache-Control"));
    EXPECT_FALSE(unchanged.headers.contains("Content-Type"));
}

TEST_F(OriginTest, other_methods_are_refused) {
    put("a", "x");
    for (const auto* method : {"POST", "PUT", "DELETE", "PATCH", "get", "TRACE", ""}) {
        const auto response = ask("/a", {}, method);
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(response.headers.get("Allow"), "GET, HEAD, OPTIONS");
    }
    EXPECT_EQ(ask("/a", {}, "OPTIONS").status, 204);
}

TEST_F(OriginTest, only_what_lies_under_the_prefix_is_served) {
    put("m1/a", "in");
    put("m2/a", "out");
    origin_ = origin_of(store_, {.prefix = "m1/"});
    auto response = ask("/a");
    EXPECT_EQ(text_of(response), "in");
    for (const auto* path : {"/../m2/a", "/m2/a", "/", "", "/a/", "*", "/a/../../m2/a"}) EXPECT_EQ(ask(path).status, 404) << path;
}

/// A store whose failures are chosen by the test.
class FailingStore final : public storage::ObjectStore {
public:
    FailingStore() : ObjectStore({}) {}
    Errc head_error = Errc::io;
    std::function<Result<std::unique_ptr<storage::ObjectReader>>(const std::string&)> on_get;
    std::shared_ptr<storage::ObjectStore> inner;

private:
    Result<storage::ObjectInfo> do_put(const std::string&, storage::Body, const storage::PutOptions&, std::stop_token) override {
        return make_error(Errc::unsupported, "test", "no");
    }
    Result<std::unique_ptr<storage::ObjectReader>> do_get(const std::string& key, const storage::GetOptions&, std::stop_token) override {
        return on_get(key);
    }
    Result<storage::ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        if (inner) return inner->head(key, std::move(stop));
        return make_error(head_error, "test.head", "the disk /dev/secret broke");
    }
    Result<ListAnswer> do_list(const ListRequest&, std::stop_token) override { return ListAnswer{}; }
    Result<storage::RemoveReport> do_remove(std::span<const std::string>, std::stop_token) override { return storage::RemoveReport{}; }
    Result<storage::ObjectInfo> do_copy(const std::string&, const std::string&, const storage::CopyOptions&, std::stop_token) override {
        return make_error(Errc::unsupported, "test", "no");
    }
};

TEST_F(OriginTest, troubles_of_the_store_are_logged_and_not_told) {
    const auto store = std::make_shared<FailingStore>();
    std::string logged;
    origin_ = origin_of(store, {.log = [&](LogLevel, std::string_view, std::string_view message) { logged = message; }});
    for (const auto& [code, status] : {std::pair(Errc::io, 500), {Errc::unavailable, 503}, {Errc::timed_out, 504}, {Errc::network, 502},
                                       {Errc::unauthenticated, 500}, {Errc::throttled, 500}}) {
        store->head_error = code;
        auto response = ask("/a");
        EXPECT_EQ(response.status, status);
        EXPECT_EQ(text_of(response).find("secret"), std::string::npos);
        EXPECT_NE(logged.find("secret"), std::string::npos);
    }
    store->head_error = Errc::permission_denied;
    EXPECT_EQ(ask("/a").status, 403);
}

TEST_F(OriginTest, object_replaced_between_looking_and_opening_is_looked_at_again) {
    put("a", "old");
    const auto store = std::make_shared<FailingStore>();
    store->inner = store_;
    int gets = 0;
    store->on_get = [&](const std::string& key) -> Result<std::unique_ptr<storage::ObjectReader>> {
        if (++gets == 1) return make_error(Errc::precondition_failed, "test.get", "changed");
        return store_->get(key);
    };
    origin_ = origin_of(store);
    auto response = ask("/a");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(gets, 2);

    gets = 0;
    store->on_get = [&](const std::string&) -> Result<std::unique_ptr<storage::ObjectReader>> {
        ++gets;
        return make_error(Errc::precondition_failed, "test.get", "changed");
    };
    EXPECT_EQ(ask("/a").status, 500);
    EXPECT_EQ(gets, 3) << "it gives up in the end";
    store->on_get = [&](const std::string&) -> Result<std::unique_ptr<storage::ObjectReader>> {
        return make_error(Errc::not_found, "test.get", "removed");
    };
    EXPECT_EQ(ask("/a").status, 404);
}

TEST_F(OriginTest, bad_options_are_refused) {
    EXPECT_EQ(make_origin(nullptr).error().code, Errc::invalid_argument);
    EXPECT_EQ(make_origin(store_, {.prefix = "m1"}).error().code, Errc::invalid_argument);
    EXPECT_EQ(make_origin(store_, {.prefix = "../"}).error().code, Errc::invalid_argument);
    EXPECT_EQ(make_origin(store_, {.media_cache_control = "a\r\nb"}).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace streamforge::server
