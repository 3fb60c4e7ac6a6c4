#include <streamforge/packaging/cmaf_writer.hpp>

#include <algorithm>
#include <gtest/gtest.h>

#include "packaging/box_reader.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

constexpr MediaTime one_second{1, 1};

SegmentSink ignore() {
    return [](MediaSegment) -> Result<void> { return {}; };
}

std::uint64_t decode_time(const MediaSegment& segment) {
    const Bytes tfdt = find_box(segment.bytes, "tfdt");
    return tfdt.size() == 12 ? read_u64(ByteView(tfdt).subspan(4)) : ~std::uint64_t{0};
}

Error create_error(TrackFormat format, CutList cuts, CmafOptions options) {
    auto writer = CmafTrackWriter::create(std::move(format), cuts, options, ignore());
    return writer ? Error{} : std::move(writer).error();
}

TEST(CmafWriter, init_segment_of_a_tiny_video_is_byte_exact) {
    const auto written = write_all(tiny_h264_format(), tiny_h264_samples(1, 1, 1), one_second);
    EXPECT_EQ(to_hex(written.init),
              "00000024" "66747970" "636d6632" "00000000" "636d6632" "636d6663" "69736f36" "6d703431" "64617368"
              "00000274" "6d6f6f76"
              "0000006c" "6d766864" "00000000" "00000000" "00000000" "000003e8" "00000000" "00010000" "0100" "0000"
              "0000000000000000" "00010000" "00000000" "00000000" "00000000" "00010000" "00000000" "00000000" "00000000"
              "40000000" "000000000000000000000000000000000000000000000000" "00000002"
              "000001d8" "7472616b"
              "0000005c" "746b6864" "00000007" "00000000" "00000000" "00000001" "00000000" "00000000" "0000000000000000"
              "0000" "0000" "0000" "0000" "00010000" "00000000" "00000000" "00000000" "00010000" "00000000" "00000000"
              "00000000" "40000000" "00100000" "00100000"
              "00000174" "6d646961"
              "00000020" "6d646864" "00000000" "00000000" "00000000" "0000001e" "00000000" "55c4" "0000"
              "0000002d" "68646c72" "00000000" "00000000" "76696465" "000000000000000000000000"
              "566964656f48616e646c657200"
              "0000011f" "6d696e66" "00000014" "766d6864" "00000001" "0000000000000000"
              "00000024" "64696e66" "0000001c" "64726566" "00000000" "00000001" "0000000c" "75726c20" "00000001"
              "000000df" "7374626c"
              "00000093" "73747364" "00000000" "00000001" "00000083" "61766331" "000000000000" "0001"
              "00000000000000000000000000000000" "0010" "0010" "00480000" "00480000" "00000000" "0001"
              "0000000000000000000000000000000000000000000000000000000000000000" "0018" "ffff"
              "0000001d" "61766343" "0142c00affe100066742c00ada7901000468ce3880"
              "00000010" "70617370" "00000001" "00000001"
              "00000010" "73747473" "00000000" "00000000" "00000010" "73747363" "00000000" "00000000"
              "00000014" "7374737a" "00000000" "00000000" "00000000" "00000010" "7374636f" "00000000" "00000000"
              "00000028" "6d766578" "00000020" "74726578" "00000000" "00000001" "00000001" "00000000" "00000000" "00000000");
}

TEST(CmafWriter, media_segment_of_a_tiny_video_is_byte_exact) {
    const auto written = write_all(tiny_h264_format(), tiny_h264_samples(2, 2, 1), one_second);
    ASSERT_EQ(written.segments.size(), 1u);
    EXPECT_EQ(to_hex(written.segments[0].bytes),
              "00000018" "73747970" "6d736468" "00000000" "6d736468" "636d6673"
              "00000068" "6d6f6f66" "00000010" "6d666864" "00000000" "00000001"
              "00000050" "74726166" "0000001c" "74666864" "00020038" "00000001" "00000001" "00000007" "01010000"
              "00000014" "74666474" "01000000" "0000000000000000"
              "00000018" "7472756e" "01000005" "00000002" "00000070" "02000000"
              "00000016" "6d646174" "00000003" "650080" "00000003" "410180");
    EXPECT_EQ(written.segments[0].key_frame, (ByteRange{24, 0x70 + 7}));
    EXPECT_EQ(written.segments[0].size_bytes, written.segments[0].bytes.size());
}

