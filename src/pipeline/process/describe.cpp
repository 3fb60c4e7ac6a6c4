#include "pipeline/process/describe.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "pipeline/layout.hpp"

#include <streamforge/manifest/webvtt.hpp>

namespace streamforge::pipeline {
namespace {

constexpr std::uint32_t stereo_channels = 2;

/// The stereo audio meant for this picture first, then every surround group.
std::vector<std::string> groups_for(const media::VideoRendition& rendition, const media::EncodePlan& plan) {
    std::vector<std::string> groups;
    for (const auto& audio : plan.audio) {
        const bool fits = rendition.audio_bps == 0 || audio.channels > stereo_channels || audio.bitrate_bps == rendition.audio_bps;
        const std::string group = audio_group(audio);
        if (fits && std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
    }
    return groups;
}

manifest::VideoRendition describe_video(const media::VideoRendition& rendition, const TrackOutput& made, const Plan& plan) {
    manifest::VideoRendition video;
    video.track = made.facts();
    video.track.id = "v-" + rendition.id;
    video.width_px = rendition.width_px;
    video.height_px = rendition.height_px;
    video.frame_rate = plan.encode.video_source->frame_rate;
    video.range = rendition.range;
    video.colour = made.format().video.colour;
    video.audio_groups = groups_for(rendition, plan.encode);
    return video;
}

manifest::AudioRendition describe_audio(const media::AudioRendition& rendition, const TrackOutput& made) {
    manifest::AudioRendition audio;
    audio.track = made.facts();
    audio.track.id = "a-" + rendition.id;
    audio.track.language = rendition.language;
    audio.label = rendition.label;
    audio.channels = rendition.channels;
    audio.sample_rate_hz = rendition.sample_rate_hz;
    audio.is_default = rendition.is_default;
    audio.group = audio_group(rendition);
    return audio;
}

/// 0, one period, two periods, … and the end of the presentation.
std::vector<MediaTime> text_boundaries(const CutList& cuts, const MediaTime& duration) {
    std::vector<MediaTime> boundaries;
    for (std::int64_t index = 0; cuts.start_of(index) < duration; ++index) boundaries.push_back(cuts.start_of(index));
    boundaries.push_back(duration);
    return boundaries;
}

Result<manifest::TextRendition> describe_text(const media::TextRendition& rendition, const std::vector<manifest::WebVttCue>& cues,
                                              const std::vector<MediaTime>& boundaries, Publication& publication) {
    constexpr std::int64_t webvtt_timescale = 1000;
    const std::string folder = "text/" + rendition.id + "/";
    manifest::TextRendition text;
    text.track.id = "t-" + rendition.id;
    text.track.codec = Codec::webvtt;
    text.track.codecs = "wvtt";
    text.track.timescale = webvtt_timescale;
    text.track.language = rendition.language;
    text.track.files.playlist = folder + "playlist.m3u8";
    text.track.files.media = folder + "seg_$Number%05d$.vtt";
    text.label = rendition.label;
    text.is_default = rendition.is_default;
    text.is_forced = rendition.is_forced;
    text.hearing_impaired = rendition.hearing_impaired;
    text.whole_file = folder + "subtitles.vtt";

    const std::string whole = manifest::write_webvtt(cues);
    text.whole_file_bytes = whole.size();
    SF_TRY(publication.put(text.whole_file, whole));
    SF_ASSIGN(const auto segments, manifest::segment_webvtt(cues, boundaries));
    for (std::size_t i = 0; i < segments.size(); ++i) {
        text.track.segments.push_back({.start = boundaries[i], .duration = boundaries[i + 1] - boundaries[i], .bytes = segments[i].size()});
        SF_ASSIGN(const std::string path, manifest::segment_path(text.track, i));
        SF_TRY(publication.put(path, segments[i]));
    }
    return text;
}

manifest::Thumbnails describe_thumbnails(const media::PicturePlan& pictures, const std::vector<manifest::ThumbnailSheet>& sheets) {
    manifest::Thumbnails thumbnails;
    thumbnails.media = "thumbnails/sheet_$Number%03d$.jpg";
    thumbnails.columns = pictures.columns;
    thumbnails.rows = pictures.rows;
    thumbnails.tile_width_px = pictures.tile_width_px;
    thumbnails.tile_height_px = pictures.tile_height_px;
    thumbnails.interval = pictures.storyboard_interval;
    thumbnails.sheets = sheets;
    thumbnails.webvtt = layout::storyboard_vtt;
    return thumbnails;
}

}  // namespace

std::string audio_group(const media::AudioRendition& rendition) {
    constexpr std::uint64_t bits_per_kilobit = 1000;
    const std::string channels = rendition.channels > stereo_channels ? "surround" : "stereo";
    return channels + "-" + std::to_string(rendition.bitrate_bps / bits_per_kilobit) + "k";
}

Result<manifest::Presentation> describe(const Plan& plan, const PresentationSink& made, Publication& publication) {
    manifest::Presentation presentation;
    for (std::size_t i = 0; i < plan.encode.video.size(); ++i) {
        presentation.video.push_back(describe_video(plan.encode.video[i], made.video(i), plan));
    }
    for (std::size_t i = 0; i < plan.encode.audio.size(); ++i) {
        presentation.audio.push_back(describe_audio(plan.encode.audio[i], made.audio(i)));
    }
    const MediaTime duration = presentation.duration();
    const auto boundaries = text_boundaries(plan.encode.cuts, duration);
    for (std::size_t i = 0; i < plan.encode.text.size(); ++i) {
        SF_ASSIGN(auto text, describe_text(plan.encode.text[i], made.cues(i), boundaries, publication));
        presentation.text.push_back(std::move(text));
    }
    presentation.poster = made.poster();
    if (!made.sheets().empty()) {
        presentation.thumbnails = describe_thumbnails(plan.encode.pictures, made.sheets());
        SF_ASSIGN(const std::string index, manifest::write_thumbnails_webvtt(*presentation.thumbnails, duration));
        SF_TRY(publication.put(std::string(layout::storyboard_vtt), index));
    }
    return presentation;
}

}  // namespace streamforge::pipeline
