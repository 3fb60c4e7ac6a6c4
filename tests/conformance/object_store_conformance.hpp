#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <streamforge/storage/object_store.hpp>
#include <streamforge/storage/publish_tree.hpp>

/// What every `ObjectStore` must do. A backend instantiates the suite with a type that owns whatever it needs (a temporary
/// folder, a test server) and has `ObjectStore& store()`:
///
///     INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ObjectStoreConformance, MemoryBackend);
///
/// A test whose capability the backend lacks checks that it says `unsupported`.
namespace streamforge::storage {

template <class Backend>
class ObjectStoreConformance : public ::testing::Test {
protected:
    /// A backend that needs something of the machine tells with `why_not()` what is missing; empty: nothing.
    void SetUp() override {
        if constexpr (requires { Backend::why_not(); }) {
            if (const std::string reason = Backend::why_not(); !reason.empty()) GTEST_SKIP() << reason;
        }
    }
    ObjectStore& store() { return backend_.store(); }
    const Capabilities& can() { return store().capabilities(); }

    ObjectInfo put(std::string_view key, std::string_view text, const PutOptions& options = {}) {
        auto info = store().put(key, text, options);
        EXPECT_TRUE(info) << info.error().describe();
        return info ? *info : ObjectInfo{};
    }
    std::string text_of(std::string_view key, const GetOptions& options = {}) {
        auto object = store().get_bytes(key, options);
        if (!object) return "<" + std::string(to_string(object.error().code)) + ">";
        return {object->bytes.begin(), object->bytes.end()};
    }
    std::vector<std::string> keys_under(std::string_view prefix) {
        std::vector<std::string> keys;
        auto objects = store().list_all(prefix);
        EXPECT_TRUE(objects) << objects.error().describe();
        if (objects) {
            for (const auto& object : *objects) keys.push_back(object.key);
        }
        return keys;
    }
    template <class T>
    static std::optional<Errc> code_of(const Result<T>& result) {
        return result ? std::nullopt : std::optional(result.error().code);
    }
    /// Long enough that a backend moves it in several steps; no two slices alike.
    static Bytes pattern(std::size_t size, std::uint32_t seed = 1) {
        Bytes bytes(size);
        for (auto& byte : bytes) {
            seed = seed * 1664525 + 1013904223;
            byte = static_cast<std::uint8_t>(seed >> 24);
        }
        return bytes;
    }

