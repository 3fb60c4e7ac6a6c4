// Fragments as other writers make them: every way to say where data lie and what samples are.
#include <streamforge/packaging/mp4_reader.hpp>

#include <algorithm>
#include <optional>
#include <gtest/gtest.h>

#include "packaging/box_writer.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

/// What one `traf` says; absent members are left out of it.
struct TrafRecipe {
    std::uint32_t track_id = 1;
    std::uint32_t tfhd_flags = 0x020000;
    std::vector<std::uint32_t> tfhd_fields;
    std::optional<std::uint64_t> base;
    int tfdt_version = 1;  ///< −1: no tfdt.
    std::uint64_t decode_time = 0;
    std::uint32_t trun_flags = 0x201;
    std::uint32_t count = 0;
    std::vector<std::uint32_t> trun_fields;  ///< Behind the count, data offset included.
};

Bytes header(std::uint32_t default_duration = 0, std::uint32_t default_size = 0, std::uint32_t default_flags = 0) {
    Bytes init = write_all(tiny_h264_format(), {}, {1, 1}).init;
    // trex is the last box: its last three words are the defaults.
    BoxWriter words;
    words.u32(default_duration);
    words.u32(default_size);
    words.u32(default_flags);
    const Bytes tail = words.take();
    std::copy(tail.begin(), tail.end(), init.end() - 12);
    return init;
}

void write_traf(BoxWriter& out, const TrafRecipe& recipe) {
    const auto traf = out.box("traf");
    {
        const auto tfhd = out.full_box("tfhd", 0, recipe.tfhd_flags);
        out.u32(recipe.track_id);
        if (recipe.base) out.u64(*recipe.base);
        for (const auto field : recipe.tfhd_fields) out.u32(field);
    }
    if (recipe.tfdt_version >= 0) {
        const auto tfdt = out.full_box("tfdt", static_cast<std::uint8_t>(recipe.tfdt_version), 0);
        if (recipe.tfdt_version == 1) {
            out.u64(recipe.decode_time);
        } else {
            out.u32(static_cast<std::uint32_t>(recipe.decode_time));
        }
    }
    const auto trun = out.full_box("trun", 0, recipe.trun_flags);
    out.u32(recipe.count);
    for (const auto field : recipe.trun_fields) out.u32(field);
}

Bytes fragment(const std::vector<TrafRecipe>& trafs, std::size_t data_bytes) {
    BoxWriter out;
    {
        const auto moof = out.box("moof");
        {
            const auto mfhd = out.full_box("mfhd", 0, 0);
            out.u32(1);
        }
        for (const auto& traf : trafs) write_traf(out, traf);
    }
    {
        const auto mdat = out.box("mdat");
        for (std::size_t i = 0; i < data_bytes; ++i) out.u8(static_cast<std::uint8_t>(i));
    }
    return out.take();
}

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Result<Mp4File> read(const Bytes& bytes) { return read_mp4(*bytes_source(bytes)); }

/// Offset of the payload of the last mdat of `data_bytes`.
std::uint64_t data_at(const Bytes& file, std::size_t data_bytes) { return file.size() - data_bytes; }

TEST(FragmentReader, sizes_in_the_run_and_defaults_of_the_movie_make_the_samples) {
    Bytes file = header(10, 0, 0x01010000);
    TrafRecipe traf;
    traf.count = 2;
    traf.decode_time = 100;
    const std::size_t moof_size = fragment({traf}, 0).size() - 8 + 12;
    traf.trun_fields = {static_cast<std::uint32_t>(moof_size + 8), 3, 4};
    file = file + fragment({traf}, 7);
    const auto movie = read(file);
    ASSERT_TRUE(movie) << movie.error().describe();
    const SampleIndex& index = *movie->tracks.at(0).index;
    EXPECT_EQ(index.sample(0), (IndexedSample{100, 0, 10, data_at(file, 7), 3, false}));
    EXPECT_EQ(index.sample(1), (IndexedSample{110, 0, 10, data_at(file, 7) + 3, 4, false}));
}

TEST(FragmentReader, defaults_of_the_fragment_beat_those_of_the_movie) {
    Bytes file = header(10, 1, 0x01010000);
    TrafRecipe traf;
    traf.tfhd_flags = 0x020038;
    traf.tfhd_fields = {20, 2, 0x02000000};
    traf.trun_flags = 0x1;
    traf.count = 3;
    traf.trun_fields = {0};
    const std::size_t moof_size = fragment({traf}, 0).size() - 8;
    traf.trun_fields = {static_cast<std::uint32_t>(moof_size + 8)};
    file = file + fragment({traf}, 6);
    const auto movie = read(file);
    ASSERT_TRUE(movie) << movie.error().describe();
    const SampleIndex& index = *movie->tracks.at(0).index;
    EXPECT_EQ(index.size(), 3u);
    EXPECT_EQ(index.sample(2), (IndexedSample{40, 0, 20, data_at(file, 6) + 4, 2, true}));
}

TEST(FragmentReader, first_sample_flags_and_own_flags_are_told_apart) {
    Bytes file = header(1, 1, 0x01010000);
    TrafRecipe first;
    first.trun_flags = 0x5;
    first.count = 2;
    first.trun_fields = {0, 0x02000000};
    TrafRecipe own;
    own.trun_flags = 0x401;
    own.count = 2;
    own.decode_time = 2;
    own.trun_fields = {0, 0x01010000, 0x02000000};
    file = file + fragment({first}, 2) + fragment({own}, 2);
    const auto movie = read(file);
    ASSERT_TRUE(movie) << movie.error().describe();
    std::vector<bool> sync;
    for (auto cursor = movie->tracks.at(0).index->cursor(); !cursor.at_end();) sync.push_back(cursor.next().sync);
    EXPECT_EQ(sync, (std::vector<bool>{true, false, false, true}));
}

