#include <algorithm>
#include <array>
#include <map>

#include <streamforge/manifest/lint.hpp>

#include "manifest/findings.hpp"
#include "manifest/hls_lexer.hpp"
#include "manifest/hls_version.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::array known_media_tags{
    std::string_view("EXTM3U"),
    std::string_view("EXT-X-VERSION"),
    std::string_view("EXT-X-INDEPENDENT-SEGMENTS"),
    std::string_view("EXT-X-START"),
    std::string_view("EXT-X-DEFINE"),
    std::string_view("EXT-X-TARGETDURATION"),
    std::string_view("EXT-X-MEDIA-SEQUENCE"),
    std::string_view("EXT-X-DISCONTINUITY-SEQUENCE"),
    std::string_view("EXT-X-ENDLIST"),
    std::string_view("EXT-X-PLAYLIST-TYPE"),
    std::string_view("EXT-X-I-FRAMES-ONLY"),
    std::string_view("EXT-X-PART-INF"),
    std::string_view("EXT-X-SERVER-CONTROL"),
    std::string_view("EXTINF"),
    std::string_view("EXT-X-BYTERANGE"),
    std::string_view("EXT-X-DISCONTINUITY"),
    std::string_view("EXT-X-KEY"),
    std::string_view("EXT-X-MAP"),
    std::string_view("EXT-X-PROGRAM-DATE-TIME"),
    std::string_view("EXT-X-GAP"),
    std::string_view("EXT-X-BITRATE"),
    std::string_view("EXT-X-PART"),
    std::string_view("EXT-X-DATERANGE"),
    std::string_view("EXT-X-SKIP"),
    std::string_view("EXT-X-PRELOAD-HINT"),
    std::string_view("EXT-X-RENDITION-REPORT"),
    std::string_view("EXT-X-ALLOW-CACHE"),
    std::string_view("EXT-X-CUE-OUT"),
    std::string_view("EXT-X-CUE-IN"),
};

bool is_known(std::string_view name) noexcept {
    return std::find(known_media_tags.begin(), known_media_tags.end(), name) != known_media_tags.end();
}

