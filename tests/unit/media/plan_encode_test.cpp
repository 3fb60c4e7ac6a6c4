#include "media/plan_encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace streamforge::media {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

StreamInfo video_stream(std::uint32_t width_px, std::uint32_t height_px, Rational rate = {30, 1}) {
    StreamInfo stream;
    stream.kind = StreamInfo::Kind::video;
    stream.codec = "h264";
    stream.decodable = true;
    stream.start = {0, 90000};
    VideoInfo video;
    video.width_px = width_px;
    video.height_px = height_px;
    video.frame_rate = rate;
    video.pixel_format = "yuv420p";
    video.colour = {1, 1, 1, false};
    stream.video = video;
    return stream;
}

StreamInfo audio_stream(std::uint32_t channels = 2, std::uint32_t rate_hz = 48000, std::string language = "und") {
    StreamInfo stream;
    stream.kind = StreamInfo::Kind::audio;
    stream.codec = "aac";
    stream.decodable = true;
    stream.language = std::move(language);
    stream.audio = AudioInfo{rate_hz, channels, ""};
    return stream;
}

StreamInfo subtitle_stream(bool text, std::string language = "en") {
    StreamInfo stream;
    stream.kind = StreamInfo::Kind::subtitle;
    stream.codec = text ? "subrip" : "hdmv_pgs_subtitle";
    stream.decodable = true;
    stream.text_subtitle = text;
    stream.language = std::move(language);
    return stream;
}

MediaInfo media(std::vector<StreamInfo> streams) {
    MediaInfo info;
    info.streams = std::move(streams);
    for (std::size_t i = 0; i < info.streams.size(); ++i) info.streams[i].index = static_cast<int>(i);
    return info;
}

EncodePlan plan_of(const MediaInfo& info, const LadderPolicy& policy = {}, int cores = 4) {
    auto plan = plan_encode_on(info, policy, cores);
    EXPECT_TRUE(plan) << plan.error().describe();
    return plan ? *std::move(plan) : EncodePlan{};
}

std::vector<std::string> sizes(const EncodePlan& plan) {
    std::vector<std::string> result;
    for (const auto& each : plan.video) {
        result.push_back(each.id + " " + std::to_string(each.width_px) + "x" + std::to_string(each.height_px));
    }
    return result;
}

std::string all_notes(const EncodePlan& plan) {
    std::string text;
    for (const auto& note : plan.notes) text += note + "\n";
    return text;
}

struct LadderCase {
    const char* name;
    std::uint32_t width_px;
    std::uint32_t height_px;
    Rational aspect;
    int degrees;
    std::vector<std::string> expected;
};