TEST(CmafWriter, video_is_cut_at_sync_samples_that_reach_a_later_cut) {
    // 30 ticks a second, key frames each 20 frames, cuts each second: 0, 40 (first at or after 30), 60, 100 …
    const auto written = write_all(tiny_h264_format(), tiny_h264_samples(130, 20, 1), one_second);
    std::vector<std::int64_t> starts;
    for (const auto& segment : written.segments) starts.push_back(segment.start.ticks);
    EXPECT_EQ(starts, (std::vector<std::int64_t>{0, 40, 60, 100, 120}));
    EXPECT_EQ(written.segments.back().duration, (MediaTime{10, 30}));
    for (std::size_t i = 0; i < written.segments.size(); ++i) {
        EXPECT_EQ(written.segments[i].number, static_cast<std::int64_t>(i) + 1);
        EXPECT_TRUE(written.segments[i].starts_with_sync);
        EXPECT_EQ(decode_time(written.segments[i]), static_cast<std::uint64_t>(starts[i]));
    }
}

TEST(CmafWriter, non_sync_samples_never_start_a_segment) {
    const auto written = write_all(tiny_h264_format(), tiny_h264_samples(90, 1000, 1), one_second);
    EXPECT_EQ(written.segments.size(), 1u);
}

TEST(CmafWriter, leading_pictures_belong_to_the_segment_of_their_key_frame) {
    // Open GOP: the key frame at 4 is followed by pictures shown at 2 and 3.
    TrackFormat format = tiny_h264_format();
    format.timescale = 2;
    std::vector<EncodedSample> samples = tiny_h264_samples(6, 6, 1);
    const std::vector<std::int64_t> pts{0, 1, 4, 2, 3, 5};
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i].pts = pts[i];
    samples[2].sync = true;
    for (auto& sample : samples) sample.dts -= 2;
    for (const auto policy : {VideoReordering::edit_list, VideoReordering::signed_offsets}) {
        CmafOptions options;
        options.video_reordering = policy;
        const auto written = write_all(format, samples, {1, 1}, options);
        ASSERT_EQ(written.segments.size(), 2u);
        EXPECT_EQ(written.segments[0].start + written.segments[0].duration, written.segments[1].start);
        EXPECT_EQ(written.segments[1].start, (MediaTime{2, 2}));
        EXPECT_EQ(decode_time(written.segments[1]), 2u);
    }
}

/// I P B b in groups of three behind each key frame, one key frame per 30; decode times from `-delay` on.
std::vector<EncodedSample> reordered_samples(std::int64_t delay) {
    std::vector<EncodedSample> samples = tiny_h264_samples(60, 30, 1);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto in_gop = static_cast<std::int64_t>(i % 30);
        const auto gop = static_cast<std::int64_t>(i / 30) * 30;
        samples[i].dts = static_cast<std::int64_t>(i) - delay;
        const std::int64_t mini = (in_gop - 1) / 3 * 3;
        samples[i].pts = gop + (in_gop == 0 ? 0 : in_gop >= 28 ? in_gop : (in_gop - 1) % 3 == 0 ? mini + 3 : in_gop - 1);
    }
    return samples;
}

unsigned trun_version(const MediaSegment& segment) { return find_box(segment.bytes, "trun").at(0); }

