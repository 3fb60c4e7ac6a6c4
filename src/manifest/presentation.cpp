#include <streamforge/manifest/presentation.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>

#include <streamforge/manifest/bandwidth.hpp>

#include "core/try.hpp"
#include "manifest/uri.hpp"
#include "manifest/uri_template.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t microseconds = 1'000'000;

Error invalid(std::string_view id, std::string message) {
    return make_error(Errc::invalid_argument, "manifest.presentation", std::move(message)).with("rendition", std::string(id));
}

bool is_fit_id(std::string_view id) noexcept {
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

bool is_plain_text(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ','; });
}

Result<void> check_path(std::string_view id, std::string_view field, std::string_view path, bool required) {
    if (path.empty() && !required) return {};
    if (is_safe_path(path)) return {};
    return invalid(id, std::string(field) + " must be a relative path inside the folder").with("path", std::string(path));
}

Result<void> check_segment(const TrackFacts& track, std::size_t index) {
    const SegmentFacts& segment = track.segments[index];
    const std::string name = "segments[" + std::to_string(index) + "]";
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (segment.start.timescale <= 0 || segment.duration.timescale <= 0) return invalid(track.id, name + " has no timescale");
    if (segment.duration.ticks <= 0) return invalid(track.id, name + ".duration must be above 0");
    if (segment.start.ticks < 0) return invalid(track.id, name + ".start must not be negative");
    if (index > 0 && segment.start < track.segments[index - 1].end()) {
        return invalid(track.id, name + " starts before the one in front of it ends");
    }
    if (segment.range.has_value() != track.single_file()) {
        return invalid(track.id, name + ".range must be there for all segments or none");
    }
    if (segment.range && (segment.range->length != segment.bytes || segment.range->offset > most - segment.range->length)) {
        return invalid(track.id, name + ".range must hold the segment's bytes");
    }
    if (segment.bytes > most) return invalid(track.id, name + ".bytes is out of range");
    if (segment.key_frame) {
        const std::uint64_t begin = segment.range ? segment.range->offset : 0;
        const ByteRange& key = *segment.key_frame;
        if (key.length == 0 || key.offset < begin || key.offset - begin > segment.bytes ||
            key.length > segment.bytes - (key.offset - begin)) {
            return invalid(track.id, name + ".key_frame must lie in the segment");
        }
    }
    return {};
}

Result<void> check_files(const TrackFacts& track) {
    const TrackFiles& files = track.files;
    SF_TRY(check_path(track.id, "files.playlist", files.playlist, true));
    SF_TRY(check_path(track.id, "files.i_frame_playlist", files.i_frame_playlist, false));
    SF_TRY(check_path(track.id, "files.init", files.init, false));
    if (!files.segment_paths.empty() && files.segment_paths.size() != track.segments.size()) {
        return invalid(track.id, "files.segment_paths must name each segment");
    }
    if (files.segment_paths.empty() && !track.single_file() && track.segments.size() > 1 && !names_each_segment(files.media)) {
        return invalid(track.id, "files.media must hold $Number$ or $Time$").with("template", files.media);
    }
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        const auto path = segment_path(track, i);
        if (!path) return path.error();
        SF_TRY(check_path(track.id, "files.media", *path, true));
        if (files.segment_paths.empty() && i > 0) break;  // further ones differ by their digits only
    }
    return {};
}

Result<void> check_track(const TrackFacts& track, std::set<std::string>& ids) {
    if (!is_fit_id(track.id)) return invalid(track.id, "id must be letters, digits, '-', '_' or '.'");
    if (!ids.insert(track.id).second) return invalid(track.id, "id must be unique");
    if (track.timescale <= 0 || track.timescale > std::numeric_limits<std::uint32_t>::max()) {
        return invalid(track.id, "timescale must be 1 to 4294967295");
    }
    if (!is_plain_text(track.codecs)) return invalid(track.id, "codecs must be one RFC 6381 name");
    if (track.segments.empty()) return invalid(track.id, "segments must not be empty");
    for (std::size_t i = 0; i < track.segments.size(); ++i) SF_TRY(check_segment(track, i));
    return check_files(track);
}

Result<void> check_thumbnails(const Thumbnails& thumbnails, std::set<std::string>& ids) {
    const std::string& id = thumbnails.id;
    if (!is_fit_id(id)) return invalid(id, "id must be letters, digits, '-', '_' or '.'");
    if (!ids.insert(id).second) return invalid(id, "id must be unique");
    constexpr std::uint32_t most = 65535;
    for (const auto value : {thumbnails.columns, thumbnails.rows, thumbnails.tile_width_px, thumbnails.tile_height_px}) {
        if (value == 0 || value > most) return invalid(id, "columns, rows and tile size must be 1 to 65535");
    }
    if (thumbnails.interval.ticks <= 0 || thumbnails.interval.timescale <= 0) return invalid(id, "interval must be above 0");
    if (thumbnails.sheets.empty()) return invalid(id, "sheets must not be empty");
    for (const auto& sheet : thumbnails.sheets) {
        if (sheet.tiles == 0 || sheet.tiles > std::uint64_t{thumbnails.columns} * thumbnails.rows) {
            return invalid(id, "sheets.tiles must be 1 to columns × rows");
        }
    }
    if (thumbnails.sheets.size() > 1 && !names_each_segment(thumbnails.media)) {
        return invalid(id, "media must hold $Number$").with("template", thumbnails.media);
    }
    SF_ASSIGN(const std::string path, sheet_path(thumbnails, 0));
    SF_TRY(check_path(id, "media", path, true));
    return check_path(id, "webvtt", thumbnails.webvtt, false);
}

