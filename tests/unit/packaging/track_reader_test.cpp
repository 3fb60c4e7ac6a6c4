#include "packaging/track_reader.hpp"

#include <array>
#include <functional>
#include <gtest/gtest.h>

#include "packaging/box_writer.hpp"
#include "packaging/language.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/mp4_builder.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

using Write = std::function<void(BoxWriter&)>;

/// A `trak` whose parts can be exchanged one by one.
struct TrakRecipe {
    Write tkhd = [](BoxWriter& out) {
        const auto box = out.full_box("tkhd", 0, 1);
        out.zeros(8);
        out.u32(5);
        out.zeros(68);
    };
    Write edts = [](BoxWriter&) {};
    Write mdhd = [](BoxWriter& out) {
        const auto box = out.full_box("mdhd", 0, 0);
        out.zeros(8);
        out.u32(600);
        out.u32(0);
        out.u16(pack_language("de"));
        out.u16(0);
    };
    Write extra = [](BoxWriter&) {};
    std::string handler = "soun";
};

Result<TrackHead> head_of(const TrakRecipe& recipe, std::uint32_t movie_timescale = 1000, std::vector<std::string>* warnings = nullptr) {
    BoxWriter out;
    {
        const auto trak = out.box("trak");
        recipe.tkhd(out);
        recipe.edts(out);
        const auto mdia = out.box("mdia");
        recipe.mdhd(out);
        {
            const auto hdlr = out.full_box("hdlr", 0, 0);
            out.u32(0);
            out.fourcc(recipe.handler);
            out.zeros(13);
        }
        recipe.extra(out);
        const auto minf = out.box("minf");
        const auto stbl = out.box("stbl");
        const auto stsd = out.full_box("stsd", 0, 0);
        out.u32(1);
        const auto entry = out.box("ac-3");
        out.zeros(16);
        out.u16(2);
        out.u16(16);
        out.u32(0);
        out.u32(48000U << 16);
        const auto dac3 = out.box("dac3");
        out.bytes(hex("503de0"));
    }
    const Bytes bytes = out.take();
    const auto source = bytes_source(bytes);
    WindowReader reader(*source);
    std::vector<std::string> own;
    return read_track_head(reader, {fourcc("trak"), 0, 8, bytes.size()}, movie_timescale, {}, warnings != nullptr ? *warnings : own);
}

Write edits(std::uint8_t version, const std::vector<std::array<std::int64_t, 2>>& entries) {
    return [=](BoxWriter& out) {
        const auto edts = out.box("edts");
        const auto elst = out.full_box("elst", version, 0);
        out.u32(static_cast<std::uint32_t>(entries.size()));
        for (const auto& [length, media] : entries) {
            if (version == 1) {
                out.u64(static_cast<std::uint64_t>(length));
                out.u64(static_cast<std::uint64_t>(media));
            } else {
                out.u32(static_cast<std::uint32_t>(length));
                out.i32(static_cast<std::int32_t>(media));
            }
            out.u32(0x10000);
        }
    };
}

TEST(TrackHead, plain_headers_are_read) {
    const auto head = head_of({});
    ASSERT_TRUE(head) << head.error().describe();
    EXPECT_EQ(head->track.track_id, 5u);
    EXPECT_TRUE(head->track.enabled);
    EXPECT_EQ(head->track.format.timescale, 600);
    EXPECT_EQ(head->track.format.language, "de");
    EXPECT_EQ(head->track.format.codec, Codec::ac3);
    EXPECT_EQ(head->track.media_start, 0);
    EXPECT_FALSE(head->track.duration);
}

TEST(TrackHead, headers_with_64_bit_times_are_read) {
    TrakRecipe recipe;
    recipe.tkhd = [](BoxWriter& out) {
        const auto box = out.full_box("tkhd", 1, 0);
        out.zeros(16);
        out.u32(7);
        out.zeros(28);
        for (const std::uint32_t value : {0U, 0xFFFF0000U, 0U, 0x10000U, 0U, 0U, 0U, 0U, 0x40000000U}) out.u32(value);
        out.zeros(8);
    };
    recipe.mdhd = [](BoxWriter& out) {
        const auto box = out.full_box("mdhd", 1, 0);
        out.zeros(16);
        out.u32(90000);
        out.u64(0);
        out.u16(pack_language("fr"));
        out.u16(0);
    };
    const auto head = head_of(recipe);
    ASSERT_TRUE(head) << head.error().describe();
    EXPECT_EQ(head->track.track_id, 7u);
    EXPECT_FALSE(head->track.enabled);
    EXPECT_EQ(head->track.clockwise_degrees, 270);
    EXPECT_EQ(head->track.format.timescale, 90000);
    EXPECT_EQ(head->track.format.language, "fr");
}

