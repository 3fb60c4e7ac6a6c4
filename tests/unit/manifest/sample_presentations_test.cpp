#include "unit/manifest/sample_presentations.hpp"

#include <gtest/gtest.h>

namespace streamforge::manifest::testing {
namespace {

constexpr std::int64_t segments = 8;
constexpr std::int64_t frame_ticks = 1001;
constexpr std::int64_t video_timescale = 30000;
constexpr std::int64_t frames_per_segment = 120;
constexpr std::int64_t frames = 7 * frames_per_segment + 30;

// Sizes that vary by a third around the middle, the same in every run.
std::uint64_t vary(std::uint64_t bytes, std::uint32_t& state) {
    state = state * 1664525U + 1013904223U;
    return bytes * (67 + (state >> 16) % 67) / 100;
}

void lay_out_in_one_file(TrackFacts& track, const std::string& path) {
    track.files.init = path;
    track.files.media = path;
    track.files.init_range = ByteRange{0, track.init_bytes};
    track.files.index_range = ByteRange{track.init_bytes, 32 + 12 * track.segments.size()};
    std::uint64_t at = track.files.index_range->offset + track.files.index_range->length;
    for (auto& segment : track.segments) {
        segment.range = ByteRange{at, segment.bytes};
        if (segment.key_frame) segment.key_frame->offset += at;
        at += segment.bytes;
    }
}

}  // namespace

TrackFacts video_track(const std::string& id, const std::string& codecs, std::uint64_t bps, std::uint32_t seed) {
    TrackFacts track;
    track.id = id;
    track.codecs = codecs;
    track.codec = Codec::h264;
    track.timescale = video_timescale;
    track.files.playlist = "video/" + id + "/playlist.m3u8";
    track.files.i_frame_playlist = "video/" + id + "/iframes.m3u8";
    track.files.init = "video/" + id + "/init.mp4";
    track.files.media = "video/" + id + "/seg_$Number%05d$.m4s";
    track.init_bytes = 800;
    for (std::int64_t i = 0; i < segments; ++i) {
        const std::int64_t begin = i * frames_per_segment;
        const std::int64_t end = std::min(frames, begin + frames_per_segment);
        SegmentFacts segment;
        segment.start = {begin * frame_ticks, video_timescale};
        segment.duration = {(end - begin) * frame_ticks, video_timescale};
        const auto ms = static_cast<std::uint64_t>(segment.duration.rescaled(1000, Rounding::nearest).ticks);
        segment.bytes = vary(bps * ms / 8000, seed);
        segment.key_frame = ByteRange{0, segment.bytes / 8};
        track.segments.push_back(segment);
    }
    return track;
}

TrackFacts audio_track(const std::string& id, std::uint64_t bps, const std::string& language) {
    constexpr std::int64_t rate = 48000;
    constexpr std::int64_t samples_per_frame = 1024;
    TrackFacts track;
    track.id = id;
    track.codecs = "mp4a.40.2";
    track.codec = Codec::aac;
    track.timescale = rate;
    track.language = language;
    track.files.playlist = "audio/" + id + "/playlist.m3u8";
    track.files.init = "audio/" + id + "/init.mp4";
    track.files.media = "audio/" + id + "/seg_$Number%05d$.m4s";
    track.init_bytes = 700;
    std::int64_t begin = 0;
    for (std::int64_t i = 1; i <= segments; ++i) {
        const std::int64_t cut = std::min(frames, i * frames_per_segment) * frame_ticks;
        const std::int64_t samples = mul_div(cut, rate, video_timescale, Rounding::nearest);
        // The first frame is priming: frame n starts at (n − 1) · 1024.
        const std::int64_t end = mul_div(samples, 1, samples_per_frame, Rounding::up) * samples_per_frame;
        SegmentFacts segment;
        segment.start = {begin, rate};
        segment.duration = {end - begin, rate};
        segment.bytes = bps * static_cast<std::uint64_t>(end - begin) / (8 * rate) + 1200;
        track.segments.push_back(segment);
        begin = end;
    }
    return track;
}

TrackFacts text_track(const std::string& id, const std::string& language) {
    TrackFacts track = video_track(id, "wvtt", 2000);
    track.codec = Codec::webvtt;
    track.timescale = 1000;
    track.language = language;
    track.files.playlist = "text/" + id + "/playlist.m3u8";
    track.files.i_frame_playlist.clear();
    track.files.init.clear();
    track.files.media = "text/" + id + "/seg_$Number%05d$.vtt";
    track.init_bytes = 0;
    for (auto& segment : track.segments) segment.key_frame.reset();
    return track;
}

VideoRendition video(const std::string& id, std::uint32_t width, std::uint32_t height, std::uint64_t bps) {
    VideoRendition rendition;
    rendition.track = video_track(id, "avc1.64001F", bps, height);
    rendition.width_px = width;
    rendition.height_px = height;
    rendition.frame_rate = {30000, 1001};
    return rendition;
}

AudioRendition audio(const std::string& id, std::uint64_t bps, const std::string& language, const std::string& group) {
    AudioRendition rendition;
    rendition.track = audio_track(id, bps, language);
    rendition.group = group;
    return rendition;
}

Presentation full_presentation() {
    Presentation presentation;
    presentation.video = {video("1080p", 1920, 1080, 5'000'000), video("720p", 1280, 720, 2'500'000),
                          video("360p", 640, 360, 800'000)};
    presentation.video[0].track.codecs = "avc1.640028";
    presentation.audio = {audio("en-2ch", 128'000, "en", "stereo"), audio("fr-2ch", 128'000, "fr", "stereo"),
                          audio("en-6ch", 384'000, "en", "surround")};
    presentation.audio[0].label = "English";
    presentation.audio[0].is_default = true;
    presentation.audio[1].label = "Français";
    presentation.audio[2].label = "English";
    presentation.audio[2].channels = 6;

    presentation.text.resize(3);
    presentation.text[0].track = text_track("en", "en");
    presentation.text[0].label = "English";
    presentation.text[0].is_default = true;
    presentation.text[1].track = text_track("en-sdh", "en");
    presentation.text[1].label = "English";
    presentation.text[1].hearing_impaired = true;
    presentation.text[2].track = text_track("fr-forced", "fr");
    presentation.text[2].is_forced = true;
    for (auto& text : presentation.text) {
        text.whole_file = "text/" + text.track.id + "/subtitles.vtt";
        text.whole_file_bytes = 5000;
    }

    Thumbnails thumbnails;
    thumbnails.media = "thumbnails/sheet_$Number$.jpg";
    thumbnails.columns = 2;
    thumbnails.rows = 2;
    thumbnails.sheets = {{41000, 4}, {39000, 4}};
    thumbnails.webvtt = "thumbnails/thumbnails.vtt";
    presentation.thumbnails = thumbnails;
    presentation.poster = Poster{"poster.jpg", 1280, 720, 90000};
    return presentation;
}

Presentation classic_presentation() {
    Presentation presentation;
    presentation.video = {video("1080p", 1920, 1080, 5'000'000), video("720p", 1280, 720, 2'500'000),
                          video("360p", 640, 360, 800'000)};
    presentation.audio = {audio("en-192k", 192'000, "en", "aac-192k"), audio("en-128k", 128'000, "en", "aac-128k"),
                          audio("en-96k", 96'000, "en", "aac-96k")};
    for (std::size_t i = 0; i < 3; ++i) presentation.video[i].audio_groups = {presentation.audio[i].group};
    return presentation;
}

Presentation single_file_presentation() {
    Presentation presentation = full_presentation();
    presentation.text.clear();
    presentation.thumbnails.reset();
    for (auto& rendition : presentation.video) lay_out_in_one_file(rendition.track, "video/" + rendition.track.id + ".mp4");
    for (auto& rendition : presentation.audio) lay_out_in_one_file(rendition.track, "audio/" + rendition.track.id + ".mp4");
    return presentation;
}

Presentation hdr_presentation() {
    Presentation presentation;
    presentation.video = {video("2160p_hevc", 3840, 2160, 12'000'000), video("1080p", 1920, 1080, 5'000'000)};
    presentation.video[0].track.codec = Codec::hevc;
    presentation.video[0].track.codecs = "hvc1.2.4.L153.B0";
    presentation.video[0].range = VideoRange::pq;
    presentation.video[0].colour = {9, 16, 9, false};
    return presentation;
}

Presentation audio_only_presentation() {
    Presentation presentation;
    presentation.audio = {audio("und-128k", 128'000, "und", "aac-128k"), audio("und-64k", 64'000, "und", "aac-64k")};
    return presentation;
}

TEST(SamplePresentations, are_valid) {
    for (const auto& presentation : {full_presentation(), classic_presentation(), single_file_presentation(),
                                     hdr_presentation(), audio_only_presentation()}) {
        const auto result = presentation.validate();
        EXPECT_TRUE(result) << (result ? "" : result.error().describe());
    }
}

}  // namespace streamforge::manifest::testing
