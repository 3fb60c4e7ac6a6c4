#include "packaging/init_segment.hpp"

#include <gtest/gtest.h>

#include "packaging/box_reader.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

Bytes init_of(const TrackFormat& format, const TrackHeader& header = {}) {
    return write_init_segment(format, make_codec_config(format).value(), header);
}

/// Types of the boxes at one level, in order.
std::vector<std::string> children_of(ByteView bytes) {
    std::vector<std::string> types;
    while (bytes.size() >= 8) {
        const std::size_t size = read_u32(bytes);
        types.push_back(fourcc_text(read_u32(bytes.subspan(4))));
        if (size < 8 || size > bytes.size()) return {"broken"};
        bytes = bytes.subspan(size);
    }
    if (!bytes.empty()) types.push_back("rest");
    return types;
}

using Names = std::vector<std::string>;

TEST(InitSegment, boxes_stand_in_the_order_of_the_format) {
    TrackHeader header;
    header.edit_start = 1024;
    header.duration = MediaTime{5, 1};
    const Bytes audio = init_of(tiny_aac_format(), header);
    EXPECT_EQ(children_of(audio), (Names{"ftyp", "moov"}));
    EXPECT_EQ(children_of(find_box(audio, "moov")), (Names{"mvhd", "trak", "mvex"}));
    EXPECT_EQ(children_of(find_box(audio, "trak")), (Names{"tkhd", "edts", "mdia"}));
    EXPECT_EQ(children_of(find_box(audio, "mdia")), (Names{"mdhd", "hdlr", "minf"}));
    EXPECT_EQ(children_of(find_box(audio, "minf")), (Names{"smhd", "dinf", "stbl"}));
    EXPECT_EQ(children_of(find_box(audio, "stbl")), (Names{"stsd", "stts", "stsc", "stsz", "stco", "sgpd"}));
    EXPECT_EQ(children_of(find_box(audio, "mvex")), (Names{"mehd", "trex"}));
    const Bytes video = init_of(tiny_h264_format());
    EXPECT_EQ(children_of(find_box(video, "minf")), (Names{"vmhd", "dinf", "stbl"}));
    EXPECT_EQ(children_of(find_box(video, "stbl")), (Names{"stsd", "stts", "stsc", "stsz", "stco"}));
    EXPECT_EQ(children_of(find_box(video, "mvex")), (Names{"trex"}));
}

TEST(InitSegment, brands_say_whether_there_is_an_edit_list) {
    const auto brands = [](const Bytes& init) {
        const Bytes ftyp = find_box(init, "ftyp");
        std::string text;
        for (std::size_t at = 0; at + 4 <= ftyp.size(); at += 4) {
            if (at != 4) text += fourcc_text(read_u32(ByteView(ftyp).subspan(at))) + ' ';
        }
        return text;
    };
    EXPECT_EQ(brands(init_of(tiny_h264_format())), "cmf2 cmf2 cmfc iso6 mp41 dash ");
    TrackHeader edited;
    edited.edit_start = 1;
    EXPECT_EQ(brands(init_of(tiny_h264_format(), edited)), "cmfc cmfc iso6 mp41 dash ");
    EXPECT_EQ(brands(init_of(tiny_aac_format())), "cmf2 cmf2 cmfc iso6 mp41 dash caac ");
    TrackFormat surround = tiny_aac_format();
    surround.audio.channels = 6;
    EXPECT_EQ(brands(init_of(surround)), "cmf2 cmf2 cmfc iso6 mp41 dash ");
}

TEST(InitSegment, equal_input_gives_equal_bytes) {
    EXPECT_EQ(init_of(tiny_aac_format()), init_of(tiny_aac_format()));
    EXPECT_EQ(init_of(tiny_h264_format()), init_of(tiny_h264_format()));
}

TEST(InitSegment, display_size_is_the_picture_with_its_pixel_aspect) {
    TrackFormat format = tiny_h264_format();
    format.video.width_px = 720;
    format.video.height_px = 576;
    format.video.sample_aspect = {64, 45};
    const Bytes tkhd = find_box(init_of(format), "tkhd");
    EXPECT_EQ(to_hex(ByteView(tkhd).last(8)), "04000000" "02400000") << "1024 x 576";
    format.video.sample_aspect = {0, 1};
    EXPECT_EQ(to_hex(ByteView(find_box(init_of(format), "tkhd")).last(8)), "02d00000" "02400000") << "unknown aspect is square";
    EXPECT_TRUE(find_box(init_of(format), "pasp").empty());
}

