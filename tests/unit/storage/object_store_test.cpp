#include <streamforge/storage/object_store.hpp>

#include <gtest/gtest.h>

#include <streamforge/storage/memory_store.hpp>
#include <streamforge/storage/publish_tree.hpp>

namespace streamforge::storage {
namespace {

TEST(PutOptions, texts_that_cannot_be_headers_are_refused_by_name) {
    const auto field_of = [](const PutOptions& options) {
        const auto result = options.validate();
        return result ? std::string() : result.error().message.substr(0, result.error().message.find(' '));
    };
    EXPECT_EQ(field_of({}), "");
    EXPECT_EQ(field_of({.content_type = "a\r\nb"}), "content_type");
    EXPECT_EQ(field_of({.cache_control = "ä"}), "cache_control");
    EXPECT_EQ(field_of({.metadata = {{"Upper", "x"}}}), "metadata");
    EXPECT_EQ(field_of({.metadata = {{"", "x"}}}), "metadata");
    EXPECT_EQ(field_of({.metadata = {{"ok", "a\nb"}}}), "metadata");
    EXPECT_EQ(field_of({.if_none_match = true, .if_match = "\"a\""}), "if_match");
}

TEST(Presign, fields_must_fit_the_method) {
    const auto store = make_memory_store();
    const auto code = [&](const PresignOptions& options) { return store->presign("x", options).error().code; };
    EXPECT_EQ(code({}), Errc::unsupported);
    EXPECT_EQ(code({.upload_id = "u"}), Errc::invalid_argument);
    EXPECT_EQ(code({.method = PresignMethod::put_part, .upload_id = "u"}), Errc::invalid_argument);
    EXPECT_EQ(code({.method = PresignMethod::put_part, .part_number = 1}), Errc::invalid_argument);
    EXPECT_EQ(code({.method = PresignMethod::put_part, .upload_id = "u", .part_number = 1}), Errc::unsupported);
    EXPECT_EQ(code({.method = PresignMethod::complete_multipart, .upload_id = "u", .part_number = 1}), Errc::invalid_argument);
}

TEST(StagingPrefix, lies_beside_its_target_and_is_new_each_time) {
    const auto random = seeded_random(1);
    const auto first = make_staging_prefix("movies/m1/", random);
    const auto second = make_staging_prefix("movies/m1", random);
    EXPECT_TRUE(first.starts_with("movies/.m1.staging-"));
    EXPECT_TRUE(second.starts_with("movies/.m1.staging-"));
    EXPECT_TRUE(first.ends_with('/'));
    EXPECT_EQ(first.size(), std::string("movies/.m1.staging-0123456789abcdef/").size());
    EXPECT_NE(first, second);
    EXPECT_TRUE(make_staging_prefix("m1/", random).starts_with(".m1.staging-"));
}

TEST(MemoryStore, last_modified_is_the_injected_clock) {
    const auto instant = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    const auto store = make_memory_store([instant] { return instant; });
    EXPECT_EQ(store->put("x", "y").value().last_modified, instant);
    EXPECT_EQ(store->head("x").value().last_modified, instant);
}

TEST(OpenObject, window_of_zero_is_refused) {
    const auto store = make_memory_store();
    ASSERT_TRUE(store->put("x", "y"));
    EXPECT_EQ(open_object(store, "x", 0).error().code, Errc::invalid_argument);
    EXPECT_EQ(open_object(store, "absent").error().code, Errc::not_found);
}

}  // namespace
}  // namespace streamforge::storage