TEST(CmafWriter, reordered_video_has_an_edit_list_and_unsigned_offsets_by_default) {
    const auto written = write_all(tiny_h264_format(), reordered_samples(1), one_second);
    ASSERT_EQ(written.segments.size(), 2u);
    EXPECT_EQ(decode_time(written.segments[0]), 0u);
    EXPECT_EQ(decode_time(written.segments[1]), 30u);
    EXPECT_EQ(written.segments[0].start, (MediaTime{0, 30}));
    EXPECT_EQ(written.segments[1].start, (MediaTime{30, 30}));
    EXPECT_EQ(to_hex(find_box(written.init, "elst")), "01000000" "00000001" "0000000000000000" "0000000000000001" "00010000");
    EXPECT_EQ(to_hex(find_box(written.init, "ftyp")).substr(0, 8), "636d6663");
    EXPECT_EQ(trun_version(written.segments[0]), 0u);
}

TEST(CmafWriter, reordered_video_has_signed_offsets_and_no_edit_list_on_demand) {
    CmafOptions options;
    options.video_reordering = VideoReordering::signed_offsets;
    const auto written = write_all(tiny_h264_format(), reordered_samples(1), one_second, options);
    ASSERT_EQ(written.segments.size(), 2u);
    EXPECT_EQ(decode_time(written.segments[0]), 0u);
    EXPECT_EQ(decode_time(written.segments[1]), 30u);
    EXPECT_TRUE(find_box(written.init, "elst").empty());
    EXPECT_EQ(to_hex(find_box(written.init, "ftyp")).substr(0, 8), "636d6632");
    EXPECT_EQ(trun_version(written.segments[0]), 1u);
}

TEST(CmafWriter, decode_times_after_presentation_or_going_back_are_refused_where_they_are_kept) {
    for (const auto policy : {VideoReordering::edit_list, VideoReordering::signed_offsets}) {
        CmafOptions options;
        options.video_reordering = policy;
        auto writer = CmafTrackWriter::create(tiny_h264_format(), CutList{one_second}, options, ignore());
        ASSERT_TRUE(writer);
        Result<void> last;
        for (auto& sample : reordered_samples(0)) {
            if (last) last = writer->push(std::move(sample));
        }
        if (last) last = writer->finish();
        EXPECT_EQ(last.has_value(), policy == VideoReordering::signed_offsets);
    }
}

TEST(CmafWriter, audio_is_cut_where_the_middle_of_a_packet_passes_the_cut) {
    const auto written = write_all(tiny_aac_format(), tiny_aac_samples(200), one_second);
    ASSERT_EQ(written.segments.size(), 5u);
    for (std::size_t i = 1; i < written.segments.size(); ++i) {
        const MediaTime cut{static_cast<std::int64_t>(i), 1};
        const MediaTime start = written.segments[i].start;
        const MediaTime half{512, 48000};
        EXPECT_LE(start, cut + half);
        EXPECT_GE(start, cut - half);
    }
}

TEST(CmafWriter, priming_is_kept_behind_an_edit_list_by_default) {
    const auto written = write_all(tiny_aac_format(1024), tiny_aac_samples(100), one_second);
    const Bytes edits = find_box(written.init, "elst");
    EXPECT_EQ(to_hex(edits), "01000000" "00000001" "0000000000000000" "0000000000000400" "00010000");
    EXPECT_EQ(to_hex(find_box(written.init, "ftyp")).substr(0, 8), to_hex(hex("636d6663"))) << "cmf2 forbids edit lists";
    EXPECT_EQ(decode_time(written.segments[0]), 0u);
    EXPECT_EQ(written.segments[0].start, (MediaTime{0, 1}));
    EXPECT_EQ(written.segments[1].start, (MediaTime{static_cast<std::int64_t>(decode_time(written.segments[1])) - 1024, 48000}));
    EXPECT_EQ(written.segments[0].duration, written.segments[1].start);
    EXPECT_EQ(to_hex(find_box(written.init, "sgpd")), "01000000" "726f6c6c" "00000002" "00000001" "ffff");
}