TEST(Ladder, suits_every_shape_and_never_enlarges) {
    const LadderCase cases[]{
        {"1080p", 1920, 1080, {1, 1}, 0, {"1080p 1920x1080", "720p 1280x720", "540p 960x540", "360p 640x360", "240p 426x240"}},
        {"4K", 3840, 2160, {1, 1}, 0,
         {"2160p 3840x2160", "1440p 2560x1440", "1080p 1920x1080", "720p 1280x720", "540p 960x540", "360p 640x360", "240p 426x240"}},
        {"8K is capped", 7680, 4320, {1, 1}, 0,
         {"2160p 3840x2160", "1440p 2560x1440", "1080p 1920x1080", "720p 1280x720", "540p 960x540", "360p 640x360", "240p 426x240"}},
        {"480p keeps its size", 854, 480, {1, 1}, 0, {"480p 854x480", "360p 640x360", "240p 426x240"}},
        {"3:2", 1080, 720, {1, 1}, 0, {"720p 1080x720", "540p 810x540", "360p 540x360", "240p 360x240"}},
        {"phone", 1920, 1080, {1, 1}, 90, {"1080p 1080x1920", "720p 720x1280", "540p 540x960", "360p 360x640", "240p 240x426"}},
        {"upright file", 720, 1280, {1, 1}, 0, {"720p 720x1280", "540p 540x960", "360p 360x640", "240p 240x426"}},
        {"square", 1080, 1080, {1, 1}, 0, {"1080p 1080x1080", "720p 720x720", "540p 540x540", "360p 360x360", "240p 240x240"}},
        {"cinema", 1920, 800, {1, 1}, 0, {"800p 1920x800", "540p 1296x540", "360p 864x360", "240p 576x240"}},
        {"almost 1080", 1920, 1088, {1, 1}, 0, {"1088p 1920x1088", "720p 1270x720", "540p 952x540", "360p 636x360", "240p 424x240"}},
        {"DVD", 720, 480, {32, 27}, 0, {"480p 852x480", "360p 640x360", "240p 426x240"}},
        {"anamorphic HD", 1440, 1080, {4, 3}, 0, {"1080p 1920x1080", "720p 1280x720", "540p 960x540", "360p 640x360", "240p 426x240"}},
        {"odd sides", 853, 479, {1, 1}, 0, {"478p 852x478", "360p 642x360", "240p 428x240"}},
        {"270p", 480, 270, {1, 1}, 0, {"270p 480x270"}},
        {"tiny", 32, 18, {1, 1}, 0, {"18p 32x18"}},
        {"one pixel", 1, 1, {1, 1}, 0, {"2p 2x2"}},
        {"banner", 1000, 20, {1, 1}, 0, {"20p 1000x20"}},
    };
    for (const auto& each : cases) {
        auto stream = video_stream(each.width_px, each.height_px);
        stream.video->sample_aspect = each.aspect;
        stream.video->orientation.clockwise_degrees = each.degrees;
        const auto plan = plan_of(media({stream}));
        EXPECT_EQ(sizes(plan), each.expected) << each.name;
        for (const auto& rendition : plan.video) {
            EXPECT_EQ(rendition.width_px % 2, 0U) << each.name;
            EXPECT_EQ(rendition.height_px % 2, 0U) << each.name;
            EXPECT_GT(rendition.rate.max_bps, 0U) << each.name;
            EXPECT_GT(rendition.rate.buffer_bits, 0U) << each.name;
            EXPECT_GE(rendition.threads, 1) << each.name;
        }
    }
}

TEST(Ladder, rates_fall_from_rung_to_rung) {
    for (const auto& [width, height] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{{3840, 2160}, {1920, 800}, {854, 480}, {600, 900}}) {
        const auto plan = plan_of(media({video_stream(width, height)}));
        for (std::size_t i = 1; i < plan.video.size(); ++i) {
            EXPECT_LT(plan.video[i].rate.max_bps * 10, plan.video[i - 1].rate.max_bps * 8) << plan.video[i].id;
        }
    }
}

TEST(Ladder, default_caps_are_those_of_the_preset_at_30_frames) {
    const auto plan = plan_of(media({video_stream(1920, 1080)}));
    ASSERT_EQ(plan.video.size(), 5U);
    EXPECT_EQ(plan.video[0].rate.max_bps, 6000000U);
    EXPECT_EQ(plan.video[1].rate.max_bps, 3000000U);
    EXPECT_EQ(plan.video[2].rate.max_bps, 1800000U);
    EXPECT_EQ(plan.video[0].rate.mode, RateControl::Mode::capped_crf);
    EXPECT_EQ(plan.video[0].rate.target_bps, 0U);
}

TEST(Ladder, more_frames_raise_the_cap_by_less_than_their_number) {
    const auto slow = plan_of(media({video_stream(1920, 1080, {30, 1})}));
    const auto fast = plan_of(media({video_stream(1920, 1080, {60, 1})}));
    EXPECT_NEAR(static_cast<double>(fast.video[0].rate.max_bps) / static_cast<double>(slow.video[0].rate.max_bps), 1.4, 0.02);
    const auto film = plan_of(media({video_stream(1920, 1080, {24, 1})}));
    EXPECT_EQ(film.video[0].rate.max_bps, slow.video[0].rate.max_bps);
}

TEST(Ladder, rates_follow_the_area_of_narrow_and_wide_pictures) {
    const auto square = plan_of(media({video_stream(1080, 1080)}));
    const auto wide = plan_of(media({video_stream(2560, 1080)}));
    EXPECT_LT(square.video[0].rate.max_bps, 4500000U);
    EXPECT_GT(wide.video[0].rate.max_bps, 7000000U);
}