TEST(TrackHead, extended_language_wins_when_it_is_a_tag) {
    TrakRecipe recipe;
    recipe.extra = [](BoxWriter& out) {
        const auto elng = out.full_box("elng", 0, 0);
        out.text("pt-BR");
        out.u8(0);
    };
    EXPECT_EQ(head_of(recipe)->track.format.language, "pt-BR");
    recipe.extra = [](BoxWriter& out) {
        const auto elng = out.full_box("elng", 0, 0);
        out.text("<script>");
        out.u8(0);
    };
    EXPECT_EQ(head_of(recipe)->track.format.language, "de");
}

TEST(TrackHead, edits_of_both_versions_give_wait_start_and_length) {
    for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}}) {
        TrakRecipe recipe;
        recipe.edts = edits(version, {{250, -1}, {250, -1}, {4000, 1024}});
        const auto head = head_of(recipe);
        ASSERT_TRUE(head);
        EXPECT_EQ(head->track.presentation_start, (MediaTime{500, 1000}));
        EXPECT_EQ(head->track.media_start, 1024);
        EXPECT_EQ(head->track.duration, (MediaTime{4000, 1000}));
    }
}

TEST(TrackHead, edits_after_the_first_are_left_out_with_a_warning) {
    TrakRecipe recipe;
    recipe.edts = edits(0, {{100, 10}, {100, 500}});
    std::vector<std::string> warnings;
    const auto head = head_of(recipe, 1000, &warnings);
    EXPECT_EQ(head->track.media_start, 10);
    EXPECT_EQ(warnings.size(), 1u);
}

TEST(TrackHead, list_of_nothing_but_waiting_plays_from_its_start) {
    TrakRecipe recipe;
    recipe.edts = edits(0, {{100, -1}});
    const auto head = head_of(recipe);
    EXPECT_EQ(head->track.media_start, 0);
    EXPECT_EQ(head->track.presentation_start, (MediaTime{0, 1}));
}

TEST(TrackHead, edit_times_beyond_reason_are_malformed) {
    TrakRecipe recipe;
    recipe.edts = edits(1, {{100, std::int64_t{1} << 60}});
    EXPECT_EQ(head_of(recipe).error().code, Errc::malformed);
    recipe.edts = edits(1, {{std::int64_t{1} << 60, 0}});
    EXPECT_EQ(head_of(recipe).error().code, Errc::malformed);
}

TEST(TrackHead, missing_boxes_are_named) {
    const auto missing = [](const TrakRecipe& recipe) {
        const auto head = head_of(recipe);
        return head ? std::string("none") : head.error().describe();
    };
    TrakRecipe no_head;
    no_head.tkhd = [](BoxWriter&) {};
    EXPECT_NE(missing(no_head).find("type=tkhd"), std::string::npos);
    TrakRecipe no_clock;
    no_clock.mdhd = [](BoxWriter&) {};
    EXPECT_NE(missing(no_clock).find("type=mdhd"), std::string::npos);
    TrakRecipe text;
    text.handler = "text";
    EXPECT_NE(missing(text).find("handler=text"), std::string::npos);
}

TEST(TrackIdentity, is_told_as_far_as_it_can_be_read) {
    const Bytes bytes = hex("00000008 7472616b");
    const auto source = bytes_source(bytes);
    WindowReader reader(*source);
    const TrackIdentity identity = identify_track(reader, {fourcc("trak"), 0, 8, 8});
    EXPECT_EQ(identity.track_id, 0u);
    EXPECT_EQ(identity.handler, "????");
}

}  // namespace
}  // namespace streamforge::packaging
