#include <streamforge/manifest/hls_writer.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include <streamforge/manifest/bandwidth.hpp>

#include "core/try.hpp"
#include "manifest/hls_media_writer.hpp"
#include "manifest/hls_names.hpp"
#include "manifest/uri.hpp"

namespace streamforge::manifest {
namespace {

// An attribute list under construction.
class Attributes {
public:
    Attributes& plain(std::string_view name, std::string_view value) {
        if (!text_.empty()) text_ += ',';
        text_ += name;
        text_ += '=';
        text_ += value;
        return *this;
    }
    Attributes& number(std::string_view name, std::uint64_t value) { return plain(name, std::to_string(value)); }
    Attributes& quoted(std::string_view name, std::string_view value) { return plain(name, '"' + std::string(value) + '"'); }
    Attributes& flag(std::string_view name, bool value) { return plain(name, value ? "YES" : "NO"); }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

struct Variant {
    std::size_t rank = 0;  // of its audio group in the rendition's list
    HlsBandwidth bandwidth;
    std::string lines;  // tag and URI
};

struct Group {
    std::string name;
    HlsBandwidth bandwidth;  // of its largest members
    std::vector<std::string> codecs;
    std::size_t members = 0;
    std::size_t default_rendition = 0;  // index in the presentation's audio
};

HlsBandwidth larger(const HlsBandwidth& a, const HlsBandwidth& b) {
    return {std::max(a.peak_bps, b.peak_bps), std::max(a.average_bps, b.average_bps)};
}

HlsBandwidth sum(const HlsBandwidth& a, const HlsBandwidth& b) { return {a.peak_bps + b.peak_bps, a.average_bps + b.average_bps}; }

// Decimal with exactly three places, rounded to nearest.
std::string frame_rate_text(const Rational& rate) {
    const std::int64_t thousandths = mul_div(rate.num, 1000, rate.den, Rounding::nearest);
    std::string fraction = std::to_string(thousandths % 1000);
    fraction.insert(0, 3 - fraction.size(), '0');
    return std::to_string(thousandths / 1000) + '.' + fraction;
}

// How the picture is to be shown: square pixels.
std::string resolution_text(const VideoRendition& rendition) {
    const std::int64_t width = mul_div(rendition.width_px, rendition.sample_aspect.num, rendition.sample_aspect.den, Rounding::nearest);
    return std::to_string(width) + 'x' + std::to_string(rendition.height_px);
}

bool has_key_frames(const TrackFacts& track) {
    return std::any_of(track.segments.begin(), track.segments.end(),
                       [](const SegmentFacts& segment) { return segment.key_frame.has_value(); });
}

// Writes the files of one presentation; a class because all parts share the target duration and the groups.
class MasterWriter {
public:
    MasterWriter(const Presentation& presentation, const HlsOptions& options)
        : presentation_(presentation),
          options_(options),
          target_duration_s_(presentation.target_duration_s()),
          audio_(audio_entries(presentation)),
          text_(text_entries(presentation)) {
        collect_groups();
        for (const auto& rendition : presentation.text) {
            text_bandwidth_ = larger(text_bandwidth_, hls_bandwidth(rendition.track.segments, target_duration_s_));
        }
        // Audio without video, one rendition a group: the variant's own playlist is all there is to choose.
        audio_tags_ = !presentation.video.empty() ||
                      std::any_of(groups_.begin(), groups_.end(), [](const Group& group) { return group.members > 1; });
    }

    Result<HlsFiles> write() {
        SF_TRY(write_media());
        std::string body;
        append_media_tags(body);
        append_variants(body);
        append_i_frame_variants(body);
        std::string& text = files_.master.text;
        text = "#EXTM3U\n#EXT-X-VERSION:" + std::to_string(version_) + '\n';
        if (all_independent()) text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
        text += body;
        files_.master.path = options_.master_path;
        return std::move(files_);
    }

private:
    void collect_groups() {
        for (const auto& entry : audio_) {
            if (groups_.empty() || groups_.back().name != entry.group) {
                groups_.push_back({});
                groups_.back().name = entry.group;
            }
            Group& group = groups_.back();
            const TrackFacts& track = presentation_.audio[entry.rendition].track;
            group.bandwidth = larger(group.bandwidth, hls_bandwidth(track.segments, target_duration_s_));
            if (std::find(group.codecs.begin(), group.codecs.end(), track.codecs) == group.codecs.end()) {
                group.codecs.push_back(track.codecs);
            }
            if (entry.is_default) group.default_rendition = entry.rendition;
            ++group.members;
        }
    }