TEST(ClassicLadder, is_exactly_as_stated) {
    LadderPolicy policy;
    policy.preset = "classic";
    const auto plan = plan_of(media({video_stream(1920, 1080), audio_stream()}), policy);
    EXPECT_THAT(sizes(plan), ElementsAre("1080p 1920x1080", "720p 1280x720", "360p 640x360"));
    const std::uint64_t targets[]{5000000, 2500000, 800000};
    const std::uint64_t audio[]{192000, 128000, 96000};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& rate = plan.video[i].rate;
        EXPECT_EQ(rate.mode, RateControl::Mode::average);
        EXPECT_EQ(rate.target_bps, targets[i]);
        EXPECT_GE(rate.max_bps, rate.target_bps);
        EXPECT_GE(rate.buffer_bits, rate.target_bps);
        EXPECT_EQ(plan.video[i].audio_bps, audio[i]);
        EXPECT_EQ(plan.audio[i].bitrate_bps, audio[i]);
    }
}

TEST(ClassicLadder, keeps_its_targets_at_60_frames_and_for_cropped_film) {
    LadderPolicy policy;
    policy.preset = "classic";
    EXPECT_EQ(plan_of(media({video_stream(1920, 1080, {60, 1})}), policy).video[0].rate.target_bps, 5000000U);
    const auto cropped = plan_of(media({video_stream(1920, 1072)}), policy);
    EXPECT_THAT(sizes(cropped), ElementsAre("1072p 1920x1072", "720p 1290x720", "360p 644x360"));
    EXPECT_EQ(cropped.video[0].rate.target_bps, 5000000U);
}

TEST(ClassicLadder, smaller_sources_get_the_rungs_that_fit_or_one_of_their_own) {
    LadderPolicy policy;
    policy.preset = "classic";
    EXPECT_THAT(sizes(plan_of(media({video_stream(854, 480)}), policy)), ElementsAre("360p 640x360"));
    const auto tiny = plan_of(media({video_stream(320, 180)}), policy);
    EXPECT_THAT(sizes(tiny), ElementsAre("180p 320x180"));
    EXPECT_LT(tiny.video[0].rate.target_bps, 400000U);
}

TEST(CustomLadder, is_used_as_stated_largest_first) {
    LadderPolicy policy;
    policy.rungs = {{240, {.crf = 30, .max_bps = 300000, .buffer_bits = 450000}, 64000},
                    {700, {.crf = 20, .max_bps = 9000000, .buffer_bits = 9000000}, 160000},
                    {720, {.crf = 21, .max_bps = 9500000, .buffer_bits = 9000000}, 160000}};
    const auto plan = plan_of(media({video_stream(1280, 720), audio_stream()}), policy);
    EXPECT_THAT(sizes(plan), ElementsAre("720p 1280x720", "700p 1244x700", "240p 426x240"));
    EXPECT_EQ(plan.video[1].rate.max_bps, 9000000U);
    EXPECT_DOUBLE_EQ(plan.video[1].rate.crf, 20.0);
    EXPECT_EQ(plan.audio.size(), 2U);
}

TEST(Ladder, short_side_is_limited_by_policy) {
    LadderPolicy policy;
    policy.max_short_side_px = 540;
    EXPECT_THAT(sizes(plan_of(media({video_stream(1920, 1080)}), policy)),
                ElementsAre("540p 960x540", "360p 640x360", "240p 426x240"));
}

TEST(Codecs, each_gets_every_rung_with_its_own_rates_and_a_suffix) {
    LadderPolicy policy;
    policy.codecs = {Codec::h264, Codec::hevc, Codec::av1};
    const auto plan = plan_of(media({video_stream(640, 360)}), policy);
    EXPECT_THAT(sizes(plan), ElementsAre("360p 640x360", "360p_hevc 640x360", "360p_av1 640x360", "240p 426x240",
                                         "240p_hevc 426x240", "240p_av1 426x240"));
    EXPECT_LT(plan.video[1].rate.max_bps, plan.video[0].rate.max_bps * 7 / 10);
    EXPECT_LT(plan.video[2].rate.max_bps, plan.video[1].rate.max_bps);
    EXPECT_GT(plan.video[2].rate.crf, plan.video[1].rate.crf);
    policy.codecs = {Codec::hevc};
    EXPECT_EQ(plan_of(media({video_stream(640, 360)}), policy).video[0].id, "360p_hevc");
}