TEST(InitSegment, quarter_turns_are_the_matrix_that_ffmpeg_reads) {
    const auto matrix = [](int degrees) {
        TrackHeader header;
        header.clockwise_degrees = degrees;
        return to_hex(ByteView(find_box(init_of(tiny_h264_format(), header), "tkhd")).subspan(40, 20));
    };
    EXPECT_EQ(matrix(0), "00010000" "00000000" "00000000" "00000000" "00010000");
    EXPECT_EQ(matrix(90), "00000000" "00010000" "00000000" "ffff0000" "00000000");
    EXPECT_EQ(matrix(180), "ffff0000" "00000000" "00000000" "00000000" "ffff0000");
    EXPECT_EQ(matrix(270), "00000000" "ffff0000" "00000000" "00010000" "00000000");
}

TEST(InitSegment, unspecified_colour_has_no_box) {
    EXPECT_TRUE(find_box(init_of(tiny_h264_format()), "colr").empty());
    TrackFormat full = tiny_h264_format();
    full.video.colour.full_range = true;
    EXPECT_EQ(to_hex(find_box(init_of(full), "colr")), "6e636c78" "0002" "0002" "0002" "80");
}

TEST(InitSegment, language_stands_packed_and_whole_where_packing_loses_something) {
    TrackFormat format = tiny_aac_format();
    format.language = "en";
    EXPECT_EQ(to_hex(find_box(init_of(format), "mdhd")).substr(40, 4), "15c7");
    EXPECT_TRUE(find_box(init_of(format), "elng").empty());
    format.language = "zh-Hans";
    EXPECT_EQ(to_hex(find_box(init_of(format), "elng")), "00000000" "7a682d48616e7300");
}

TEST(InitSegment, rates_beyond_16_bits_are_left_to_the_configuration) {
    TrackFormat format = tiny_aac_format();
    format.audio.sample_rate_hz = 96000;
    const Bytes entry = find_box(init_of(format), "mp4a");
    EXPECT_EQ(to_hex(ByteView(entry).subspan(24, 4)), "00000000");
    format.audio.sample_rate_hz = 44100;
    EXPECT_EQ(to_hex(ByteView(find_box(init_of(format), "mp4a")).subspan(24, 4)), "ac440000");
}

TEST(InitSegment, roll_groups_exist_for_codecs_that_need_a_run_up) {
    EXPECT_EQ(roll_distance(tiny_aac_format()), -1);
    TrackFormat opus = tiny_aac_format();
    opus.codec = Codec::opus;
    EXPECT_EQ(roll_distance(opus), -4) << "80 ms of 20 ms packets";
    opus.codec = Codec::flac;
    EXPECT_EQ(roll_distance(opus), 0);
    EXPECT_EQ(roll_distance(tiny_h264_format()), 0);
}

TEST(InitSegment, ffprobe_reads_back_what_was_described) {
    SKIP_WITHOUT_FFMPEG();
    const TempFolder folder;
    TrackFormat format = tiny_h264_format();
    format.language = "fr";
    format.video.colour = {9, 16, 9, false};
    format.video.sample_aspect = {4, 3};
    format.video.mastering_display = MasteringDisplay{35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 10000000, 1};
    format.video.content_light = ContentLight{1000, 400};
    const auto written = write_all(format, tiny_h264_samples(2, 2, 1), {1, 1});
    const std::string path = folder / "init.mp4";
    write_bytes(path, written.joined());
    EXPECT_EQ(stream_field(path, "v:0", "color_transfer"), "smpte2084");
    EXPECT_EQ(stream_field(path, "v:0", "color_primaries"), "bt2020");
    EXPECT_EQ(stream_field(path, "v:0", "sample_aspect_ratio"), "4:3");
    const std::string all = run("ffprobe -v error -show_streams '" + path + "'").out;
    EXPECT_NE(all.find("TAG:language=fra"), std::string::npos) << all;
    EXPECT_NE(all.find("Mastering display metadata"), std::string::npos) << all;
    EXPECT_NE(all.find("max_content=1000"), std::string::npos) << all;
}

}  // namespace
}  // namespace streamforge::packaging