TEST(CmafWriter, whole_priming_packets_are_dropped_on_demand) {
    CmafOptions options;
    options.audio_priming = AudioPriming::drop_packets;
    const auto written = write_all(tiny_aac_format(2112), tiny_aac_samples(100), {100, 1}, options);
    EXPECT_TRUE(find_box(written.init, "elst").empty());
    ASSERT_EQ(written.segments.size(), 1u);
    EXPECT_EQ(decode_time(written.segments[0]), 0u);
    EXPECT_EQ(written.segments[0].duration, (MediaTime{98 * 1024, 48000})) << "two packets of 1024 lie within 2112";
    const Bytes data = find_box(written.segments[0].bytes, "mdat");
    EXPECT_EQ(data[1], 2) << "the third packet comes first";
}

TEST(CmafWriter, delimiters_filler_and_known_parameter_sets_are_dropped) {
    TrackFormat format = tiny_h264_format();
    format.nal_framing = NalFraming::annex_b;
    format.codec_config = hex("00000001 6742c00ada79 00000001 68ce3880");
    EncodedSample sample;
    sample.sync = true;
    sample.duration = 1;
    sample.data = hex("00000001 09f0 00000001 6742c00ada79 00000001 68ce3880 00000001 0cff80 000001 0605ff 00000001 6588");
    const auto written = write_all(format, {sample}, one_second);
    EXPECT_EQ(to_hex(find_box(written.segments.at(0).bytes, "mdat")), "000000030605ff" "000000026588");
}

TEST(CmafWriter, parameter_sets_that_differ_stay_in_the_sample) {
    TrackFormat format = tiny_h264_format();
    format.nal_framing = NalFraming::annex_b;
    format.codec_config = hex("00000001 6742c00ada79 00000001 68ce3880");
    EncodedSample sample;
    sample.sync = true;
    sample.duration = 1;
    sample.data = hex("00000001 68ce3890 00000001 6588");
    const auto written = write_all(format, {sample}, one_second);
    EXPECT_EQ(to_hex(find_box(written.segments.at(0).bytes, "mdat")), "0000000468ce3890" "000000026588");
}

TEST(CmafWriter, lengths_of_two_bytes_become_four_in_samples_and_configuration) {
    TrackFormat format = tiny_h264_format();
    format.codec_config[4] = 0xFD;
    EncodedSample sample;
    sample.sync = true;
    sample.duration = 1;
    sample.data = hex("0002 6588");
    const auto written = write_all(format, {sample}, one_second);
    EXPECT_EQ(to_hex(find_box(written.segments.at(0).bytes, "mdat")), "000000026588");
    EXPECT_EQ(find_box(written.init, "avcC").at(4), 0xFF);
}

TEST(CmafWriter, colour_hdr_aspect_language_and_bit_rate_reach_the_header) {
    TrackFormat format = tiny_h264_format();
    format.language = "pt-BR";
    format.video.colour = {9, 16, 9, false};
    format.video.sample_aspect = {4, 3};
    format.video.mastering_display = MasteringDisplay{1, 2, 3, 4, 5, 6, 7, 8, 10000000, 50};
    format.video.content_light = ContentLight{1000, 400};
    CmafOptions options;
    options.bitrate = BitrateHint{2000000, 1000000};
    options.duration = MediaTime{5, 2};
    const auto written = write_all(format, tiny_h264_samples(1, 1, 1), one_second, options);
    EXPECT_EQ(to_hex(find_box(written.init, "colr")), "6e636c78" "0009" "0010" "0009" "00");
    EXPECT_EQ(to_hex(find_box(written.init, "pasp")), "00000004" "00000003");
    EXPECT_EQ(to_hex(find_box(written.init, "mdcv")), "00030004" "00050006" "00010002" "00070008" "00989680" "00000032");
    EXPECT_EQ(to_hex(find_box(written.init, "clli")), "03e80190");
    EXPECT_EQ(to_hex(find_box(written.init, "btrt")), "00000000" "001e8480" "000f4240");
    EXPECT_EQ(to_hex(find_box(written.init, "mehd")), "01000000" "00000000000009c4");
    EXPECT_EQ(to_hex(find_box(written.init, "elng")), "00000000" "70742d425200");
}