    Backend backend_;
};

TYPED_TEST_SUITE_P(ObjectStoreConformance);

TYPED_TEST_P(ObjectStoreConformance, put_then_get_returns_the_bytes) {
    const auto info = this->put("a/b/c.m4s", "hello");
    EXPECT_EQ(info.key, "a/b/c.m4s");
    EXPECT_EQ(info.size_bytes, 5U);
    EXPECT_FALSE(info.etag.empty());
    EXPECT_EQ(this->text_of("a/b/c.m4s"), "hello");
}

TYPED_TEST_P(ObjectStoreConformance, put_of_nothing_makes_an_empty_object) {
    EXPECT_EQ(this->put("empty", "").size_bytes, 0U);
    EXPECT_EQ(this->text_of("empty"), "");
}

TYPED_TEST_P(ObjectStoreConformance, put_takes_every_kind_of_body) {
    const auto bytes = this->pattern(700'001);
    const auto source = bytes_source(bytes);
    const auto stored = [&](std::string_view key) { return this->store().get_bytes(key).value().bytes; };

    ASSERT_TRUE(this->store().put("owned", Bytes(bytes)));
    EXPECT_EQ(stored("owned"), bytes);
    ASSERT_TRUE(this->store().put("source", source));
    EXPECT_EQ(stored("source"), bytes);
    ASSERT_TRUE(this->store().put("part", Body(source, {5, 600'000})));
    EXPECT_EQ(stored("part"), Bytes(bytes.begin() + 5, bytes.begin() + 600'005));

    for (const bool sized : {false, true}) {
        std::size_t at = 0;
        auto producer = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
            const auto count = std::min({into.size(), bytes.size() - at, std::size_t{77'777}});
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
            at += count;
            return count;
        };
        const auto size = sized ? std::optional<std::uint64_t>(bytes.size()) : std::nullopt;
        const auto info = this->store().put("stream", Body::stream(producer, size));
        ASSERT_TRUE(info) << info.error().describe();
        EXPECT_EQ(stored("stream"), bytes);
    }
}

TYPED_TEST_P(ObjectStoreConformance, put_with_a_failing_body_leaves_the_old_object) {
    this->put("x", "old");
    auto calls = 0;
    auto producer = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
        if (++calls > 2) return make_error(Errc::io, "test", "the source broke");
        return into.size();
    };
    EXPECT_EQ(this->code_of(this->store().put("x", Body::stream(producer))), Errc::io);
    EXPECT_EQ(this->text_of("x"), "old");
    EXPECT_EQ(this->keys_under(""), std::vector<std::string>{"x"});
}

TYPED_TEST_P(ObjectStoreConformance, put_of_a_body_that_lies_about_its_length_is_refused) {
    for (const std::uint64_t claimed : {9U, 11U}) {
        std::size_t left = 10;
        auto producer = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
            const auto count = std::min(left, into.size());
            std::fill_n(into.begin(), count, std::uint8_t{7});
            left -= count;
            return count;
        };
        EXPECT_EQ(this->code_of(this->store().put("liar", Body::stream(producer, claimed))), Errc::integrity) << claimed;
        EXPECT_EQ(this->text_of("liar"), "<not_found>");
    }
}

TYPED_TEST_P(ObjectStoreConformance, put_replaces_and_changes_the_etag) {
    const auto first = this->put("x", "one");
    const auto second = this->put("x", "two");
    EXPECT_NE(first.etag, second.etag);
    EXPECT_EQ(this->text_of("x"), "two");
    EXPECT_EQ(this->store().head("x").value().etag, second.etag);
}

TYPED_TEST_P(ObjectStoreConformance, create_only_put_refuses_an_existing_object) {
    PutOptions create;
    create.if_none_match = true;
    const auto first = this->store().put("x", "one", create);
    if (!this->can().put_if_none_match) {
        EXPECT_EQ(this->code_of(first), Errc::unsupported);
        return;
    }
    ASSERT_TRUE(first) << first.error().describe();
    EXPECT_EQ(this->code_of(this->store().put("x", "two", create)), Errc::precondition_failed);
    EXPECT_EQ(this->text_of("x"), "one");
}

TYPED_TEST_P(ObjectStoreConformance, one_of_many_concurrent_creators_wins) {
    if (!this->can().put_if_none_match) GTEST_SKIP() << "the backend has no atomic creation";
    if constexpr (requires { TypeParam::creation_races; }) {
        if (TypeParam::creation_races) GTEST_SKIP() << "this server checks If-None-Match before it writes, not while";
    }
    constexpr int rounds = 10;
    constexpr int writers = 4;
    for (int round = 0; round < rounds; ++round) {
        const auto key = "race-" + std::to_string(round);
        std::atomic<int> created{0};
        std::vector<std::jthread> threads;
        for (int writer = 0; writer < writers; ++writer) {
            threads.emplace_back([&, writer] {
                PutOptions create;
                create.if_none_match = true;
                if (this->store().put(key, std::to_string(writer), create)) ++created;
            });
        }
        threads.clear();
        EXPECT_EQ(created, 1);
    }
}

TYPED_TEST_P(ObjectStoreConformance, conditional_replace_needs_the_current_version) {
    const auto first = this->put("x", "one");
    PutOptions replace;
    replace.if_match = first.etag;
    const auto second = this->store().put("x", "two", replace);
    if (!this->can().put_if_match) {
        EXPECT_EQ(this->code_of(second), Errc::unsupported);
        return;
    }
    ASSERT_TRUE(second) << second.error().describe();
    EXPECT_EQ(this->code_of(this->store().put("x", "three", replace)), Errc::precondition_failed);
    EXPECT_EQ(this->text_of("x"), "two");
    EXPECT_EQ(this->code_of(this->store().put("absent", "three", replace)), Errc::precondition_failed);
}

TYPED_TEST_P(ObjectStoreConformance, concurrent_conditional_replacements_lose_no_update) {
    if (!this->can().put_if_match) GTEST_SKIP() << "the backend has no conditional replacement";
    this->put("counter", "0");
    constexpr int writers = 4;
    constexpr int increments = 10;
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&] {
            for (int done = 0; done < increments;) {
                const auto now = this->store().get_bytes("counter").value();
                const auto value = std::stoi(std::string(now.bytes.begin(), now.bytes.end()));
                PutOptions replace;
                replace.if_match = now.info.etag;
                if (this->store().put("counter", std::to_string(value + 1), replace)) ++done;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(this->text_of("counter"), std::to_string(writers * increments));
}

TYPED_TEST_P(ObjectStoreConformance, headers_are_kept_or_follow_from_the_extension) {
    PutOptions options;
    options.content_type = "application/x-test";
    options.cache_control = "max-age=7";
    this->put("a.m3u8", "x", options);
    this->put("b.m3u8", "x");
    const auto a = this->store().head("a.m3u8").value();
    EXPECT_EQ(a.content_type, this->can().stores_headers ? "application/x-test" : "application/vnd.apple.mpegurl");
    EXPECT_EQ(a.cache_control, this->can().stores_headers ? "max-age=7" : "");
    EXPECT_EQ(this->store().head("b.m3u8").value().content_type, "application/vnd.apple.mpegurl");
}

TYPED_TEST_P(ObjectStoreConformance, metadata_are_kept_or_refused) {
    PutOptions options;
    options.metadata = {{"plan", "abc123"}, {"made-by", "test"}};
    const auto info = this->store().put("x", "y", options);
    if (!this->can().stores_metadata) {
        EXPECT_EQ(this->code_of(info), Errc::unsupported);
        return;
    }
    ASSERT_TRUE(info) << info.error().describe();
    EXPECT_EQ(this->store().head("x").value().metadata, options.metadata);
}

TYPED_TEST_P(ObjectStoreConformance, get_of_ranges_gives_those_bytes) {
    this->put("x", "0123456789");
    const auto range = [&](std::uint64_t offset, std::uint64_t length) {
        GetOptions options;
        options.range = ByteRange{offset, length};
        return this->text_of("x", options);
    };
    EXPECT_EQ(range(0, 1), "0");
    EXPECT_EQ(range(3, 4), "3456");
    EXPECT_EQ(range(9, 1), "9");
    EXPECT_EQ(range(8, 100), "89");
    EXPECT_EQ(range(0, UINT64_MAX), "0123456789");
    EXPECT_EQ(range(10, 1), "<invalid_argument>");
    EXPECT_EQ(range(UINT64_MAX, 1), "<invalid_argument>");
    EXPECT_EQ(range(2, 0), "<invalid_argument>");
}

TYPED_TEST_P(ObjectStoreConformance, reader_knows_the_object_and_its_range) {
    this->put("x.mp4", "0123456789");
    GetOptions options;
    options.range = ByteRange{4, 100};
    const auto reader = this->store().get("x.mp4", options).value();
    EXPECT_EQ(reader->info().size_bytes, 10U);
    EXPECT_EQ(reader->info().content_type, "video/mp4");
    EXPECT_EQ(reader->range(), (ByteRange{4, 6}));
}

TYPED_TEST_P(ObjectStoreConformance, reading_in_any_slices_gives_the_same_bytes) {
    const auto bytes = this->pattern(10'000);
    ASSERT_TRUE(this->store().put("x", bytes));
    for (const std::size_t slice : {1U, 7U, 4096U, 9'999U, 20'000U}) {
        const auto reader = this->store().get("x").value();
        Bytes all;
        Bytes buffer(slice);
        for (std::size_t count = 1; count != 0;) {
            count = reader->read(buffer).value();
            all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
        }
        EXPECT_EQ(all, bytes) << slice;
        EXPECT_EQ(reader->read(buffer).value(), 0U);
    }
}

TYPED_TEST_P(ObjectStoreConformance, get_is_pinned_by_if_match) {
    const auto first = this->put("x", "one");
    GetOptions pinned;
    pinned.if_match = first.etag;
    EXPECT_EQ(this->text_of("x", pinned), "one");
    this->put("x", "two");
    EXPECT_EQ(this->text_of("x", pinned), "<precondition_failed>");
}

TYPED_TEST_P(ObjectStoreConformance, a_reader_never_mixes_versions) {
    const auto old_bytes = this->pattern(300'000, 1);
    ASSERT_TRUE(this->store().put("x", old_bytes));
    const auto reader = this->store().get("x").value();
    Bytes got(100'000);
    ASSERT_EQ(reader->read(got).value(), got.size());
    ASSERT_TRUE(this->store().put("x", this->pattern(300'000, 2)));
    Bytes rest(200'000);
    const auto more = reader->read(rest);
    if (more) {
        got.insert(got.end(), rest.begin(), rest.end());
        EXPECT_EQ(got, old_bytes);
    } else {
        EXPECT_EQ(more.error().code, Errc::precondition_failed);
    }
}

TYPED_TEST_P(ObjectStoreConformance, get_bytes_respects_its_bound) {
    this->put("x", "0123456789");
    EXPECT_TRUE(this->store().get_bytes("x", {}, {}, 10));
    EXPECT_EQ(this->code_of(this->store().get_bytes("x", {}, {}, 9)), Errc::limit_exceeded);
}

TYPED_TEST_P(ObjectStoreConformance, absent_objects_are_not_found) {
    this->put("folder/object", "x");
    for (const auto* key : {"absent", "folder", "folder/absent", "folder/object/below"}) {
        EXPECT_EQ(this->code_of(this->store().head(key)), Errc::not_found) << key;
        EXPECT_EQ(this->code_of(this->store().get(key)), Errc::not_found) << key;
        EXPECT_EQ(this->code_of(this->store().copy(key, "copy")), Errc::not_found) << key;
        EXPECT_TRUE(this->store().remove(key)) << key;
    }
    EXPECT_EQ(this->text_of("folder/object"), "x");
}

TYPED_TEST_P(ObjectStoreConformance, bad_keys_are_refused_by_every_call) {
    for (const std::string key : {"", "/abs", "a/../b", "..", "./a", "a//b", "a/", "a\nb", "\xff"}) {
        EXPECT_EQ(this->code_of(this->store().put(key, "x")), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().get(key)), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().head(key)), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().copy(key, "b")), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().copy("b", key)), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().remove(key)), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().begin_multipart(key)), Errc::invalid_argument) << key;
        EXPECT_EQ(this->code_of(this->store().presign(key)), Errc::invalid_argument) << key;
    }
}

TYPED_TEST_P(ObjectStoreConformance, unusual_keys_round_trip) {
    const std::vector<std::string> keys{"a b", "a+b", "a%20b", "100%", "ä/ö/ü.vtt", "日本語", "a&b=c?d#e", "..a", "a..b/c", "~x", "'q\"",
                                        "back\\slash", std::string(200, 'k') + "/" + std::string(200, 'l')};
    for (const auto& key : keys) {
        this->put(key, key);
        EXPECT_EQ(this->text_of(key), key);
        EXPECT_EQ(this->keys_under(key), std::vector<std::string>{key});
    }
    EXPECT_EQ(this->keys_under("").size(), keys.size());
}

TYPED_TEST_P(ObjectStoreConformance, list_is_in_byte_order_and_knows_sizes) {
    for (const auto* key : {"b", "a/2", "a/1/x", "a.txt", "a-b", "a0", "B"}) this->put(key, key);
    EXPECT_EQ(this->keys_under(""), (std::vector<std::string>{"B", "a-b", "a.txt", "a/1/x", "a/2", "a0", "b"}));
    const auto objects = this->store().list_all("").value();
    for (const auto& object : objects) EXPECT_EQ(object.size_bytes, object.key.size());
}

TYPED_TEST_P(ObjectStoreConformance, list_takes_any_prefix) {
    for (const auto* key : {"v/1/a.m4s", "v/1/b.m4s", "v/10/a.m4s", "v/2/a.m4s", "w"}) this->put(key, "xy");
    EXPECT_EQ(this->keys_under("v/1"), (std::vector<std::string>{"v/1/a.m4s", "v/1/b.m4s", "v/10/a.m4s"}));
    EXPECT_EQ(this->keys_under("v/1/"), (std::vector<std::string>{"v/1/a.m4s", "v/1/b.m4s"}));
    EXPECT_EQ(this->keys_under("v/1/a"), (std::vector<std::string>{"v/1/a.m4s"}));
    EXPECT_EQ(this->keys_under("nothing/here"), std::vector<std::string>{});
    const auto objects = this->store().list_all("w").value();
    ASSERT_EQ(objects.size(), 1U);
    EXPECT_EQ(objects[0].size_bytes, 2U);
    EXPECT_EQ(objects[0].etag, this->store().head("w").value().etag);
}

TYPED_TEST_P(ObjectStoreConformance, list_by_folders_stops_at_the_next_slash) {
    for (const auto* key : {"m/a.mpd", "m/v/1", "m/v/2", "m/w/deep/x", "n"}) this->put(key, "x");
    ListOptions options;
    options.folders = true;
    auto page = this->store().list(options).value();
    EXPECT_EQ(page.prefixes, (std::vector<std::string>{"m/"}));
    ASSERT_EQ(page.objects.size(), 1U);
    EXPECT_EQ(page.objects[0].key, "n");
    options.prefix = "m/";
    page = this->store().list(options).value();
    EXPECT_EQ(page.prefixes, (std::vector<std::string>{"m/v/", "m/w/"}));
    ASSERT_EQ(page.objects.size(), 1U);
    EXPECT_EQ(page.objects[0].key, "m/a.mpd");
}

TYPED_TEST_P(ObjectStoreConformance, list_pages_join_to_the_whole) {
    for (const auto* key : {"a", "b/1", "b/2", "b/c/1", "b.x", "c/1", "c/2", "d"}) this->put(key, "x");
    for (const bool folders : {false, true}) {
        ListOptions all;
        all.folders = folders;
        const auto whole = this->store().list(all).value();
        EXPECT_TRUE(whole.next_page_token.empty());
        for (std::uint32_t size = 1; size <= 9; ++size) {
            ListOptions options = all;
            options.max_keys = size;
            std::vector<std::string> keys;
            std::vector<std::string> prefixes;
            do {
                const auto page = this->store().list(options).value();
                ASSERT_LE(page.objects.size() + page.prefixes.size(), size);
                for (const auto& object : page.objects) keys.push_back(object.key);
                prefixes.insert(prefixes.end(), page.prefixes.begin(), page.prefixes.end());
                options.page_token = page.next_page_token;
            } while (!options.page_token.empty());
            EXPECT_EQ(prefixes, whole.prefixes) << size;
            ASSERT_EQ(keys.size(), whole.objects.size()) << size;
            for (std::size_t index = 0; index < keys.size(); ++index) EXPECT_EQ(keys[index], whole.objects[index].key) << size;
        }
    }
}

TYPED_TEST_P(ObjectStoreConformance, list_refuses_bad_options) {
    ListOptions options;
    options.max_keys = 0;
    EXPECT_EQ(this->code_of(this->store().list(options)), Errc::invalid_argument);
    options.max_keys = 1001;
    EXPECT_EQ(this->code_of(this->store().list(options)), Errc::invalid_argument);
    options.max_keys = 1;
    options.prefix = "../x";
    EXPECT_EQ(this->code_of(this->store().list(options)), Errc::invalid_argument);
    this->put("a", "x");
    this->put("b", "x");
    EXPECT_EQ(this->code_of(this->store().list_all("", {}, 1)), Errc::limit_exceeded);
}

TYPED_TEST_P(ObjectStoreConformance, remove_takes_many_and_tells_which_failed) {
    for (const auto* key : {"a", "b/1", "b/2"}) this->put(key, "x");
    const std::vector<std::string> keys{"a", "b/1", "absent", "../bad"};
    const auto report = this->store().remove(keys).value();
    EXPECT_EQ(report.removed, 3U);
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(report.failed[0].first, "../bad");
    EXPECT_EQ(report.failed[0].second.code, Errc::invalid_argument);
    EXPECT_EQ(this->keys_under(""), std::vector<std::string>{"b/2"});
}

TYPED_TEST_P(ObjectStoreConformance, a_removed_folder_name_can_become_an_object) {
    this->put("a/b/c", "x");
    ASSERT_TRUE(this->store().remove("a/b/c"));
    this->put("a", "now an object");
    EXPECT_EQ(this->text_of("a"), "now an object");
}

TYPED_TEST_P(ObjectStoreConformance, copy_keeps_bytes_and_headers) {
    const auto bytes = this->pattern(500'000);
    PutOptions options;
    if (this->can().stores_metadata) options.metadata = {{"k", "v"}};
    ASSERT_TRUE(this->store().put("from.mpd", bytes, options));
    const auto info = this->store().copy("from.mpd", "deep/to.mpd");
    ASSERT_TRUE(info) << info.error().describe();
    EXPECT_EQ(info->size_bytes, bytes.size());
    EXPECT_EQ(this->store().get_bytes("deep/to.mpd").value().bytes, bytes);
    EXPECT_EQ(this->store().head("deep/to.mpd").value().content_type, "application/dash+xml");
    EXPECT_EQ(this->store().head("deep/to.mpd").value().metadata, options.metadata);
    EXPECT_EQ(this->store().get_bytes("from.mpd").value().bytes, bytes);

    CopyOptions create;
    create.if_none_match = true;
    const auto refused = this->store().copy("from.mpd", "deep/to.mpd", create);
    EXPECT_EQ(this->code_of(refused), this->can().put_if_none_match ? Errc::precondition_failed : Errc::unsupported);
}

TYPED_TEST_P(ObjectStoreConformance, a_requested_stop_is_obeyed_by_every_call) {
    this->put("x", "y");
    std::stop_source source;
    source.request_stop();
    const auto stop = source.get_token();
    EXPECT_EQ(this->code_of(this->store().put("x", "z", {}, stop)), Errc::cancelled);
    EXPECT_EQ(this->code_of(this->store().get("x", {}, stop)), Errc::cancelled);
    EXPECT_EQ(this->code_of(this->store().head("x", stop)), Errc::cancelled);
    EXPECT_EQ(this->code_of(this->store().list({}, stop)), Errc::cancelled);
    EXPECT_EQ(this->code_of(this->store().remove("x", stop)), Errc::cancelled);
    EXPECT_EQ(this->code_of(this->store().copy("x", "y", {}, stop)), Errc::cancelled);
    EXPECT_EQ(this->code_of(publish_tree(this->store(), "a/", "b/", stop)), Errc::cancelled);
    EXPECT_EQ(this->text_of("x"), "y");
}

TYPED_TEST_P(ObjectStoreConformance, a_stop_during_a_put_leaves_the_old_object) {
    this->put("x", "old");
    std::stop_source source;
    auto producer = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
        source.request_stop();
        return into.size();  // never ends by itself
    };
    EXPECT_EQ(this->code_of(this->store().put("x", Body::stream(producer), {}, source.get_token())), Errc::cancelled);
    EXPECT_EQ(this->text_of("x"), "old");
}

TYPED_TEST_P(ObjectStoreConformance, readers_see_whole_objects_while_they_are_replaced) {
    constexpr std::size_t size = 200'000;
    const auto versions = {Bytes(size, 'a'), Bytes(size, 'b')};
    ASSERT_TRUE(this->store().put("x", *versions.begin()));
    std::atomic<bool> done{false};
    std::jthread writer([&] {
        for (int round = 0; round < 40; ++round) {
            for (const auto& version : versions) EXPECT_TRUE(this->store().put("x", version));
        }
        done = true;
    });
    int reads = 0;
    while (!done || reads == 0) {
        const auto object = this->store().get_bytes("x");
        ++reads;
        if (!object) {
            ASSERT_EQ(object.error().code, Errc::precondition_failed) << object.error().describe();
            continue;
        }
        ASSERT_EQ(object->bytes.size(), size);
        ASSERT_EQ(std::count(object->bytes.begin(), object->bytes.end(), object->bytes.front()), static_cast<std::ptrdiff_t>(size));
    }
}

TYPED_TEST_P(ObjectStoreConformance, multipart_joins_parts_in_order) {
    auto begun = this->store().begin_multipart("big.mp4");
    if (!this->can().multipart) {
        EXPECT_EQ(this->code_of(begun), Errc::unsupported);
        EXPECT_EQ(this->code_of(this->store().resume_multipart("big.mp4", "id")), Errc::unsupported);
        EXPECT_EQ(this->code_of(this->store().list_uploads("")), Errc::unsupported);
        return;
    }
    ASSERT_TRUE(begun) << begun.error().describe();
    auto& upload = **begun;
    const auto part_bytes = static_cast<std::size_t>(std::max<std::uint64_t>(this->can().min_part_bytes, 300'000));
    const auto one = this->pattern(part_bytes, 1);
    const auto two = this->pattern(part_bytes, 2);
    const auto three = this->pattern(10, 3);
    std::vector<PartInfo> parts(3);
    parts[1] = upload.put_part(2, two).value();
    parts[0] = upload.put_part(1, one).value();
    parts[2] = upload.put_part(3, three).value();
    EXPECT_EQ(parts[1].size_bytes, part_bytes);
    EXPECT_EQ(upload.list_parts().value(), parts);
    EXPECT_EQ(this->text_of("big.mp4"), "<not_found>");
    EXPECT_EQ(this->keys_under(""), std::vector<std::string>{});

    const auto info = upload.complete(parts);
    ASSERT_TRUE(info) << info.error().describe();
    EXPECT_EQ(info->size_bytes, 2 * part_bytes + 10);
    Bytes whole = one;
    whole.insert(whole.end(), two.begin(), two.end());
    whole.insert(whole.end(), three.begin(), three.end());
    EXPECT_EQ(this->store().get_bytes("big.mp4").value().bytes, whole);
    EXPECT_EQ(this->store().head("big.mp4").value().content_type, "video/mp4");
    EXPECT_TRUE(this->store().list_uploads("").value().uploads.empty());
}

TYPED_TEST_P(ObjectStoreConformance, multipart_is_resumed_by_its_id) {
    if (!this->can().multipart) GTEST_SKIP() << "the backend has no multipart uploads";
    std::string id;
    std::vector<PartInfo> parts;
    {
        const auto upload = this->store().begin_multipart("m/big").value();
        id = upload->upload_id();
        parts.push_back(upload->put_part(1, this->pattern(static_cast<std::size_t>(this->can().min_part_bytes), 1)).value());
    }
    const auto uploads = this->store().list_uploads("m/").value().uploads;
    ASSERT_EQ(uploads.size(), 1U);
    EXPECT_EQ(uploads[0].key, "m/big");
    EXPECT_EQ(uploads[0].upload_id, id);
    EXPECT_TRUE(this->store().list_uploads("other/").value().uploads.empty());

    const auto resumed = this->store().resume_multipart("m/big", id).value();
    EXPECT_EQ(resumed->list_parts().value(), parts);
    parts.push_back(resumed->put_part(2, "tail").value());
    ASSERT_TRUE(resumed->complete(parts));
    EXPECT_EQ(this->store().head("m/big").value().size_bytes, this->can().min_part_bytes + 4);
}

TYPED_TEST_P(ObjectStoreConformance, multipart_replaces_a_part_of_the_same_number) {
    if (!this->can().multipart) GTEST_SKIP() << "the backend has no multipart uploads";
    const auto upload = this->store().begin_multipart("x").value();
    const auto first = upload->put_part(1, "first").value();
    const auto second = upload->put_part(1, "second").value();
    EXPECT_NE(first.etag, second.etag);
    EXPECT_EQ(this->code_of(upload->complete(std::vector{first})), Errc::integrity);
    ASSERT_TRUE(upload->complete(std::vector{second}));
    EXPECT_EQ(this->text_of("x"), "second");
}

TYPED_TEST_P(ObjectStoreConformance, multipart_refuses_what_does_not_fit) {
    if (!this->can().multipart) GTEST_SKIP() << "the backend has no multipart uploads";
    const auto upload = this->store().begin_multipart("x").value();
    EXPECT_EQ(this->code_of(upload->put_part(0, "a")), Errc::invalid_argument);
    EXPECT_EQ(this->code_of(upload->put_part(this->can().max_parts + 1, "a")), Errc::invalid_argument);
    const auto one = upload->put_part(1, "a").value();
    const auto two = upload->put_part(2, "b").value();
    EXPECT_EQ(this->code_of(upload->complete({})), Errc::invalid_argument);
    EXPECT_EQ(this->code_of(upload->complete(std::vector{two, one})), Errc::invalid_argument);
    EXPECT_EQ(this->code_of(upload->complete(std::vector{one, one})), Errc::invalid_argument);
    auto absent = two;
    absent.number = 3;
    EXPECT_EQ(this->code_of(upload->complete(std::vector{one, absent})), Errc::integrity);
    EXPECT_EQ(this->text_of("x"), "<not_found>");
    EXPECT_EQ(this->code_of(this->store().resume_multipart("x", "no-such-id")), Errc::not_found);
    EXPECT_EQ(this->code_of(this->store().resume_multipart("other", upload->upload_id())), Errc::not_found);
}

TYPED_TEST_P(ObjectStoreConformance, multipart_abort_removes_the_parts) {
    if (!this->can().multipart) GTEST_SKIP() << "the backend has no multipart uploads";
    const auto upload = this->store().begin_multipart("x").value();
    const auto part = upload->put_part(1, "a").value();
    ASSERT_TRUE(upload->abort());
    EXPECT_TRUE(upload->abort()) << "a second abort finds nothing and succeeds";
    EXPECT_EQ(this->code_of(upload->put_part(2, "b")), Errc::not_found);
    EXPECT_EQ(this->code_of(upload->complete(std::vector{part})), Errc::not_found);
    EXPECT_TRUE(this->store().list_uploads("").value().uploads.empty());
    EXPECT_EQ(this->text_of("x"), "<not_found>");
}

TYPED_TEST_P(ObjectStoreConformance, multipart_conditions_hold_when_it_completes) {
    if (!this->can().multipart || !this->can().put_if_none_match) GTEST_SKIP() << "the backend lacks one of the two";
    PutOptions create;
    create.if_none_match = true;
    const auto upload = this->store().begin_multipart("x", create).value();
    const auto part = upload->put_part(1, "late").value();
    this->put("x", "early");
    EXPECT_EQ(this->code_of(upload->complete(std::vector{part})), Errc::precondition_failed);
    EXPECT_EQ(this->text_of("x"), "early");
}

TYPED_TEST_P(ObjectStoreConformance, multipart_conditions_hold_for_who_takes_it_up) {
    if (!this->can().multipart || !this->can().put_if_none_match) GTEST_SKIP() << "the backend lacks one of the two";
    PutOptions create;
    create.if_none_match = true;
    const auto begun = this->store().begin_multipart("x", create).value();
    const auto part = begun->put_part(1, "late").value();
    const auto upload = this->store().resume_multipart("x", begun->upload_id(), create).value();
    this->put("x", "early");
    EXPECT_EQ(this->code_of(upload->complete(std::vector{part})), Errc::precondition_failed);
    EXPECT_EQ(this->text_of("x"), "early");
}

TYPED_TEST_P(ObjectStoreConformance, presign_works_or_is_unsupported) {
    this->put("x", "y");
    const auto request = this->store().presign("x");
    if (!this->can().presign) {
        EXPECT_EQ(this->code_of(request), Errc::unsupported);
    } else {
        ASSERT_TRUE(request) << request.error().describe();
        EXPECT_EQ(request->method, "GET");
        EXPECT_FALSE(request->url.empty());
    }
    PresignOptions options;
    options.expires_in = std::chrono::seconds(0);
    EXPECT_EQ(this->code_of(this->store().presign("x", options)), Errc::invalid_argument);
    options.expires_in = std::chrono::hours(24 * 7) + std::chrono::seconds(1);
    EXPECT_EQ(this->code_of(this->store().presign("x", options)), Errc::invalid_argument);
}

TYPED_TEST_P(ObjectStoreConformance, publish_tree_replaces_the_whole_tree) {
    for (const auto* key : {"m/old.m3u8", "m/v/1.m4s", "mother/x", "n/x"}) this->put(key, "old");
    for (const auto* key : {"s/new.m3u8", "s/v/1.m4s", "s/v/2.m4s"}) this->put(key, "new");
    const auto published = publish_tree(this->store(), "s/", "m/");
    ASSERT_TRUE(published) << published.error().describe();
    EXPECT_EQ(this->keys_under(""), (std::vector<std::string>{"m/new.m3u8", "m/v/1.m4s", "m/v/2.m4s", "mother/x", "n/x"}));
    EXPECT_EQ(this->text_of("m/v/1.m4s"), "new");
    EXPECT_EQ(this->text_of("n/x"), "old");
}

TYPED_TEST_P(ObjectStoreConformance, publish_tree_makes_a_tree_that_was_not_there) {
    this->put("deep/.m.staging-1/a/b", "new");
    ASSERT_TRUE(publish_tree(this->store(), "deep/.m.staging-1/", "other/place/"));
    EXPECT_EQ(this->keys_under(""), std::vector<std::string>{"other/place/a/b"});
}

TYPED_TEST_P(ObjectStoreConformance, publish_tree_of_nothing_leaves_the_old_tree) {
    this->put("m/x", "old");
    EXPECT_EQ(this->code_of(publish_tree(this->store(), "s/", "m/")), Errc::not_found);
    EXPECT_EQ(this->text_of("m/x"), "old");
    for (const auto& [from, to] : {std::pair("s", "m/"), {"s/", "m"}, {"", "m/"}, {"s/", ""}, {"m/a/", "m/"}, {"m/", "m/a/"},
                                   {"m/", "m/"}, {"../s/", "m/"}}) {
        EXPECT_EQ(this->code_of(publish_tree(this->store(), from, to)), Errc::invalid_argument) << from << " " << to;
    }
}

TYPED_TEST_P(ObjectStoreConformance, open_object_reads_at_random_and_notices_replacement) {
    const auto bytes = this->pattern(50'000);
    ASSERT_TRUE(this->store().put("x", bytes));
    // The store outlives the source here; sharing it is the caller's business.
    const auto source = open_object({std::shared_ptr<void>(), &this->store()}, "x", 4096).value();
    EXPECT_EQ(source->size_bytes(), bytes.size());
    for (const std::size_t offset : {0U, 1U, 4095U, 4096U, 40'000U, 49'999U, 50'000U, 60'000U}) {
        Bytes got(9000);
        const auto count = source->read_at(offset, got).value();
        const auto expected = offset >= bytes.size() ? 0 : std::min<std::size_t>(got.size(), bytes.size() - offset);
        ASSERT_EQ(count, expected) << offset;
        EXPECT_TRUE(std::equal(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(count),
                               bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size()))));
    }
    this->put("x", "another");
    Bytes got(1);
    EXPECT_EQ(this->code_of(source->read_at(20'000, got)), Errc::precondition_failed);
}

REGISTER_TYPED_TEST_SUITE_P(
    ObjectStoreConformance, put_then_get_returns_the_bytes, put_of_nothing_makes_an_empty_object, put_takes_every_kind_of_body,
    put_with_a_failing_body_leaves_the_old_object, put_of_a_body_that_lies_about_its_length_is_refused,
    put_replaces_and_changes_the_etag, create_only_put_refuses_an_existing_object, one_of_many_concurrent_creators_wins,
    conditional_replace_needs_the_current_version, concurrent_conditional_replacements_lose_no_update,
    headers_are_kept_or_follow_from_the_extension, metadata_are_kept_or_refused, get_of_ranges_gives_those_bytes,
    reader_knows_the_object_and_its_range, reading_in_any_slices_gives_the_same_bytes, get_is_pinned_by_if_match,
    a_reader_never_mixes_versions, get_bytes_respects_its_bound, absent_objects_are_not_found, bad_keys_are_refused_by_every_call,
    unusual_keys_round_trip, list_is_in_byte_order_and_knows_sizes, list_takes_any_prefix,
    list_by_folders_stops_at_the_next_slash, list_pages_join_to_the_whole, list_refuses_bad_options,
    remove_takes_many_and_tells_which_failed, a_removed_folder_name_can_become_an_object, copy_keeps_bytes_and_headers,
    a_requested_stop_is_obeyed_by_every_call, a_stop_during_a_put_leaves_the_old_object,
    readers_see_whole_objects_while_they_are_replaced, multipart_joins_parts_in_order, multipart_is_resumed_by_its_id,
    multipart_replaces_a_part_of_the_same_number, multipart_refuses_what_does_not_fit, multipart_abort_removes_the_parts,
    multipart_conditions_hold_when_it_completes, multipart_conditions_hold_for_who_takes_it_up, presign_works_or_is_unsupported, publish_tree_replaces_the_whole_tree,
    publish_tree_makes_a_tree_that_was_not_there, publish_tree_of_nothing_leaves_the_old_tree,
    open_object_reads_at_random_and_notices_replacement);

}  // namespace streamforge::storage
