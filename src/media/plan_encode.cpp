#include "media/plan_encode.hpp"

#include <algorithm>
#include <optional>
#include <thread>

#include "core/try.hpp"
#include "media/display_shape.hpp"
#include "media/frame_grid.hpp"
#include "media/ladder_rungs.hpp"
#include "media/ladder_tracks.hpp"

namespace streamforge::media {
namespace {

constexpr const char* operation = "media.plan_encode";
constexpr std::uint64_t lone_audio_bps = 128000;

Error cannot_decode(const StreamInfo& stream) {
    return make_error(Errc::unsupported_codec, operation,
                      "stream " + std::to_string(stream.index) + " (" + stream.codec + ") cannot be decoded")
        .with("stream", std::to_string(stream.index))
        .with("codec", stream.codec);
}

std::string degrees_text(const Orientation& orientation) {
    std::string text = orientation.mirrored ? "mirrored" : "";
    if (orientation.clockwise_degrees == 0) return text;
    if (!text.empty()) text += " and ";
    return text + "turned clockwise by " + std::to_string(orientation.clockwise_degrees) + " degrees";
}

/// The rate of the pictures that come out of deinterlacing or inverse telecine.
Rational output_rate(const VideoInfo& video, bool field_rate) noexcept {
    Rational rate = video.frame_rate.reduced();
    if (!rate.is_positive()) return {0, 1};
    if (video.scan == ScanType::telecine) return Rational{rate.num * 4, rate.den * 5}.reduced();
    const bool interlaced = video.scan == ScanType::interlaced_tff || video.scan == ScanType::interlaced_bff;
    if (interlaced && field_rate) return Rational{rate.num * 2, rate.den}.reduced();
    return rate;
}

void note_scan(const VideoInfo& video, bool field_rate, std::vector<std::string>& notes) {
    const std::string how = video.scan_from_content ? " (found by looking at the pictures)" : "";
    switch (video.scan) {
        case ScanType::progressive: break;
        case ScanType::interlaced_tff:
        case ScanType::interlaced_bff:
            notes.push_back("The source is interlaced" + how + " and is deinterlaced to one picture per " +
                            (field_rate ? "field." : "frame."));
            break;
        case ScanType::telecine:
            notes.push_back("The source is film with 3:2 pulldown" + how + "; the film's pictures are restored.");
            break;
    }
}

void note_shape(const VideoInfo& video, std::vector<std::string>& notes) {
    if (video.orientation.mirrored || video.orientation.clockwise_degrees != 0) {
        notes.push_back("The picture is " + degrees_text(video.orientation) + " to stand upright.");
    }
    if (!is_plausible_aspect(video.sample_aspect)) {
        notes.push_back("The stated pixel aspect " + video.sample_aspect.to_string() + " is not believed; pixels are taken for square.");
    } else if (video.sample_aspect != Rational{1, 1}) {
        notes.push_back("Pixels of aspect " + video.sample_aspect.to_string() + " are made square.");
    }
}

void note_range(const VideoInfo& video, const std::vector<VideoRendition>& renditions, std::vector<std::string>& notes) {
    if (video.range == VideoRange::sdr) return;
    const auto is_sdr = [](const VideoRendition& each) { return each.range == VideoRange::sdr; };
    const std::string name = video.range == VideoRange::pq ? "PQ" : "HLG";
    if (std::ranges::any_of(renditions, is_sdr)) notes.push_back("The source is HDR (" + name + "); H.264 is tone-mapped to SDR.");
    if (!std::ranges::all_of(renditions, is_sdr)) notes.push_back("HDR (" + name + ") is kept in HEVC and AV1, at 10 bits.");
    if (video.dolby_vision) notes.emplace_back("Dolby Vision's own metadata is not carried over; its base picture is used.");
}

void note_rate(const VideoInfo& video, const FrameGrid& grid, std::vector<std::string>& notes) {
    if (grid.frame_rate.is_positive()) return;
    notes.emplace_back(video.variable_frame_rate || video.frame_rate.is_positive()
                           ? "The frame rate varies; timestamps are kept, and segments begin at the first picture at or after each cut."
                           : "The frame rate is unknown; timestamps are kept.");
}

PicturePlan fit_pictures(PicturePlan pictures, const PictureSize& shape) {
    const PictureSize tile = fit_box(shape, {pictures.tile_width_px, pictures.tile_height_px});
    pictures.tile_width_px = tile.width_px;
    pictures.tile_height_px = tile.height_px;
    return pictures;
}

void plan_video(const StreamInfo& stream, const LadderPolicy& policy, int cores, EncodePlan& plan) {
    const VideoInfo& video = *stream.video;
    const Rational rate = output_rate(video, policy.field_rate);
    const FrameGrid grid = plan_frame_grid(video.variable_frame_rate ? Rational{0, 1} : rate, stream.start.timescale, policy.segment);
    EncodePlan::VideoSource source;
    source.stream = stream.index;
    source.scan = video.scan;
    source.orientation = video.orientation;
    source.range = video.range;
    source.frame_rate = grid.frame_rate;
    source.timescale = grid.timescale;
    note_shape(video, plan.notes);
    source.colour = resolve_colour(video, plan.notes);
    note_scan(video, policy.field_rate, plan.notes);
    note_rate(video, grid, plan.notes);
    plan.cuts = grid.cuts;
    plan.video_source = source;

    const PictureSize size = display_size(video);
    plan.video = plan_video_renditions({size, rate, video.range, video.bit_depth}, policy, cores, plan.notes);
    note_range(video, plan.video, plan.notes);
    plan.pictures = fit_pictures(policy.pictures, size);
}

/// What can be played of the sound; what cannot is noted when there is something else to play.
Result<std::vector<const StreamInfo*>> choose_audio(const MediaInfo& info, bool needed, std::vector<std::string>& notes) {
    std::vector<const StreamInfo*> chosen;
    const StreamInfo* refused = nullptr;
    for (const auto& stream : info.streams) {
        if (!stream.audio) continue;
        if (stream.decodable) {
            chosen.push_back(&stream);
            continue;
        }
        refused = &stream;
        notes.push_back("Sound in stream " + std::to_string(stream.index) + " (" + stream.codec + ") cannot be decoded and is left out.");
    }
    if (chosen.empty() && needed && refused != nullptr) return cannot_decode(*refused);
    return chosen;
}

void plan_audio(const std::vector<const StreamInfo*>& streams, const LadderPolicy& policy, EncodePlan& plan) {
    std::vector<std::uint64_t> asked;
    const std::uint64_t ceiling = stereo_ceiling_bps(streams);
    for (auto& rendition : plan.video) {
        asked.push_back(rendition.audio_bps);
        rendition.audio_bps = std::min(rendition.audio_bps, ceiling);  // 0 without sound
    }
    if (streams.empty()) return;
    if (asked.empty()) asked.push_back(lone_audio_bps);
    plan.audio = plan_audio_renditions(streams, stereo_bitrates(streams, asked), policy.surround);
}

/// Sound that begins this little before the picture is an encoder's priming that the container could not mark (MPEG-TS,
/// Matroska), or as short as that.
bool leads_by_less_than_a_frame(const MediaTime& sound, const StreamInfo& video) noexcept {
    const auto& facts = *video.video;
    if (!facts.frame_rate.is_positive() || facts.variable_frame_rate || !(sound < video.start)) return false;
    const MediaTime lead = video.start - sound;
    return lead < MediaTime{facts.frame_rate.den, facts.frame_rate.num} && lead <= MediaTime{1, 20};
}

/// The earliest start of what is played. Pictures of a constant rate sit on a grid that begins here: to keep them exactly
/// with the sound, the grid begins with the picture and the sound's lead, where it is shorter than a frame, is cut.
MediaTime find_origin(const StreamInfo* video, const std::vector<const StreamInfo*>& audio) noexcept {
    std::optional<MediaTime> earliest;
    const auto consider = [&](const MediaTime& start) {
        if (!earliest || start < *earliest) earliest = start;
    };
    if (video != nullptr) consider(video->start);
    for (const auto* each : audio) consider(each->start);
    if (video != nullptr && leads_by_less_than_a_frame(*earliest, *video)) return video->start;
    return earliest.value_or(MediaTime{0, 1});
}

void note_other_videos(const MediaInfo& info, const StreamInfo* main, std::vector<std::string>& notes) {
    for (const auto& stream : info.streams) {
        if (!stream.video || &stream == main) continue;
        const char* what = stream.video->attached_picture ? " is cover art and is left out." : " is a second picture and is left out.";
        notes.push_back("Stream " + std::to_string(stream.index) + what);
    }
}

}  // namespace

Result<EncodePlan> plan_encode_on(const MediaInfo& info, const LadderPolicy& policy, int cores) {
    SF_TRY(policy.validate());
    EncodePlan plan;
    plan.measure_quality = policy.measure_quality;
    plan.cuts.period = policy.segment;
    const StreamInfo* video = info.main_video();
    if (video != nullptr && !video->decodable) return cannot_decode(*video);
    SF_ASSIGN(const auto audio, choose_audio(info, video == nullptr, plan.notes));
    if (video == nullptr && audio.empty()) {
        return make_error(Errc::no_streams, operation, "there is neither a moving picture nor sound to play");
    }
    if (video != nullptr) {
        plan_video(*video, policy, cores, plan);
    } else {
        plan.pictures = policy.pictures;
        plan.pictures.poster = false;
        plan.pictures.storyboard = false;
    }
    note_other_videos(info, video, plan.notes);
    plan_audio(audio, policy, plan);
    if (policy.text) plan.text = plan_text_renditions(info, plan.notes);
    plan.origin = find_origin(video, audio);
    return plan;
}

Result<EncodePlan> plan_encode(const MediaInfo& info, const LadderPolicy& policy) {
    return plan_encode_on(info, policy, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

}  // namespace streamforge::media
