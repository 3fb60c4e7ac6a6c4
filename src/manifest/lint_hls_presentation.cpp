#include <algorithm>
#include <map>
#include <utility>

#include <streamforge/manifest/bandwidth.hpp>
#include <streamforge/manifest/hls_parser.hpp>

#include "core/try.hpp"
#include "manifest/lint_files.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t microseconds = 1'000'000;

// What is known of one media playlist after reading it.
struct PlaylistFacts {
    bool complete = false;  // all segments were found, so the rates are real
    bool i_frames = false;
    bool text = false;
    HlsBandwidth bandwidth;
    std::int64_t target_duration_s = 0;
    MediaTime duration;
    std::size_t discontinuities = 0;
};

class HlsPresentationLint {
public:
    HlsPresentationLint(LintFiles& files, std::string path, const LintOptions& options, std::vector<Finding>& findings)
        : files_(files), path_(std::move(path)), options_(options), findings_(findings) {}

    Result<void> run(const std::string& text) {
        const auto playlist = parse_hls(text, options_.limits);
        if (!playlist || playlist->master() == nullptr) {
            SF_TRY(check_playlist(path_, text, false));
            return {};
        }
        add(path_, lint_hls_master(text, options_));
        for (const auto& variant : playlist->master()->variants) SF_TRY(load(variant.uri, variant.tag.line, false));
        for (const auto& media : playlist->master()->media) {
            const std::string* type = media.attribute("TYPE");
            const std::string* uri = media.attribute("URI");
            if (uri != nullptr) SF_TRY(load(*uri, media.line, type != nullptr && *type == "SUBTITLES"));
        }
        for (const auto& variant : playlist->master()->variants) check_variant(variant, *playlist->master());
        check_agreement();
        return {};
    }

private:
    void add(const std::string& path, std::vector<Finding> found) {
        for (auto& finding : found) {
            finding.path = path;
            findings_.push_back(std::move(finding));
        }
    }

    Result<void> load(const std::string& uri, std::size_t line, bool is_text) {
        const auto path = files_.resolve(path_, uri, line);
        if (!path) return {};
        paths_[uri] = *path;
        if (playlists_.count(*path) != 0) return {};
        playlists_[*path] = {};
        SF_ASSIGN(const auto text, files_.read(*path, path_, line));
        return text ? check_playlist(*path, *text, is_text) : Result<void>();
    }

    Result<void> check_playlist(const std::string& path, const std::string& text, bool is_text) {
        add(path, lint_hls_media(text, options_));
        const auto playlist = parse_hls(text, options_.limits);
        if (!playlist || playlist->media() == nullptr) return {};
        const HlsMedia& media = *playlist->media();
        PlaylistFacts facts;
        facts.i_frames = media.i_frames_only;
        facts.text = is_text;
        facts.target_duration_s = media.target_duration_s;
        for (const auto& map : media.maps) {
            const auto resolved = files_.resolve(path, map.uri, map.line);
            if (resolved) SF_TRY(files_.measure(*resolved, map.range, path, map.line));
        }
        SF_TRY(measure_segments(path, media, facts));
        if (is_text) SF_TRY(check_webvtt(path, media));
        playlists_[path] = facts;
        return {};
    }

    Result<void> measure_segments(const std::string& path, const HlsMedia& media, PlaylistFacts& facts) {
        std::vector<SizedSegment> sizes;
        facts.complete = true;
        for (const auto& segment : media.segments) {
            facts.duration = facts.duration + segment.duration;
            facts.discontinuities += segment.discontinuity ? 1 : 0;
            if (segment.gap) continue;
            const auto resolved = files_.resolve(path, segment.uri, segment.line);
            std::optional<std::uint64_t> size;
            if (resolved) {
                SF_ASSIGN(size, files_.measure(*resolved, segment.range, path, segment.line));
            }
            facts.complete = facts.complete && size.has_value();
            sizes.push_back({size.value_or(0), segment.duration.rescaled(microseconds, Rounding::nearest).ticks});
        }
        facts.bandwidth.average_bps = average_bandwidth_bps(sizes, microseconds);
        facts.bandwidth.peak_bps = std::max(facts.bandwidth.average_bps, peak_bandwidth_bps(sizes, microseconds, media.target_duration_s));
        return {};
    }