TEST(CmafWriter, fragments_of_a_single_file_have_no_segment_type_box) {
    CmafOptions options;
    options.segment_type_box = false;
    options.track_id = 3;
    options.first_number = 10;
    const auto written = write_all(tiny_h264_format(), tiny_h264_samples(60, 30, 1), one_second, options);
    ASSERT_EQ(written.segments.size(), 2u);
    EXPECT_TRUE(find_box(written.segments[0].bytes, "styp").empty());
    EXPECT_EQ(written.segments[1].number, 11);
    EXPECT_EQ(written.segments[0].key_frame.offset, 0u);
    EXPECT_EQ(to_hex(find_box(written.segments[1].bytes, "mfhd")), "00000000" "0000000b");
    EXPECT_EQ(to_hex(find_box(written.segments[1].bytes, "tfhd")).substr(8, 8), "00000003");
}

TEST(CmafWriter, ac3_learns_its_configuration_from_the_first_packet) {
    TrackFormat format = tiny_aac_format(0);
    format.codec = Codec::ac3;
    format.codec_config.clear();
    auto writer = CmafTrackWriter::create(format, {}, {}, ignore());
    ASSERT_TRUE(writer);
    EXPECT_EQ(writer->init_segment().error().code, Errc::invalid_argument);
    EncodedSample sample{0, 0, 1536, true, hex("0b770dce5e40ebf8403eff9dffc2107f")};
    ASSERT_TRUE(writer->push(sample));
    EXPECT_EQ(to_hex(find_box(*writer->init_segment(), "dac3")), "503de0");
    EXPECT_EQ(to_hex(writer->format().codec_config), "503de0");
    EXPECT_EQ(*writer->codec_string(), "ac-3");
}

TEST(CmafWriter, track_without_samples_gives_no_segment) {
    const auto written = write_all(tiny_h264_format(), {}, one_second);
    EXPECT_TRUE(written.segments.empty());
    EXPECT_FALSE(written.init.empty());
}

TEST(CmafWriter, options_out_of_range_are_named) {
    const auto field = [](const Error& error) { return error.context.empty() ? std::string() : error.context[0].second; };
    CmafOptions no_track;
    no_track.track_id = 0;
    EXPECT_EQ(field(create_error(tiny_h264_format(), {}, no_track)), "track_id");
    CmafOptions no_number;
    no_number.first_number = 0;
    EXPECT_EQ(field(create_error(tiny_h264_format(), {}, no_number)), "first_number");
    CmafOptions bad_duration;
    bad_duration.duration = MediaTime{-1, 1};
    EXPECT_EQ(field(create_error(tiny_h264_format(), {}, bad_duration)), "duration");
    EXPECT_EQ(field(create_error(tiny_h264_format(), {{0, 1}}, {})), "cuts");
    TrackFormat no_clock = tiny_h264_format();
    no_clock.timescale = 0;
    EXPECT_EQ(field(create_error(no_clock, {}, {})), "timescale");
    TrackFormat text = tiny_h264_format();
    text.kind = TrackKind::text;
    EXPECT_EQ(create_error(text, {}, {}).code, Errc::unsupported_codec);
    EXPECT_EQ(CmafTrackWriter::create(tiny_h264_format(), {}, {}, nullptr).error().code, Errc::invalid_argument);
}

TEST(CmafWriter, samples_out_of_order_or_range_are_refused) {
    const auto push = [](const TrackFormat& format, std::vector<EncodedSample> samples) {
        auto writer = CmafTrackWriter::create(format, {}, {}, ignore());
        Result<void> last;
        for (auto& sample : samples) last = writer->push(std::move(sample));
        return last ? Errc{} : last.error().code;
    };
    auto video = tiny_h264_samples(2, 1, 1);
    video[0].pts = -1;
    EXPECT_EQ(push(tiny_h264_format(), {video[0]}), Errc::invalid_argument);
    video[1].duration = -1;
    EXPECT_EQ(push(tiny_h264_format(), {video[1]}), Errc::invalid_argument);
    EncodedSample delta = tiny_h264_samples(1, 1, 1)[0];
    delta.sync = false;
    EXPECT_EQ(push(tiny_h264_format(), {delta}), Errc::invalid_argument);
    const auto audio = tiny_aac_samples(2);
    EXPECT_EQ(push(tiny_aac_format(), {audio[1], audio[0]}), Errc::invalid_argument);
    EncodedSample broken = tiny_h264_samples(1, 1, 1)[0];
    broken.data = hex("000000ff65");
    EXPECT_EQ(push(tiny_h264_format(), {broken}), Errc::malformed);
    broken.data.clear();
    EXPECT_EQ(push(tiny_h264_format(), {broken}), Errc::malformed);
}