    Result<void> add_media(Result<VersionedFile> written) {
        if (!written) return std::move(written).error();
        version_ = std::max(version_, written->version);
        files_.media.push_back(std::move(written->file));
        return {};
    }

    [[nodiscard]] bool writes_i_frames(const VideoRendition& rendition) const {
        return options_.i_frame_playlists && !rendition.track.files.i_frame_playlist.empty() && has_key_frames(rendition.track);
    }

    Result<void> write_media() {
        for (const auto& rendition : presentation_.video) {
            SF_TRY(add_media(write_media_playlist(rendition.track, target_duration_s_)));
            if (writes_i_frames(rendition)) SF_TRY(add_media(write_i_frame_playlist(rendition.track, target_duration_s_)));
        }
        for (const auto& rendition : presentation_.audio) {
            SF_TRY(add_media(write_media_playlist(rendition.track, target_duration_s_)));
        }
        for (const auto& rendition : presentation_.text) {
            SF_TRY(add_media(write_media_playlist(rendition.track, target_duration_s_)));
        }
        return {};
    }

    [[nodiscard]] bool all_independent() const {
        const auto independent = [](const auto& rendition) {
            return std::all_of(rendition.track.segments.begin(), rendition.track.segments.end(),
                               [](const SegmentFacts& segment) { return segment.independent; });
        };
        return std::all_of(presentation_.video.begin(), presentation_.video.end(), independent) &&
               std::all_of(presentation_.audio.begin(), presentation_.audio.end(), independent);
    }

    [[nodiscard]] std::string reference(const std::string& path) const {
        return percent_encode_path(relative_path(options_.master_path, path));
    }

    static void common_attributes(Attributes& list, const HlsMediaEntry& entry, std::string_view type) {
        list.plain("TYPE", type).quoted("GROUP-ID", entry.group).quoted("NAME", entry.name);
        list.quoted("LANGUAGE", entry.language).flag("DEFAULT", entry.is_default).flag("AUTOSELECT", entry.autoselect);
    }

    void append_media_tags(std::string& body) const {
        for (const auto& entry : audio_) {
            if (!audio_tags_) break;
            const AudioRendition& rendition = presentation_.audio[entry.rendition];
            Attributes list;
            common_attributes(list, entry, "AUDIO");
            list.quoted("CHANNELS", std::to_string(rendition.channels));
            if (!entry.characteristics.empty()) list.quoted("CHARACTERISTICS", entry.characteristics);
            list.quoted("URI", reference(rendition.track.files.playlist));
            body += "#EXT-X-MEDIA:" + list.text() + '\n';
        }
        for (const auto& entry : text_) {
            Attributes list;
            common_attributes(list, entry, "SUBTITLES");
            list.flag("FORCED", entry.forced);
            if (!entry.characteristics.empty()) list.quoted("CHARACTERISTICS", entry.characteristics);
            list.quoted("URI", reference(presentation_.text[entry.rendition].track.files.playlist));
            body += "#EXT-X-MEDIA:" + list.text() + '\n';
        }
    }

    // Codecs of everything that plays together, each once.
    [[nodiscard]] std::string codecs_text(const std::string& video, const Group* group) const {
        std::string codecs = video;
        if (group != nullptr) {
            for (const auto& codec : group->codecs) codecs += (codecs.empty() ? "" : ",") + codec;
        }
        if (options_.wvtt_in_codecs && !text_.empty()) codecs += codecs.empty() ? "wvtt" : ",wvtt";
        return codecs;
    }

    [[nodiscard]] Variant make_variant(const VideoRendition* video, const Group* group, const std::string& playlist) const {
        Variant variant;
        variant.bandwidth = text_bandwidth_;
        if (video != nullptr) {
            variant.bandwidth = sum(variant.bandwidth, hls_bandwidth(video->track.segments, target_duration_s_));
        }
        if (group != nullptr) variant.bandwidth = sum(variant.bandwidth, group->bandwidth);
        Attributes list;
        list.number("BANDWIDTH", variant.bandwidth.peak_bps).number("AVERAGE-BANDWIDTH", variant.bandwidth.average_bps);
        list.quoted("CODECS", codecs_text(video != nullptr ? video->track.codecs : "", group));
        if (video != nullptr) {
            list.plain("RESOLUTION", resolution_text(*video));
            if (video->frame_rate.is_positive()) list.plain("FRAME-RATE", frame_rate_text(video->frame_rate));
            list.plain("VIDEO-RANGE", to_string(video->range));
        }
        if (group != nullptr && audio_tags_) list.quoted("AUDIO", group->name);
        if (!text_.empty()) list.quoted("SUBTITLES", text_.front().group);
        list.plain("CLOSED-CAPTIONS", "NONE");
        variant.lines = "#EXT-X-STREAM-INF:" + list.text() + '\n' + reference(playlist) + '\n';
        return variant;
    }