    // Apple 5.2–5.4: WebVTT segments map their clock to that of the media.
    Result<void> check_webvtt(const std::string& path, const HlsMedia& media) {
        if (media.segments.empty() || !media.maps.empty()) return {};
        const HlsSegment& first = media.segments.front();
        const auto resolved = files_.resolve(path, first.uri, first.line);
        if (!resolved) return {};
        SF_ASSIGN(const auto text, files_.read(*resolved, path, first.line));
        if (!text) return {};
        if (text->substr(0, 6) != "WEBVTT") {
            files_.report("hls.webvtt", Severity::error, *resolved, 1, "a subtitle segment must begin with WEBVTT");
        } else if (text->find("X-TIMESTAMP-MAP=") == std::string::npos) {
            files_.report("apple.5.3", Severity::warning, *resolved, 1, "a WebVTT segment needs X-TIMESTAMP-MAP");
        }
        return {};
    }

    [[nodiscard]] const PlaylistFacts* facts_of(const std::string& uri) const {
        const auto path = paths_.find(uri);
        if (path == paths_.end()) return nullptr;
        const auto facts = playlists_.find(path->second);
        return facts == playlists_.end() || !facts->second.complete ? nullptr : &facts->second;
    }

    // The largest peak and average of a group; nothing when a member is incomplete.
    [[nodiscard]] std::optional<HlsBandwidth> group_bandwidth(const HlsMaster& master, const HlsVariant& variant,
                                                              std::string_view type) const {
        HlsBandwidth most;
        const std::string* id = variant.tag.attribute(type);
        if (id == nullptr) return most;
        for (const auto& media : master.media) {
            const std::string* media_type = media.attribute("TYPE");
            const std::string* group = media.attribute("GROUP-ID");
            const std::string* uri = media.attribute("URI");
            if (media_type == nullptr || *media_type != type || group == nullptr || *group != *id) continue;
            if (uri == nullptr || *uri == variant.uri) continue;  // inside the variant, or the variant itself
            const PlaylistFacts* facts = facts_of(*uri);
            if (facts == nullptr) return std::nullopt;
            most.peak_bps = std::max(most.peak_bps, facts->bandwidth.peak_bps);
            most.average_bps = std::max(most.average_bps, facts->bandwidth.average_bps);
        }
        return most;
    }

    void check_variant(const HlsVariant& variant, const HlsMaster& master) {
        const PlaylistFacts* facts = facts_of(variant.uri);
        if (facts == nullptr) return;
        HlsBandwidth measured = facts->bandwidth;
        for (const std::string_view type : {"AUDIO", "SUBTITLES"}) {
            const auto group = group_bandwidth(master, variant, type);
            if (!group) return;
            measured.peak_bps += group->peak_bps;
            measured.average_bps += group->average_bps;
        }
        const bool i_frames = variant.i_frames;
        compare_bandwidth(files_, path_, variant.tag.line, i_frames ? "apple.6.9" : "apple.1.27", variant.bandwidth_bps, measured.peak_bps);
        compare_bandwidth(files_, path_, variant.tag.line, i_frames ? "apple.6.9" : "apple.1.26", variant.average_bandwidth_bps,
                          measured.average_bps);
        if (facts->i_frames != i_frames) {
            files_.report("apple.6.8", Severity::error, path_, variant.tag.line,
                          i_frames ? "the playlist has no EXT-X-I-FRAMES-ONLY" : "a variant must not be an I-frame playlist");
        }
    }

    void check_agreement() {
        const PlaylistFacts* first = nullptr;
        for (const auto& [path, facts] : playlists_) {
            if (!facts.complete || facts.i_frames || facts.text) continue;
            if (first == nullptr) {
                first = &facts;
                continue;
            }
            if (facts.target_duration_s != first->target_duration_s) {
                files_.report("apple.8.2", Severity::warning, path, 0, "EXT-X-TARGETDURATION differs between renditions");
            }
            const MediaTime half_a_second{1, 2};
            if (facts.duration > first->duration + half_a_second || first->duration > facts.duration + half_a_second) {
                files_.report("apple.8.3", Severity::warning, path, 0, "the duration differs between renditions");
            }
            if (facts.discontinuities != first->discontinuities) {
                files_.report("apple.8.13", Severity::error, path, 0, "discontinuities differ between renditions");
            }
        }
    }

    LintFiles& files_;
    std::string path_;
    const LintOptions& options_;
    std::vector<Finding>& findings_;
    std::map<std::string, std::string> paths_;  // by URI in the multivariant playlist
    std::map<std::string, PlaylistFacts> playlists_;
};

}  // namespace

Result<void> lint_hls_presentation(LintFiles& files, const std::string& path, const std::string& text, const LintOptions& options,
                                   std::vector<Finding>& findings) {
    return HlsPresentationLint(files, path, options, findings).run(text);
}

}  // namespace streamforge::manifest
