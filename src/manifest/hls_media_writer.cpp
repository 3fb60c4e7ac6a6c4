#include "manifest/hls_media_writer.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/manifest/bandwidth.hpp>

#include "core/try.hpp"
#include "manifest/uri.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t microseconds = 1'000'000;
constexpr std::size_t bytes_per_entry = 64;  // a usual EXTINF and URI line, to reserve by

// Lowest protocol versions by feature: RFC 8216 §7.
constexpr int version_float_durations = 3;
constexpr int version_byte_ranges = 4;
constexpr int version_i_frames_only = 4;
constexpr int version_map_of_i_frames = 5;
constexpr int version_map = 6;
constexpr int version_rounded_target = 6;

// Before version 6 EXT-X-TARGETDURATION was a true maximum; since then durations are rounded before they are compared.
int version_of_durations(const std::vector<std::int64_t>& durations, std::int64_t target_duration_s) {
    const bool above = std::any_of(durations.begin(), durations.end(),
                                   [&](std::int64_t duration_us) { return duration_us > target_duration_s * microseconds; });
    return above ? version_rounded_target : version_float_durations;
}

void append_seconds(std::string& text, std::int64_t duration_us) {
    const std::string fraction = std::to_string(duration_us % microseconds);
    text += std::to_string(duration_us / microseconds);
    text += '.';
    text.append(6 - fraction.size(), '0');
    text += fraction;
}

void append_extinf(std::string& text, std::int64_t duration_us) {
    text += "#EXTINF:";
    append_seconds(text, duration_us);
    text += ",\n";
}

void append_range(std::string& text, const ByteRange& range) {
    text += std::to_string(range.length);
    text += '@';
    text += std::to_string(range.offset);
}

// URI of a file of this rendition as its playlist writes it.
std::string reference(const std::string& playlist, const std::string& path) {
    const std::size_t folder = playlist.rfind('/') + 1;  // 0 without a folder
    if (path.compare(0, folder, playlist, 0, folder) == 0) return percent_encode_path(std::string_view(path).substr(folder));
    return percent_encode_path(relative_path(playlist, path));
}

void append_map(std::string& text, const TrackFiles& files, const std::string& playlist) {
    if (files.init.empty()) return;
    text += "#EXT-X-MAP:URI=\"" + reference(playlist, files.init) + '"';
    if (files.init_range) {
        text += ",BYTERANGE=\"";
        append_range(text, *files.init_range);
        text += '"';
    }
    text += '\n';
}

std::string header(int version, std::int64_t target_duration_s, std::size_t entries) {
    std::string text;
    text.reserve(256 + entries * bytes_per_entry);
    text += "#EXTM3U\n#EXT-X-VERSION:" + std::to_string(version) + '\n';
    text += "#EXT-X-TARGETDURATION:" + std::to_string(target_duration_s) + '\n';
    text += "#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n";
    return text;
}

}  // namespace

Result<VersionedFile> write_media_playlist(const TrackFacts& track, std::int64_t target_duration_s) {
    const auto durations = extinf_microseconds(track.segments);
    VersionedFile written;
    written.version = version_of_durations(durations, target_duration_s);
    if (track.single_file()) written.version = std::max(written.version, version_byte_ranges);
    if (!track.files.init.empty()) written.version = std::max(written.version, version_map);
    written.file.path = track.files.playlist;

    std::string& text = written.file.text;
    text = header(written.version, target_duration_s, track.segments.size());
    const bool independent =
        std::all_of(track.segments.begin(), track.segments.end(), [](const SegmentFacts& segment) { return segment.independent; });
    if (independent) text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
    append_map(text, track.files, track.files.playlist);

    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        SF_ASSIGN(const std::string path, segment_path(track, i));
        append_extinf(text, durations[i]);
        if (track.segments[i].range) {
            text += "#EXT-X-BYTERANGE:";
            append_range(text, *track.segments[i].range);
            text += '\n';
        }
        text += reference(track.files.playlist, path);
        text += '\n';
    }
    text += "#EXT-X-ENDLIST\n";
    return written;
}

Result<VersionedFile> write_i_frame_playlist(const TrackFacts& track, std::int64_t target_duration_s) {
    const std::string& playlist = track.files.i_frame_playlist;
    const auto durations = i_frame_microseconds(track.segments);
    VersionedFile written;
    written.version = std::max(version_of_durations(durations, target_duration_s),
                               track.files.init.empty() ? version_i_frames_only : version_map_of_i_frames);
    written.file.path = playlist;

    std::string& text = written.file.text;
    text = header(written.version, target_duration_s, track.segments.size());
    text += "#EXT-X-I-FRAMES-ONLY\n";
    append_map(text, track.files, playlist);

    std::size_t frame = 0;
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        if (!track.segments[i].key_frame) continue;
        SF_ASSIGN(const std::string path, segment_path(track, i));
        append_extinf(text, durations[frame++]);
        text += "#EXT-X-BYTERANGE:";
        append_range(text, *track.segments[i].key_frame);
        text += '\n';
        text += reference(playlist, path);
        text += '\n';
    }
    text += "#EXT-X-ENDLIST\n";
    return written;
}

}  // namespace streamforge::manifest
