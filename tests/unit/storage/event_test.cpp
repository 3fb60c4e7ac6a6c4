#include <streamforge/storage/event.hpp>

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace streamforge::storage {
namespace {

std::string vector_named(const std::string& name) {
    std::ifstream file(STREAMFORGE_TEST_SOURCE_DIR "/vectors/store_events/" + name + ".json");
    return {std::istreambuf_iterator<char>(file), {}};
}

StoreEvent only_event(const std::string& message) {
    const auto events = parse_store_events(message);
    EXPECT_TRUE(events) << events.error().describe();
    EXPECT_EQ(events->size(), 1U);
    return events->at(0);
}

TEST(StoreEvents, a_plain_notification_is_read_whole) {
    const auto event = only_event(vector_named("plain"));
    EXPECT_EQ(event.kind, StoreEvent::Kind::created);
    EXPECT_EQ(event.name, "ObjectCreated:Put");
    EXPECT_EQ(event.bucket, "amzn-s3-demo-bucket");
    EXPECT_EQ(event.key, "in/Happy Face ä+1.mov");
    EXPECT_EQ(event.size_bytes, 1024U);
    EXPECT_EQ(event.etag, "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(event.version_id, "096fKKXTRTtl3on89fVO.nfljtsv6qko");
    EXPECT_EQ(event.region, "us-west-2");
    EXPECT_EQ(event.time, std::chrono::system_clock::time_point{});
}

TEST(StoreEvents, every_envelope_gives_the_same_event_and_deduplication_key) {
    const auto plain = only_event(vector_named("plain"));
    for (const auto* name : {"sns", "sqs", "sns_in_sqs_function", "sns_function", "eventbridge"}) {
        const auto event = only_event(vector_named(name));
        EXPECT_EQ(event.key, plain.key) << name;
        EXPECT_EQ(event.kind, plain.kind) << name;
        EXPECT_EQ(event.size_bytes, plain.size_bytes) << name;
        EXPECT_EQ(event.deduplication_key(), plain.deduplication_key()) << name;
    }
}

TEST(StoreEvents, minio_says_it_in_its_own_way) {
    const auto event = only_event(vector_named("minio"));
    EXPECT_EQ(event.kind, StoreEvent::Kind::created);
    EXPECT_EQ(event.name, "ObjectCreated:CompleteMultipartUpload");
    EXPECT_EQ(event.bucket, "videos");
    EXPECT_EQ(event.key, "in/a b.mov");
}

TEST(StoreEvents, a_test_message_holds_none) {
    const auto events = parse_store_events(vector_named("test_event"));
    ASSERT_TRUE(events);
    EXPECT_TRUE(events->empty());
}

TEST(StoreEvents, removals_and_restorations_are_told_apart) {
    auto json = nlohmann::json::parse(vector_named("plain"));
    const auto kind_of = [&](const char* name) {
        json["Records"][0]["eventName"] = name;
        return only_event(json.dump()).kind;
    };
    EXPECT_EQ(kind_of("ObjectRemoved:Delete"), StoreEvent::Kind::removed);
    EXPECT_EQ(kind_of("s3:ObjectRemoved:DeleteMarkerCreated"), StoreEvent::Kind::removed);
    EXPECT_EQ(kind_of("ObjectRestore:Completed"), StoreEvent::Kind::restored);
    EXPECT_EQ(kind_of("ObjectTagging:Put"), StoreEvent::Kind::other);
}

TEST(StoreEvents, deliveries_out_of_order_are_put_right) {
    auto older = only_event(vector_named("plain"));
    auto newer = older;
    older.sequencer = "0055AED6DCD90281E5";
    newer.sequencer = "55AED6DCD90281E6";
    EXPECT_EQ(happened_before(older, newer), true);
    EXPECT_EQ(happened_before(newer, older), false);
    EXPECT_EQ(happened_before(older, older), false);
    EXPECT_NE(older.deduplication_key(), newer.deduplication_key());
    newer.key = "another";
    EXPECT_EQ(happened_before(older, newer), std::nullopt);
}

TEST(StoreEvents, without_a_sequencer_name_etag_and_time_stand_for_it) {
    auto event = only_event(vector_named("plain"));
    event.sequencer.clear();
    auto later = event;
    EXPECT_EQ(event.deduplication_key(), later.deduplication_key());
    later.time = *later.time + std::chrono::milliseconds(1);
    EXPECT_NE(event.deduplication_key(), later.deduplication_key());
    EXPECT_EQ(happened_before(event, later), true);
}

TEST(StoreEvents, any_minor_version_is_taken_and_another_major_one_refused) {
    auto json = nlohmann::json::parse(vector_named("plain"));
    json["Records"][0]["eventVersion"] = "2.99";
    EXPECT_TRUE(parse_store_events(json.dump()));
    json["Records"][0]["eventVersion"] = "3.0";
    EXPECT_EQ(parse_store_events(json.dump()).error().code, Errc::malformed);
}

TEST(StoreEvents, what_is_no_event_is_refused) {
    for (const auto* text : {"", "{", "[]", "null", "{}", "{\"Records\":[{}]}", "{\"Records\":[{\"s3\":{}}]}", "{\"Message\":\"x\"}",
                             "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventName\":\"x\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"%zz\"}}}]}"}) {
        const auto events = parse_store_events(text);
        ASSERT_FALSE(events) << text;
        EXPECT_EQ(events.error().code, Errc::malformed) << text;
    }
}

TEST(StoreEvents, envelopes_do_not_nest_for_ever) {
    std::string message = vector_named("plain");
    for (int depth = 0; depth < 6; ++depth) message = nlohmann::json{{"Message", message}}.dump();
    EXPECT_EQ(parse_store_events(message).error().code, Errc::malformed);
}

}  // namespace
}  // namespace streamforge::storage