Result<void> check_video(const VideoRendition& rendition, const std::vector<std::string>& groups) {
    const std::string& id = rendition.track.id;
    if (rendition.track.codecs.empty()) return invalid(id, "codecs must not be empty");
    if (rendition.width_px == 0 || rendition.height_px == 0) return invalid(id, "width_px and height_px must be above 0");
    if (!rendition.sample_aspect.is_positive()) return invalid(id, "sample_aspect must be positive");
    if (rendition.frame_rate.num < 0 || rendition.frame_rate.den <= 0) return invalid(id, "frame_rate must not be negative");
    for (const auto& group : rendition.audio_groups) {
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
            return invalid(id, "audio_groups names a group without renditions").with("group", group);
        }
    }
    return {};
}

Result<void> check_audio(const AudioRendition& rendition) {
    const std::string& id = rendition.track.id;
    if (rendition.track.codecs.empty()) return invalid(id, "codecs must not be empty");
    if (rendition.channels == 0 || rendition.channels > 64) return invalid(id, "channels must be 1 to 64");
    if (rendition.sample_rate_hz == 0) return invalid(id, "sample_rate_hz must be above 0");
    if (!is_fit_id(rendition.group)) return invalid(id, "group must be letters, digits, '-', '_' or '.'");
    return {};
}

template <class Renditions>
MediaTime latest_end(const Renditions& renditions, MediaTime latest) {
    for (const auto& rendition : renditions) latest = std::max(latest, rendition.track.end());
    return latest;
}

std::int64_t longest(const std::vector<std::int64_t>& durations, std::int64_t most) {
    for (const std::int64_t duration : durations) most = std::max(most, duration);
    return most;
}

}  // namespace

MediaTime TrackFacts::end() const noexcept { return segments.empty() ? MediaTime{} : segments.back().end(); }

std::uint64_t TrackFacts::total_bytes() const noexcept {
    std::uint64_t total = init_bytes;
    for (const auto& segment : segments) total += segment.bytes;
    return total;
}

Result<void> Presentation::validate() const {
    std::set<std::string> ids;
    const auto groups = audio_groups();
    for (const auto& rendition : video) {
        SF_TRY(check_track(rendition.track, ids));
        SF_TRY(check_video(rendition, groups));
    }
    for (const auto& rendition : audio) {
        SF_TRY(check_track(rendition.track, ids));
        SF_TRY(check_audio(rendition));
    }
    for (const auto& rendition : text) {
        SF_TRY(check_track(rendition.track, ids));
        SF_TRY(check_path(rendition.track.id, "whole_file", rendition.whole_file, false));
    }
    if (thumbnails) SF_TRY(check_thumbnails(*thumbnails, ids));
    if (poster) SF_TRY(check_path("poster", "path", poster->path, true));
    return {};
}

MediaTime Presentation::duration() const noexcept {
    const MediaTime played = latest_end(audio, latest_end(video, MediaTime{}));
    return played.ticks > 0 ? played : latest_end(text, played);
}

std::int64_t Presentation::target_duration_s() const noexcept {
    std::int64_t most = 0;
    for (const auto& rendition : video) {
        most = longest(extinf_microseconds(rendition.track.segments), most);
        most = longest(i_frame_microseconds(rendition.track.segments), most);
    }
    for (const auto& rendition : audio) most = longest(extinf_microseconds(rendition.track.segments), most);
    for (const auto& rendition : text) most = longest(extinf_microseconds(rendition.track.segments), most);
    return std::max<std::int64_t>(1, mul_div(most, 1, microseconds, Rounding::nearest));
}

std::vector<std::string> Presentation::audio_groups() const {
    std::vector<std::string> groups;
    for (const auto& rendition : audio) {
        if (std::find(groups.begin(), groups.end(), rendition.group) == groups.end()) groups.push_back(rendition.group);
    }
    return groups;
}

Result<std::string> segment_path(const TrackFacts& track, std::size_t index) {
    if (index >= track.segments.size()) return invalid(track.id, "no segment of that number");
    if (!track.files.segment_paths.empty()) {
        if (index >= track.files.segment_paths.size()) return invalid(track.id, "files.segment_paths must name each segment");
        return track.files.segment_paths[index];
    }
    const MediaTime start = track.segments[index].start.rescaled(track.timescale, Rounding::nearest);
    auto path = expand_template(
        track.files.media,
        {.representation_id = track.id, .number = track.files.start_number + index, .time = static_cast<std::uint64_t>(start.ticks)});
    if (!path) return invalid(track.id, path.error().message).with("template", track.files.media);
    return path;
}

Result<std::string> sheet_path(const Thumbnails& thumbnails, std::size_t index) {
    if (index >= thumbnails.sheets.size()) return invalid(thumbnails.id, "no sheet of that number");
    auto path = expand_template(thumbnails.media, {.representation_id = thumbnails.id, .number = thumbnails.start_number + index});
    if (!path) return invalid(thumbnails.id, path.error().message).with("template", thumbnails.media);
    return path;
}

}  // namespace streamforge::manifest