    // Groups a video rendition is listed with, or a null one where there is no audio.
    [[nodiscard]] std::vector<const Group*> groups_of(const VideoRendition& rendition) const {
        std::vector<const Group*> chosen;
        for (const auto& name : rendition.audio_groups) {
            for (const auto& group : groups_) {
                if (group.name == name) chosen.push_back(&group);
            }
        }
        if (rendition.audio_groups.empty()) {
            for (const auto& group : groups_) chosen.push_back(&group);
        }
        if (chosen.empty()) chosen.push_back(nullptr);
        return chosen;
    }

    // By rate within each rank of audio groups, except that the one to start with comes first.
    void order(std::vector<Variant>& variants) const {
        const std::uint64_t start = options_.start_bandwidth_bps;
        if (start == 0 || variants.empty()) return;
        std::stable_sort(variants.begin(), variants.end(), [](const Variant& a, const Variant& b) {
            return std::pair(a.rank, a.bandwidth.peak_bps) < std::pair(b.rank, b.bandwidth.peak_bps);
        });
        auto first = variants.begin();
        for (auto it = variants.begin(); it != variants.end() && it->rank == variants.front().rank; ++it) {
            if (it->bandwidth.peak_bps <= start) first = it;
        }
        std::rotate(variants.begin(), first, std::next(first));
    }

    void append_variants(std::string& body) const {
        std::vector<Variant> variants;
        for (const auto& rendition : presentation_.video) {
            std::size_t rank = 0;
            for (const Group* group : groups_of(rendition)) {
                variants.push_back(make_variant(&rendition, group, rendition.track.files.playlist));
                variants.back().rank = rank++;
            }
        }
        for (const auto& group : groups_) {
            if (!presentation_.video.empty()) break;
            const auto& track = presentation_.audio[group.default_rendition].track;
            variants.push_back(make_variant(nullptr, &group, track.files.playlist));
        }
        order(variants);
        for (const auto& variant : variants) body += variant.lines;
    }

    void append_i_frame_variants(std::string& body) const {
        for (const auto& rendition : presentation_.video) {
            if (!writes_i_frames(rendition)) continue;
            const HlsBandwidth bandwidth = i_frame_bandwidth(rendition.track.segments, target_duration_s_);
            Attributes list;
            list.number("BANDWIDTH", bandwidth.peak_bps).number("AVERAGE-BANDWIDTH", bandwidth.average_bps);
            list.quoted("CODECS", rendition.track.codecs).plain("RESOLUTION", resolution_text(rendition));
            list.plain("VIDEO-RANGE", to_string(rendition.range));
            list.quoted("URI", reference(rendition.track.files.i_frame_playlist));
            body += "#EXT-X-I-FRAME-STREAM-INF:" + list.text() + '\n';
        }
    }

    const Presentation& presentation_;
    const HlsOptions& options_;
    std::int64_t target_duration_s_;
    std::vector<HlsMediaEntry> audio_;
    std::vector<HlsMediaEntry> text_;
    std::vector<Group> groups_;
    HlsBandwidth text_bandwidth_;
    bool audio_tags_ = true;
    int version_ = 1;
    HlsFiles files_;
};

}  // namespace

Result<void> HlsOptions::validate() const {
    if (is_safe_path(master_path)) return {};
    return make_error(Errc::invalid_argument, "manifest.hls", "master_path must be a relative path inside the folder")
        .with("path", master_path);
}

Result<HlsFiles> write_hls(const Presentation& presentation, const HlsOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(presentation.validate());
    if (presentation.video.empty() && presentation.audio.empty()) {
        return make_error(Errc::invalid_argument, "manifest.hls", "a presentation needs video or audio");
    }
    return MasterWriter(presentation, options).write();
}

}  // namespace streamforge::manifest