TEST(Codecs, pictures_too_small_for_one_are_left_to_another) {
    LadderPolicy policy;
    policy.codecs = {Codec::av1};
    const auto plan = plan_of(media({video_stream(48, 32)}), policy);
    ASSERT_EQ(plan.video.size(), 1U);
    EXPECT_EQ(plan.video[0].codec, Codec::h264);
    EXPECT_THAT(all_notes(plan), HasSubstr("too small for av1"));
}

TEST(Range, hdr_is_kept_by_hevc_and_av1_and_mapped_for_h264) {
    LadderPolicy policy;
    policy.codecs = {Codec::h264, Codec::hevc};
    auto stream = video_stream(1920, 1080);
    stream.video->colour = {9, 16, 9, false};
    stream.video->range = VideoRange::pq;
    stream.video->bit_depth = 10;
    stream.video->dolby_vision = true;
    const auto plan = plan_of(media({stream}), policy);
    EXPECT_EQ(plan.video_source->range, VideoRange::pq);
    for (const auto& each : plan.video) {
        const bool hdr = each.codec == Codec::hevc;
        EXPECT_EQ(each.range, hdr ? VideoRange::pq : VideoRange::sdr) << each.id;
        EXPECT_EQ(each.bit_depth, hdr ? 10 : 8) << each.id;
    }
    EXPECT_THAT(all_notes(plan), HasSubstr("tone-mapped"));
    EXPECT_THAT(all_notes(plan), HasSubstr("is kept in HEVC"));
    EXPECT_THAT(all_notes(plan), HasSubstr("Dolby Vision"));
}

TEST(Range, ten_bit_sdr_stays_ten_bit_where_players_can) {
    LadderPolicy policy;
    policy.codecs = {Codec::h264, Codec::hevc};
    auto stream = video_stream(640, 360);
    stream.video->bit_depth = 10;
    const auto plan = plan_of(media({stream}), policy);
    EXPECT_EQ(plan.video[0].bit_depth, 8);
    EXPECT_EQ(plan.video[1].bit_depth, 10);
    EXPECT_EQ(plan.video[1].range, VideoRange::sdr);
}

TEST(Timing, constant_rate_is_exact_and_cuts_are_whole_frames) {
    const auto plan = plan_of(media({video_stream(1280, 720, {30000, 1001})}));
    EXPECT_EQ(plan.video_source->frame_rate, (Rational{30000, 1001}));
    EXPECT_EQ(plan.video_source->timescale, 30000);
    EXPECT_EQ(plan.cuts.period, (MediaTime{120 * 1001, 30000}));
}

TEST(Timing, variable_rate_keeps_timestamps_and_the_asked_length) {
    auto stream = video_stream(640, 480, {24600, 1469});
    stream.video->variable_frame_rate = true;
    stream.start = {0, 600};
    const auto plan = plan_of(media({stream}));
    EXPECT_FALSE(plan.video_source->frame_rate.is_positive());
    EXPECT_EQ(plan.video_source->timescale, 90000);
    EXPECT_EQ(plan.cuts.period, (MediaTime{4, 1}));
    EXPECT_THAT(all_notes(plan), HasSubstr("varies"));
}

TEST(Timing, unknown_rate_of_a_single_picture_is_no_error) {
    const auto plan = plan_of(media({video_stream(100, 100, {0, 1})}));
    EXPECT_FALSE(plan.video_source->frame_rate.is_positive());
    EXPECT_EQ(plan.video.size(), 1U);
}

TEST(Timing, telecine_is_played_at_the_films_rate) {
    auto stream = video_stream(720, 480, {30000, 1001});
    stream.video->scan = ScanType::telecine;
    stream.video->scan_from_content = true;
    const auto plan = plan_of(media({stream}));
    EXPECT_EQ(plan.video_source->frame_rate, (Rational{24000, 1001}));
    EXPECT_EQ(plan.cuts.period, (MediaTime{96 * 1001, 24000}));
    EXPECT_THAT(all_notes(plan), HasSubstr("pulldown (found by looking"));
}