bool is_fragmented_mp4(std::string_view uri) noexcept {
    const std::string_view path = uri.substr(0, uri.find_first_of("?#"));
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view extension = path.substr(dot + 1);
    constexpr std::array extensions{std::string_view("m4s"), std::string_view("mp4"),  std::string_view("m4v"),
                                    std::string_view("m4a"), std::string_view("cmfv"), std::string_view("cmfa")};
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

class MediaLint {
public:
    MediaLint(const HlsPlaylist& playlist, const HlsMedia& media, const LintOptions& options, Findings& findings)
        : playlist_(playlist), media_(media), options_(options), findings_(findings) {}

    void run() {
        check_tags();
        check_version();
        check_playlist();
        check_durations();
        check_maps();
        check_ranges();
        check_keys();
    }

private:
    void check_tags() {
        std::map<std::string_view, std::size_t> once{
            {"EXT-X-TARGETDURATION", 0}, {"EXT-X-MEDIA-SEQUENCE", 0}, {"EXT-X-DISCONTINUITY-SEQUENCE", 0},
            {"EXT-X-PLAYLIST-TYPE", 0},  {"EXT-X-ENDLIST", 0},        {"EXT-X-I-FRAMES-ONLY", 0}};
        bool segments_began = false;
        for (const auto& line : playlist_.lines) {
            if (line.kind == HlsLine::Kind::uri) segments_began = true;
            if (!line.tag) continue;
            const HlsTag& tag = *line.tag;
            if (!is_known(tag.name)) findings_.info("hls.unknown-tag", tag.line, tag.name + " is not known");
            const auto counted = once.find(tag.name);
            if (counted == once.end()) continue;
            if (++counted->second == 2) findings_.error("hls.duplicate-tag", tag.line, tag.name + " stands twice");
            const bool is_sequence = tag.name == "EXT-X-MEDIA-SEQUENCE" || tag.name == "EXT-X-DISCONTINUITY-SEQUENCE";
            if (is_sequence && segments_began) {
                findings_.error("hls.tag-order", tag.line, tag.name + " must stand before the first segment");
            }
        }
    }

    void check_version() {
        const NeededVersion needed = needed_version(playlist_);
        if (needed.version <= playlist_.version) return;
        findings_.error("hls.version", needed.line,
                        needed.because + " needs EXT-X-VERSION " + std::to_string(needed.version) + ", the playlist states " +
                            std::to_string(playlist_.version));
    }

    void check_playlist() {
        if (media_.target_duration_s == 0) findings_.error("hls.target-duration", 0, "EXT-X-TARGETDURATION is missing or 0");
        if (!media_.playlist_type.empty() && media_.playlist_type != "VOD" && media_.playlist_type != "EVENT") {
            findings_.error("hls.playlist-type", 0, "EXT-X-PLAYLIST-TYPE must be VOD or EVENT");
        }
        if (options_.vod) {
            if (media_.segments.empty()) findings_.error("hls.no-segments", 0, "the playlist has no segments");
            if (!media_.end_list) findings_.error("hls.end-list", 0, "a finished playlist must have EXT-X-ENDLIST");
            if (options_.apple && media_.playlist_type != "VOD") {
                findings_.warning("apple.8.6", 0, "a finished playlist must state EXT-X-PLAYLIST-TYPE:VOD");
            }
            return;
        }
        constexpr std::size_t least_live = 6;
        if (options_.apple && !media_.end_list && media_.segments.size() < least_live) {
            findings_.warning("apple.8.11", 0, "a live playlist must hold at least 6 segments");
        }
    }

    void check_durations() {
        const MediaTime half{1, 2};
        const MediaTime target{media_.target_duration_s, 1};
        for (const auto& segment : media_.segments) {
            if (segment.duration.ticks == 0) {
                findings_.warning("hls.extinf.zero", segment.line, "the segment's EXTINF is 0");
            }
            if (media_.target_duration_s == 0) continue;
            // Rounded to nearest since protocol version 6, a true maximum before.
            const MediaTime counted = playlist_.version >= 6 ? segment.duration.rescaled(1, Rounding::nearest) : segment.duration;
            const bool strict = playlist_.version < 6 && segment.duration.rescaled(1, Rounding::nearest) > target;
            if (counted > target && (playlist_.version >= 6 || strict)) {
                findings_.error("hls.extinf.above-target", segment.line,
                                "EXTINF of " + std::to_string(segment.duration.approximate_seconds()) +
                                    " s is above EXT-X-TARGETDURATION " + std::to_string(media_.target_duration_s));
            } else if (counted > target) {
                findings_.warning("hls.extinf.above-target", segment.line,
                                  "EXTINF is above EXT-X-TARGETDURATION, which clients before version 6 take as a maximum");
            }
            if (options_.apple && segment.duration > target + half) {
                findings_.warning("apple.7.7", segment.line, "a segment must not be longer than the target duration + 0.5 s");
            }
        }
    }

    void check_maps() {
        for (const auto& segment : media_.segments) {
            if (segment.map || !is_fragmented_mp4(segment.uri)) continue;
            findings_.error("apple.8.20", segment.line, "a fragmented MP4 segment needs EXT-X-MAP");
            return;
        }
    }

    void check_ranges() {
        const HlsSegment* before = nullptr;
        for (const auto& segment : media_.segments) {
            const bool same = before != nullptr && before->uri == segment.uri && before->range && segment.range;
            if (segment.range && segment.range->length == 0) {
                findings_.error("hls.byte-range", segment.line, "a byte range must not be empty");
            }
            if (same && !media_.i_frames_only && segment.range->offset < before->range->offset + before->range->length) {
                findings_.warning("hls.byte-range.overlap", segment.line, "the byte range overlaps the one before");
            }
            if (media_.i_frames_only && !segment.range && options_.apple) {
                findings_.info("hls.i-frame.byte-range", segment.line, "an I-frame entry without byte range is a whole segment");
            }
            before = &segment;
        }
    }

    void check_keys() {
        for (const auto& line : playlist_.lines) {
            if (!line.tag || line.tag->name != "EXT-X-KEY") continue;
            const HlsTag& tag = *line.tag;
            const std::string* method = tag.attribute("METHOD");
            if (method == nullptr) {
                findings_.error("hls.key.method", tag.line, "EXT-X-KEY has no METHOD");
                continue;
            }
            if (*method != "NONE" && tag.attribute("URI") == nullptr) {
                findings_.error("hls.key.uri", tag.line, "EXT-X-KEY has no URI");
            }
            if (!options_.apple) continue;
            if (*method == "SAMPLE-AES-CTR") {
                findings_.warning("apple.13.11", tag.line, "Apple devices do not play SAMPLE-AES-CTR");
            }
            const std::string* format = tag.attribute("KEYFORMAT");
            const bool fairplay = format != nullptr && *format == "com.apple.streamingkeydelivery";
            if (fairplay && tag.attribute("IV") != nullptr) {
                findings_.warning("apple.13.4", tag.line, "FairPlay keys must not state an IV");
            }
            if (fairplay && *method != "SAMPLE-AES") {
                findings_.warning("apple.13.2", tag.line, "FairPlay needs METHOD=SAMPLE-AES");
            }
        }
    }

    const HlsPlaylist& playlist_;
    const HlsMedia& media_;
    const LintOptions& options_;
    Findings& findings_;
};

}  // namespace

std::vector<Finding> lint_hls_media(std::string_view text, const LintOptions& options) {
    Findings findings;
    const auto playlist = parse_hls(text, options.limits);
    if (!playlist) {
        findings.refused("hls.parse", playlist.error());
        return findings.take();
    }
    findings.problems(*playlist);
    if (const HlsMedia* media = playlist->media()) {
        MediaLint(*playlist, *media, options, findings).run();
    } else {
        findings.error("hls.kind", 0, "a media playlist was expected, this is a multivariant playlist");
    }
    return findings.take();
}

}  // namespace streamforge::manifest