TEST(CmafWriter, refused_sample_leaves_no_trace) {
    auto samples = tiny_h264_samples(60, 30, 1);
    std::vector<MediaSegment> segments;
    auto writer = CmafTrackWriter::create(tiny_h264_format(), CutList{one_second}, {}, [&](MediaSegment segment) -> Result<void> {
        segments.push_back(std::move(segment));
        return {};
    });
    ASSERT_TRUE(writer);
    EncodedSample broken = samples[0];
    broken.data = hex("ffffffff65");
    for (auto& sample : samples) {
        broken.pts = broken.dts = sample.pts;
        EXPECT_FALSE(writer->push(broken));
        ASSERT_TRUE(writer->push(sample));
    }
    ASSERT_TRUE(writer->finish());
    const auto clean = write_all(tiny_h264_format(), samples, one_second);
    ASSERT_EQ(segments.size(), clean.segments.size());
    for (std::size_t i = 0; i < segments.size(); ++i) EXPECT_EQ(segments[i].bytes, clean.segments[i].bytes);
}

TEST(CmafWriter, track_of_refused_samples_alone_ends_without_a_segment) {
    auto writer = CmafTrackWriter::create(tiny_h264_format(), CutList{one_second}, {}, [](MediaSegment) -> Result<void> {
        ADD_FAILURE() << "no segment can be made";
        return {};
    });
    EncodedSample broken = tiny_h264_samples(1, 1, 1)[0];
    broken.data = hex("ffffffff65");
    EXPECT_FALSE(writer->push(broken));
    EXPECT_TRUE(writer->finish());
}

TEST(CmafWriter, track_that_ends_within_its_priming_has_no_length) {
    const auto written = write_all(tiny_aac_format(5000), tiny_aac_samples(3), one_second);
    ASSERT_EQ(written.segments.size(), 1u);
    EXPECT_EQ(written.segments[0].start, (MediaTime{0, 1}));
    EXPECT_EQ(written.segments[0].duration, (MediaTime{0, 1}));
}

TEST(CmafWriter, nothing_may_follow_the_end) {
    auto writer = CmafTrackWriter::create(tiny_h264_format(), {}, {}, ignore());
    ASSERT_TRUE(writer->push(tiny_h264_samples(1, 1, 1)[0]));
    ASSERT_TRUE(writer->finish());
    EXPECT_TRUE(writer->finish()) << "a second end changes nothing";
    EXPECT_EQ(writer->push(tiny_h264_samples(1, 1, 1)[0]).error().code, Errc::invalid_argument);
}

TEST(CmafWriter, error_of_the_sink_comes_back_whichever_segment_it_strikes) {
    for (std::size_t fail_at = 0; fail_at < 3; ++fail_at) {
        std::size_t taken = 0;
        auto writer = CmafTrackWriter::create(tiny_h264_format(), CutList{one_second}, {}, [&](MediaSegment) -> Result<void> {
            if (taken++ == fail_at) return make_error(Errc::no_space, "test", "full");
            return {};
        });
        Result<void> last;
        for (auto& sample : tiny_h264_samples(90, 30, 1)) {
            last = writer->push(std::move(sample));
            if (!last) break;
        }
        if (last) last = writer->finish();
        ASSERT_FALSE(last) << fail_at;
        EXPECT_EQ(last.error().code, Errc::no_space);
    }
}

}  // namespace
}  // namespace streamforge::packaging