TEST(Timing, interlaced_gives_a_picture_per_frame_or_per_field) {
    auto stream = video_stream(1920, 1080, {25, 1});
    stream.video->scan = ScanType::interlaced_tff;
    EXPECT_EQ(plan_of(media({stream})).video_source->frame_rate, (Rational{25, 1}));
    LadderPolicy policy;
    policy.field_rate = true;
    const auto plan = plan_of(media({stream}), policy);
    EXPECT_EQ(plan.video_source->frame_rate, (Rational{50, 1}));
    EXPECT_EQ(plan.video_source->scan, ScanType::interlaced_tff);
    EXPECT_THAT(all_notes(plan), HasSubstr("per field"));
}

TEST(Timing, origin_is_the_earliest_start_of_what_is_played) {
    auto video = video_stream(640, 360);
    auto audio = audio_stream();
    auto text = subtitle_stream(true);
    video.start = {129903, 90000};
    audio.start = {126000, 90000};
    text.start = {0, 1};
    EXPECT_EQ(plan_of(media({video, audio, text})).origin, (MediaTime{126000, 90000}));
    EXPECT_EQ(plan_of(media({video, text})).origin, (MediaTime{129903, 90000}));
}

TEST(Timing, sound_that_leads_by_less_than_a_frame_gives_way_to_the_picture) {
    auto video = video_stream(640, 360, {30000, 1001});
    auto audio = audio_stream();
    audio.start = {126000, 90000};
    video.start = {126000 + 1920, 90000};
    EXPECT_EQ(plan_of(media({video, audio})).origin, video.start);
    video.start = {126000 + 3003, 90000};
    EXPECT_EQ(plan_of(media({video, audio})).origin, audio.start) << "a whole frame of sound is kept";
    video.start = {126000 + 1920, 90000};
    video.video->variable_frame_rate = true;
    EXPECT_EQ(plan_of(media({video, audio})).origin, audio.start) << "a variable rate needs no grid";
    video.video->variable_frame_rate = false;
    video.video->frame_rate = {1, 1};
    video.start = {126000 + 45000, 90000};
    EXPECT_EQ(plan_of(media({video, audio})).origin, audio.start) << "half a second would be missed";
    video.start = {125000, 90000};
    EXPECT_EQ(plan_of(media({video, audio})).origin, video.start);
}

TEST(Audio, bitrates_of_the_rungs_are_made_once_each_and_match) {
    const auto plan = plan_of(media({video_stream(1920, 1080), audio_stream()}));
    ASSERT_EQ(plan.audio.size(), 3U);
    EXPECT_EQ(plan.audio[0].id, "und-2ch-192k");
    EXPECT_EQ(plan.audio[1].id, "und-2ch-128k");
    EXPECT_EQ(plan.audio[2].id, "und-2ch-96k");
    for (const auto& video : plan.video) {
        EXPECT_TRUE(std::any_of(plan.audio.begin(), plan.audio.end(),
                                [&](const auto& audio) { return audio.bitrate_bps == video.audio_bps; }))
            << video.id;
    }
}

TEST(Audio, every_stream_is_kept_with_unique_ids_and_labels_and_one_default) {
    auto first = audio_stream(2, 48000, "en");
    auto second = audio_stream(2, 48000, "en");
    auto third = audio_stream(2, 48000, "de");
    first.commentary = true;
    first.is_default = true;
    third.is_default = true;
    const auto plan = plan_of(media({video_stream(640, 360), first, second, third, audio_stream(2, 48000, "en")}));
    std::set<std::string> ids;
    std::set<std::string> labels;
    std::set<int> defaults;
    for (const auto& each : plan.audio) {
        EXPECT_TRUE(ids.insert(each.id).second) << each.id;
        labels.insert(each.label);
        if (each.is_default) defaults.insert(each.source_stream);
    }
    EXPECT_THAT(labels, ElementsAre("English", "English (commentary)", "English 2", "German"));
    EXPECT_THAT(defaults, ElementsAre(3));
}

