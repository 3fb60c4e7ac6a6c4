#include "pipeline/publication.hpp"

#include <gtest/gtest.h>

#include <streamforge/storage/memory_store.hpp>

#include "pipeline/run_mark.hpp"

namespace streamforge::pipeline {
namespace {

using storage::Location;

std::vector<std::string> keys_of(const Location& target, const std::string& prefix) {
    std::vector<std::string> keys;
    for (const auto& object : target.store->list_all(prefix).value()) keys.push_back(object.key);
    return keys;
}

std::string text_of(const Location& target, const std::string& key) {
    const auto object = target.store->get_bytes(key).value();
    return {object.bytes.begin(), object.bytes.end()};
}

/// Of a process that began at another time.
std::string mark_of_an_ended_run() {
    std::string mark = make_run_mark();
    mark.replace(mark.rfind(' ') + 1, std::string::npos, "1\n");
    return mark;
}

class PublicationTest : public ::testing::Test {
protected:
    void publish(const std::string& text, bool overwrite) {
        auto publication = Publication::begin(target_, overwrite, {}).value();
        publication->put("video/1080p/seg_00001.m4s", text).value();
        publication->put("master.m3u8", text).value();
        publication->finish().value();
    }
    void put(const std::string& key, const std::string& text) { ASSERT_TRUE(target_.store->put(key, text)); }

    Location target_{storage::make_memory_store(), "movies/m1/"};
};

TEST_F(PublicationTest, finished_holds_what_was_put_and_nothing_else) {
    publish("one", false);
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/master.m3u8", "movies/m1/video/1080p/seg_00001.m4s"}));
}

TEST_F(PublicationTest, abandoned_leaves_nothing) {
    {
        auto publication = Publication::begin(target_, false, {}).value();
        publication->put("video/1080p/seg_00001.m4s", "x").value();
        EXPECT_EQ(keys_of(target_, "").size(), 2u);  // the marker too
    }
    EXPECT_TRUE(keys_of(target_, "").empty());
}

TEST_F(PublicationTest, standing_presentation_is_not_touched_without_leave) {
    publish("one", false);
    const auto second = Publication::begin(target_, false, {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::already_exists);
    EXPECT_EQ(text_of(target_, "movies/m1/master.m3u8"), "one");
}

TEST_F(PublicationTest, replacement_stays_aside_until_it_is_finished) {
    publish("one", false);
    auto publication = Publication::begin(target_, true, {}).value();
    publication->put("master.m3u8", "two").value();
    EXPECT_EQ(text_of(target_, "movies/m1/master.m3u8"), "one");
    publication->finish().value();
    EXPECT_EQ(text_of(target_, "movies/m1/master.m3u8"), "two");
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/master.m3u8"}));
}

TEST_F(PublicationTest, abandoned_replacement_leaves_the_old_one_whole) {
    publish("one", false);
    {
        auto publication = Publication::begin(target_, true, {}).value();
        publication->put("video/1080p/seg_00001.m4s", "two").value();
    }
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/master.m3u8", "movies/m1/video/1080p/seg_00001.m4s"}));
    EXPECT_EQ(text_of(target_, "movies/m1/video/1080p/seg_00001.m4s"), "one");
}

TEST_F(PublicationTest, what_a_crashed_run_left_is_cleared_by_the_next) {
    put("movies/m1/.unfinished", "x");
    put("movies/m1/video/240p/seg_00009.m4s", "stale");
    publish("one", false);
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/master.m3u8", "movies/m1/video/1080p/seg_00001.m4s"}));
}

TEST_F(PublicationTest, what_a_killed_replacement_left_beside_the_target_is_cleared_by_the_next) {
    publish("one", false);
    put("movies/.m1.staging-00000000000000aa.unfinished", mark_of_an_ended_run());
    put("movies/.m1.staging-00000000000000aa/video/240p/seg_00009.m4s", "stale");
    publish("two", true);
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/master.m3u8", "movies/m1/video/1080p/seg_00001.m4s"}));
}

TEST_F(PublicationTest, replacement_killed_at_any_step_of_the_swap_is_cleared_by_the_next) {
    publish("one", false);
    put("movies/.m1.staging-00000000000000aa.unfinished", mark_of_an_ended_run());  // before its first object, or after its tree was swapped in
    put("movies/.m1.staging-00000000000000bb.unfinished", mark_of_an_ended_run());
    put("movies/.m1.staging-00000000000000bb/master.m3u8", "whole, and about to be swapped; or the old tree just after");
    publish("two", true);
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/master.m3u8", "movies/m1/video/1080p/seg_00001.m4s"}));
}

TEST_F(PublicationTest, replacements_of_runs_that_may_be_alive_are_left_alone) {
    publish("one", false);
    put("movies/.m1.staging-00000000000000aa.unfinished", make_run_mark());
    put("movies/.m1.staging-00000000000000bb/video/240p/seg_00009.m4s", "another machine's");
    put("movies/.m10.staging-00000000000000cc.unfinished", "another target's");
    publish("two", true);
    EXPECT_EQ(keys_of(target_, "movies/.m").size(), 3u);
}

TEST_F(PublicationTest, target_that_another_run_is_writing_to_is_refused) {
    auto first = Publication::begin(target_, false, {}).value();
    first->put("video/1080p/seg_00001.m4s", "one").value();
    const auto second = Publication::begin(target_, true, {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::already_exists);
    first->finish().value();
    EXPECT_EQ(keys_of(target_, ""), (std::vector<std::string>{"movies/m1/video/1080p/seg_00001.m4s"}));
}

TEST_F(PublicationTest, foreign_files_are_never_replaced) {
    put("movies/m1/holiday.jpg", "dear");
    for (const bool overwrite : {false, true}) {
        const auto begun = Publication::begin(target_, overwrite, {});
        ASSERT_FALSE(begun);
        EXPECT_EQ(begun.error().code, Errc::already_exists);
        EXPECT_EQ(begun.error().context.back(), (std::pair<std::string, std::string>{"found", "holiday.jpg"}));
    }
    EXPECT_EQ(text_of(target_, "movies/m1/holiday.jpg"), "dear");
}

TEST_F(PublicationTest, neighbours_with_the_same_beginning_do_not_count) {
    put("movies/m10/master.m3u8", "other");
    publish("one", false);
    EXPECT_EQ(text_of(target_, "movies/m10/master.m3u8"), "other");
}

}  // namespace
}  // namespace streamforge::pipeline
