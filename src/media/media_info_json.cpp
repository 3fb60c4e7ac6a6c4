#include <nlohmann/json.hpp>

#include <streamforge/media/media_info.hpp>

namespace streamforge::media {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(ScanType scan) noexcept {
    switch (scan) {
        case ScanType::progressive: return "progressive";
        case ScanType::interlaced_tff: return "interlaced_tff";
        case ScanType::interlaced_bff: return "interlaced_bff";
        case ScanType::telecine: return "telecine";
    }
    return "progressive";
}

std::string_view name_of(StreamInfo::Kind kind) noexcept {
    switch (kind) {
        case StreamInfo::Kind::video: return "video";
        case StreamInfo::Kind::audio: return "audio";
        case StreamInfo::Kind::subtitle: return "subtitle";
        case StreamInfo::Kind::data: return "data";
    }
    return "data";
}

Json time_json(const MediaTime& time) {
    return {{"ticks", time.ticks}, {"timescale", time.timescale}, {"seconds", time.approximate_seconds()}};
}

Json optional_time_json(const std::optional<MediaTime>& time) { return time ? time_json(*time) : Json(nullptr); }

Json colour_json(const ColourInfo& colour) {
    return {{"primaries", colour.primaries}, {"transfer", colour.transfer}, {"matrix", colour.matrix}, {"full_range", colour.full_range}};
}

Json mastering_json(const MasteringDisplay& display) {
    return {{"red", {display.red_x, display.red_y}},    {"green", {display.green_x, display.green_y}},
            {"blue", {display.blue_x, display.blue_y}}, {"white", {display.white_x, display.white_y}},
            {"max_luminance", display.max_luminance},   {"min_luminance", display.min_luminance}};
}

Json video_json(const VideoInfo& video) {
    Json json{{"width_px", video.width_px},
              {"height_px", video.height_px},
              {"sample_aspect", video.sample_aspect.to_string()},
              {"mirrored", video.orientation.mirrored},
              {"clockwise_degrees", video.orientation.clockwise_degrees},
              {"frame_rate", video.frame_rate.to_string()},
              {"variable_frame_rate", video.variable_frame_rate},
              {"scan", name_of(video.scan)},
              {"scan_from_content", video.scan_from_content},
              {"pixel_format", video.pixel_format},
              {"bit_depth", video.bit_depth},
              {"colour", colour_json(video.colour)},
              {"range", to_string(video.range)},
              {"mastering_display", nullptr},
              {"content_light", nullptr},
              {"dolby_vision", video.dolby_vision},
              {"attached_picture", video.attached_picture}};
    if (video.mastering_display) json["mastering_display"] = mastering_json(*video.mastering_display);
    if (video.content_light) {
        json["content_light"] = {{"max_cll", video.content_light->max_cll}, {"max_fall", video.content_light->max_fall}};
    }
    return json;
}

Json stream_json(const StreamInfo& stream) {
    Json json{{"index", stream.index},
              {"kind", name_of(stream.kind)},
              {"codec", stream.codec},
              {"profile", stream.profile},
              {"decodable", stream.decodable},
              {"language", stream.language},
              {"title", stream.title},
              {"default", stream.is_default},
              {"forced", stream.is_forced},
              {"hearing_impaired", stream.hearing_impaired},
              {"visual_impaired", stream.visual_impaired},
              {"commentary", stream.commentary},
              {"start", time_json(stream.start)},
              {"duration", optional_time_json(stream.duration)},
              {"bitrate_bps", stream.bitrate_bps}};
    if (stream.kind == StreamInfo::Kind::subtitle) json["text_subtitle"] = stream.text_subtitle;
    if (stream.video) json["video"] = video_json(*stream.video);
    if (stream.audio) {
        json["audio"] = {{"sample_rate_hz", stream.audio->sample_rate_hz},
                         {"channels", stream.audio->channels},
                         {"channel_layout", stream.audio->channel_layout}};
    }
    return json;
}

}  // namespace

std::string to_json(const MediaInfo& info, int indent) {
    Json json{{"schema", "streamforge.media-info.v1"},
              {"name", info.name},
              {"format", info.format},
              {"size_bytes", info.size_bytes},
              {"duration", optional_time_json(info.duration)},
              {"bitrate_bps", info.bitrate_bps},
              {"has_edit_list", info.has_edit_list},
              {"seekable_index", info.seekable_index},
              {"streams", Json::array()},
              {"warnings", info.warnings}};
    for (const auto& stream : info.streams) json["streams"].push_back(stream_json(stream));
    // Names and titles come from files: bytes that are no UTF-8 become U+FFFD.
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace streamforge::media