TEST(Audio, surround_is_kept_beside_stereo_when_asked) {
    const auto info = media({video_stream(640, 360), audio_stream(6, 48000, "en")});
    const auto plan = plan_of(info);
    ASSERT_EQ(plan.audio.size(), 2U);
    EXPECT_EQ(plan.audio[0].channels, 2U);
    EXPECT_EQ(plan.audio[1].channels, 6U);
    EXPECT_EQ(plan.audio[1].bitrate_bps, 384000U);
    EXPECT_EQ(plan.audio[1].id, "en-6ch-384k");
    LadderPolicy policy;
    policy.surround = false;
    EXPECT_EQ(plan_of(info, policy).audio.size(), 1U);
    EXPECT_EQ(plan_of(media({audio_stream(5)})).audio.size(), 1U) << "5.0 has no 5.1 rendition";
}

TEST(Audio, sample_rates_stay_in_their_family) {
    const std::pair<std::uint32_t, std::uint32_t> cases[]{{48000, 48000}, {44100, 44100}, {96000, 48000}, {88200, 44100},
                                                          {32000, 48000}, {22050, 44100}, {8000, 48000},  {16000, 48000},
                                                          {11025, 44100}, {192000, 48000}};
    for (const auto& [source, expected] : cases) {
        EXPECT_EQ(plan_of(media({audio_stream(2, source)})).audio.at(0).sample_rate_hz, expected) << source;
    }
}

TEST(Audio, low_sample_rates_get_no_more_bits_than_they_can_use) {
    const auto plan = plan_of(media({video_stream(1920, 1080), audio_stream(1, 8000)}));
    ASSERT_EQ(plan.audio.size(), 1U);
    EXPECT_EQ(plan.audio[0].bitrate_bps, 64000U);
    EXPECT_EQ(plan.audio[0].channels, 2U);
    for (const auto& each : plan.video) EXPECT_EQ(each.audio_bps, 64000U);
    const auto mixed = plan_of(media({video_stream(1920, 1080), audio_stream(1, 8000), audio_stream(2, 48000)}));
    EXPECT_EQ(mixed.audio.size(), 6U) << "all streams in every group";
}

TEST(Audio, alone_makes_a_presentation_without_pictures) {
    auto cover = video_stream(600, 600);
    cover.codec = "mjpeg";
    cover.video->attached_picture = true;
    const auto plan = plan_of(media({audio_stream(), cover}));
    EXPECT_FALSE(plan.video_source);
    EXPECT_TRUE(plan.video.empty());
    ASSERT_EQ(plan.audio.size(), 1U);
    EXPECT_EQ(plan.audio[0].bitrate_bps, 128000U);
    EXPECT_FALSE(plan.pictures.poster);
    EXPECT_FALSE(plan.pictures.storyboard);
    EXPECT_EQ(plan.cuts.period, (MediaTime{4, 1}));
    EXPECT_THAT(all_notes(plan), HasSubstr("cover art"));
}

TEST(Audio, undecodable_stream_is_left_out_with_a_note_when_something_else_plays) {
    auto odd = audio_stream();
    odd.codec = "evrc";
    odd.decodable = false;
    const auto plan = plan_of(media({video_stream(640, 360), odd}));
    EXPECT_TRUE(plan.audio.empty());
    EXPECT_EQ(plan.video[0].audio_bps, 0U);
    EXPECT_THAT(all_notes(plan), HasSubstr("evrc"));
}

TEST(Text, subtitles_that_are_text_become_renditions_and_bitmaps_a_note) {
    auto forced = subtitle_stream(true, "en");
    forced.is_forced = true;
    auto heard = subtitle_stream(true, "en");
    heard.hearing_impaired = true;
    heard.is_default = true;
    const auto plan =
        plan_of(media({video_stream(640, 360), subtitle_stream(true, "en"), forced, heard, subtitle_stream(false, "de")}));
    ASSERT_EQ(plan.text.size(), 3U);
    EXPECT_EQ(plan.text[0].id, "en");
    EXPECT_EQ(plan.text[0].label, "English");
    EXPECT_FALSE(plan.text[0].is_default);
    EXPECT_EQ(plan.text[1].id, "en-2");
    EXPECT_EQ(plan.text[1].label, "English (forced)");
    EXPECT_TRUE(plan.text[1].is_default);
    EXPECT_EQ(plan.text[2].label, "English (SDH)");
    EXPECT_FALSE(plan.text[2].is_default) << "a habitual flag must not show subtitles unasked";
    EXPECT_THAT(all_notes(plan), HasSubstr("hdmv_pgs_subtitle"));
    LadderPolicy policy;
    policy.text = false;
    EXPECT_TRUE(plan_of(media({video_stream(640, 360), subtitle_stream(true)}), policy).text.empty());
}