TEST(FragmentReader, explicit_base_offsets_are_followed) {
    Bytes file = header(1, 1, 0);
    TrafRecipe traf;
    traf.tfhd_flags = 0x1;
    traf.base = 5;
    traf.count = 1;
    traf.trun_flags = 0x1;
    traf.trun_fields = {7};
    file = file + fragment({traf}, 1);
    EXPECT_EQ(read(file)->tracks.at(0).index->sample(0).offset, 12u);
    traf.base = std::uint64_t{1} << 60;
    const auto outside = read(header(1, 1, 0) + fragment({traf}, 1));
    EXPECT_FALSE(outside);
}

TEST(FragmentReader, without_a_base_a_second_track_goes_on_where_the_first_ended) {
    Bytes file = header(1, 2, 0);
    TrafRecipe first;
    first.tfhd_flags = 0;
    first.count = 3;
    first.trun_flags = 0x1;
    first.trun_fields = {100};
    TrafRecipe second = first;
    second.trun_flags = 0;
    second.trun_fields = {};
    second.decode_time = 3;
    const std::uint64_t moof_at = file.size();
    file = file + fragment({first, second}, 200);
    const auto movie = read(file);
    ASSERT_TRUE(movie) << movie.error().describe();
    const SampleIndex& index = *movie->tracks.at(0).index;
    EXPECT_EQ(index.sample(0).offset, moof_at + 100);
    EXPECT_EQ(index.sample(3).offset, moof_at + 106) << "after the first traf's data";
}

TEST(FragmentReader, fragments_without_a_decode_time_follow_each_other) {
    Bytes file = header(7, 1, 0);
    TrafRecipe traf;
    traf.tfdt_version = -1;
    traf.count = 2;
    traf.trun_flags = 0x1;
    traf.trun_fields = {0};
    file = file + fragment({traf}, 2) + fragment({traf}, 2);
    const auto movie = read(file);
    ASSERT_TRUE(movie);
    EXPECT_EQ(movie->tracks.at(0).index->sample(3).dts, 21);
}

TEST(FragmentReader, decode_times_of_32_bits_are_read) {
    TrafRecipe traf;
    traf.tfdt_version = 0;
    traf.decode_time = 0xFFFFFFFF;
    traf.count = 1;
    traf.trun_flags = 0x1;
    traf.trun_fields = {0};
    EXPECT_EQ(read(header(1, 1, 0) + fragment({traf}, 1))->tracks.at(0).index->first_dts(), 0xFFFFFFFF);
}

TEST(FragmentReader, fragments_of_other_tracks_are_passed_over) {
    TrafRecipe other;
    other.track_id = 9;
    other.count = 1000;
    other.trun_fields = {0};
    TrafRecipe own;
    own.count = 1;
    own.trun_flags = 0x1;
    own.trun_fields = {0};
    const auto movie = read(header(1, 1, 0) + fragment({other, own}, 1));
    ASSERT_TRUE(movie) << movie.error().describe();
    EXPECT_EQ(movie->tracks.at(0).index->size(), 1u);
    EXPECT_TRUE(movie->warnings.empty());
}

TEST(FragmentReader, counts_that_nothing_covers_are_malformed) {
    const auto code = [](const TrafRecipe& traf, const Bytes& head) {
        const auto movie = read(head + fragment({traf}, 4));
        return movie ? Errc{} : movie.error().code;
    };
    TrafRecipe listed;
    listed.count = 0xFFFFFFFF;
    listed.trun_fields = {0, 1};
    EXPECT_EQ(code(listed, header(1, 1, 0)), Errc::malformed) << "entries beyond the box";
    TrafRecipe constant;
    constant.count = 0xFFFFFFFF;
    constant.trun_flags = 0x1;
    constant.trun_fields = {0};
    EXPECT_EQ(code(constant, header(1, 1, 0)), Errc::malformed) << "bytes beyond the file";
    EXPECT_EQ(code(constant, header(1, 0, 0)), Errc::malformed) << "samples of no size";
    TrafRecipe short_run;
    short_run.trun_flags = 0x5;
    short_run.count = 1;
    EXPECT_EQ(code(short_run, header(1, 1, 0)), Errc::malformed) << "no room for its own fields";
    TrafRecipe backwards;
    backwards.count = 1;
    backwards.trun_flags = 0x1;
    backwards.trun_fields = {0x80000000};
    EXPECT_EQ(code(backwards, header(1, 1, 0)), Errc::malformed) << "before the file";
    TrafRecipe late;
    late.count = 1;
    late.trun_flags = 0x1;
    late.trun_fields = {0};
    late.decode_time = ~std::uint64_t{0};
    EXPECT_EQ(code(late, header(1, 1, 0)), Errc::malformed) << "a time beyond reason";
}

TEST(FragmentReader, fragment_cut_at_any_byte_gives_what_came_before) {
    TrafRecipe traf;
    traf.count = 2;
    traf.trun_flags = 0x1;
    traf.trun_fields = {0};
    const Bytes whole = header(1, 1, 0) + fragment({traf}, 2);
    traf.decode_time = 2;
    const Bytes file = whole + fragment({traf}, 2);
    for (std::size_t size = whole.size(); size < file.size(); ++size) {
        const auto movie = read(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
        ASSERT_TRUE(movie) << size;
        EXPECT_GE(movie->tracks.at(0).index->size(), 2u) << size;
    }
}

}  // namespace
}  // namespace streamforge::packaging