TEST(Labels, titles_are_used_only_when_they_are_harmless) {
    auto titled = audio_stream(2, 48000, "en");
    titled.title = "Director's cut";
    auto hostile = audio_stream(2, 48000, "en");
    hostile.title = "\",URI=\"http://example.com/\n";
    const auto plan = plan_of(media({titled, hostile}));
    EXPECT_EQ(plan.audio[0].label, "Director's cut");
    EXPECT_EQ(plan.audio[1].label, "English");
}

TEST(Pictures, tiles_take_the_shape_of_the_picture) {
    auto stream = video_stream(1920, 1080);
    EXPECT_EQ(plan_of(media({stream})).pictures, PicturePlan{});
    stream.video->orientation.clockwise_degrees = 90;
    const auto plan = plan_of(media({stream}));
    EXPECT_EQ(plan.pictures.tile_width_px, 90U);
    EXPECT_EQ(plan.pictures.tile_height_px, 160U);
}

TEST(Choice, of_two_pictures_the_default_and_then_the_larger_plays) {
    auto small = video_stream(320, 180);
    auto large = video_stream(480, 270);
    EXPECT_EQ(plan_of(media({small, large})).video_source->stream, 1);
    small.is_default = true;
    const auto plan = plan_of(media({small, large}));
    EXPECT_EQ(plan.video_source->stream, 0);
    EXPECT_THAT(all_notes(plan), HasSubstr("second picture"));
    small.decodable = false;
    EXPECT_EQ(plan_of(media({small, large})).video_source->stream, 1);
}

TEST(Threads, are_divided_by_area_and_fixed_in_the_plan) {
    const auto info = media({video_stream(1920, 1080)});
    const auto on_two = plan_of(info, {}, 2);
    EXPECT_EQ(on_two.video[0].threads, 2);
    EXPECT_EQ(on_two.video[4].threads, 1);
    const auto on_sixteen = plan_of(info, {}, 16);
    EXPECT_EQ(on_sixteen.video[0].threads, 8);
    EXPECT_GT(on_sixteen.video[1].threads, on_sixteen.video[3].threads);
    LadderPolicy policy;
    policy.encoder_threads = 3;
    for (const auto& each : plan_of(info, policy, 2).video) EXPECT_EQ(each.threads, 3);
}

TEST(PlanEncode, same_input_gives_the_same_plan) {
    const auto info = media({video_stream(1920, 800, {24000, 1001}), audio_stream(6, 48000, "en"), subtitle_stream(true)});
    const auto first = plan_encode(info, {});
    const auto second = plan_encode(info, {});
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    EXPECT_EQ(first->video, second->video);
    EXPECT_EQ(first->audio, second->audio);
    EXPECT_EQ(first->text, second->text);
    EXPECT_EQ(first->notes, second->notes);
}

TEST(PlanEncode, says_why_it_cannot) {
    const auto code = [](const MediaInfo& info) {
        const auto plan = plan_encode(info, {});
        return plan ? std::string("ok") : std::string(to_string(plan.error().code));
    };
    EXPECT_EQ(code(media({})), "no_streams");
    EXPECT_EQ(code(media({subtitle_stream(true)})), "no_streams");
    auto unknown = video_stream(320, 180);
    unknown.codec = "vvc";
    unknown.decodable = false;
    EXPECT_EQ(code(media({unknown, audio_stream()})), "unsupported_codec") << "sound alone is not what was asked for";
    const auto refused = plan_encode(media({unknown}), {});
    EXPECT_THAT(refused.error().describe(), HasSubstr("vvc"));
    auto odd = audio_stream();
    odd.decodable = false;
    EXPECT_EQ(code(media({odd})), "unsupported_codec");
}

}  // namespace
}  // namespace streamforge::media
