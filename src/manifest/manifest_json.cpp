#include <streamforge/manifest/manifest_json.hpp>

#include <nlohmann/json.hpp>

#include <streamforge/manifest/bandwidth.hpp>

#include "core/try.hpp"
#include "manifest/clean_text.hpp"
#include "manifest/dash_bandwidth.hpp"

namespace streamforge::manifest {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "streamforge.manifest/1";

// Exact as a fraction of seconds; the decimal is for people and charts.
Json time_json(const MediaTime& time) {
    const Rational exact = Rational{time.ticks, time.timescale}.reduced();
    return {{"exact", exact.to_string()}, {"seconds", time.approximate_seconds()}};
}

class JsonWriter {
public:
    JsonWriter(const Presentation& presentation, const ManifestJsonExtra& extra)
        : presentation_(presentation),
          target_duration_s_(presentation.target_duration_s()),
          min_buffer_time_(effective_min_buffer_time(presentation, extra.mpd)),
          with_segments_(extra.segments) {}

    [[nodiscard]] Result<Json> renditions() const {
        Json json = Json::object();
        json["video"] = Json::array();
        json["audio"] = Json::array();
        json["text"] = Json::array();
        for (const auto& rendition : presentation_.video) {
            SF_ASSIGN(Json entry, video_json(rendition));
            json["video"].push_back(std::move(entry));
        }
        for (const auto& rendition : presentation_.audio) {
            SF_ASSIGN(Json entry, audio_json(rendition));
            json["audio"].push_back(std::move(entry));
        }
        for (const auto& rendition : presentation_.text) {
            SF_ASSIGN(Json entry, text_json(rendition));
            json["text"].push_back(std::move(entry));
        }
        return json;
    }

    [[nodiscard]] Result<Json> thumbnails_json(const Thumbnails& thumbnails) const {
        Json json{{"id", thumbnails.id}, {"media", thumbnails.media}, {"start_number", thumbnails.start_number}};
        json["columns"] = thumbnails.columns;
        json["rows"] = thumbnails.rows;
        json["tile_width_px"] = thumbnails.tile_width_px;
        json["tile_height_px"] = thumbnails.tile_height_px;
        json["interval"] = time_json(thumbnails.interval);
        json["bandwidth_bps"] = thumbnails_dash_bandwidth(thumbnails);
        if (!thumbnails.webvtt.empty()) json["webvtt"] = thumbnails.webvtt;
        json["sheets"] = Json::array();
        for (std::size_t i = 0; i < thumbnails.sheets.size(); ++i) {
            SF_ASSIGN(const std::string path, sheet_path(thumbnails, i));
            json["sheets"].push_back(Json{{"path", path}, {"bytes", thumbnails.sheets[i].bytes}, {"tiles", thumbnails.sheets[i].tiles}});
        }
        return json;
    }

private:
    // What all kinds share, after the id.
    Result<void> add_track(Json& json, const TrackFacts& track) const {
        json["codec"] = std::string(to_string(track.codec));
        if (!track.codecs.empty()) json["codecs"] = track.codecs;
        json["language"] = clean_language(track.language);
        json["playlist"] = track.files.playlist;
        if (!track.files.init.empty()) json["init"] = track.files.init;
        if (!track.files.media.empty()) json["media"] = track.files.media;
        json["start"] = time_json(track.segments.front().start);
        json["duration"] = time_json(track.end() - track.segments.front().start);
        json["timescale"] = track.timescale;
        json["bytes"] = track.total_bytes();
        json["init_bytes"] = track.init_bytes;
        const HlsBandwidth hls = hls_bandwidth(track.segments, target_duration_s_);
        json["peak_bandwidth_bps"] = hls.peak_bps;
        json["average_bandwidth_bps"] = hls.average_bps;
        json["segment_count"] = track.segments.size();
        return with_segments_ ? add_segments(json, track) : Result<void>();
    }

    static Result<void> add_segments(Json& json, const TrackFacts& track) {
        Json segments = Json::array();
        for (std::size_t i = 0; i < track.segments.size(); ++i) {
            const SegmentFacts& segment = track.segments[i];
            SF_ASSIGN(const std::string path, segment_path(track, i));
            Json entry{
                {"path", path}, {"bytes", segment.bytes}, {"start", segment.start.to_string()}, {"duration", segment.duration.to_string()}};
            if (segment.range) entry["offset"] = segment.range->offset;
            segments.push_back(std::move(entry));
        }
        json["segments"] = std::move(segments);
        return {};
    }

    [[nodiscard]] Result<Json> video_json(const VideoRendition& rendition) const {
        Json json{{"id", rendition.track.id}};
        json["width_px"] = rendition.width_px;
        json["height_px"] = rendition.height_px;
        json["sample_aspect"] = rendition.sample_aspect.reduced().to_string();
        if (rendition.frame_rate.is_positive()) json["frame_rate"] = rendition.frame_rate.reduced().to_string();
        json["video_range"] = std::string(to_string(rendition.range));
        json["audio_groups"] = rendition.audio_groups.empty() ? presentation_.audio_groups() : rendition.audio_groups;
        if (!rendition.track.files.i_frame_playlist.empty()) json["i_frame_playlist"] = rendition.track.files.i_frame_playlist;
        json["dash_bandwidth_bps"] = track_dash_bandwidth(rendition.track, min_buffer_time_);
        SF_TRY(add_track(json, rendition.track));
        return json;
    }

    [[nodiscard]] Result<Json> audio_json(const AudioRendition& rendition) const {
        Json json{{"id", rendition.track.id}};
        json["label"] = clean_label(rendition.label);
        json["channels"] = rendition.channels;
        json["sample_rate_hz"] = rendition.sample_rate_hz;
        json["default"] = rendition.is_default;
        json["group"] = rendition.group;
        json["purpose"] = purpose_name(rendition.purpose);
        json["dash_bandwidth_bps"] = track_dash_bandwidth(rendition.track, min_buffer_time_);
        SF_TRY(add_track(json, rendition.track));
        return json;
    }

    [[nodiscard]] Result<Json> text_json(const TextRendition& rendition) const {
        Json json{{"id", rendition.track.id}};
        json["label"] = clean_label(rendition.label);
        json["default"] = rendition.is_default;
        json["forced"] = rendition.is_forced;
        json["hearing_impaired"] = rendition.hearing_impaired;
        if (!rendition.whole_file.empty()) json["whole_file"] = rendition.whole_file;
        json["whole_file_bytes"] = rendition.whole_file_bytes;
        SF_TRY(add_track(json, rendition.track));
        return json;
    }

    static std::string purpose_name(AudioPurpose purpose) {
        switch (purpose) {
            case AudioPurpose::programme: return "programme";
            case AudioPurpose::commentary: return "commentary";
            case AudioPurpose::described_video: return "described_video";
        }
        return "programme";
    }

    const Presentation& presentation_;
    std::int64_t target_duration_s_;
    MediaTime min_buffer_time_;
    bool with_segments_;
};

void add_text(Json& json, const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
}

Result<Json> extra_members(const ManifestJsonExtra& extra) {
    Json members = Json::object();
    for (const auto& [name, text] : extra.members) {
        Json value = Json::parse(text, nullptr, false);
        if (value.is_discarded()) {
            return make_error(Errc::invalid_argument, "manifest.json", "members must hold JSON texts").with("member", name);
        }
        members[name] = std::move(value);
    }
    return members;
}

std::uint64_t all_bytes(const Presentation& presentation) {
    std::uint64_t total = presentation.poster ? presentation.poster->bytes : 0;
    for (const auto& rendition : presentation.video) total += rendition.track.total_bytes();
    for (const auto& rendition : presentation.audio) total += rendition.track.total_bytes();
    for (const auto& rendition : presentation.text) total += rendition.track.total_bytes() + rendition.whole_file_bytes;
    if (presentation.thumbnails) {
        for (const auto& sheet : presentation.thumbnails->sheets) total += sheet.bytes;
    }
    return total;
}

}  // namespace

Result<std::string> write_manifest_json(const Presentation& presentation, const ManifestJsonExtra& extra) {
    SF_TRY(presentation.validate());
    SF_TRY(extra.mpd.validate());
    const JsonWriter writer(presentation, extra);
    Json json{{"schema", schema}};
    add_text(json, "generator", extra.generator);
    add_text(json, "created", extra.created);
    add_text(json, "source", extra.source_name);
    add_text(json, "hls", extra.hls_path);
    add_text(json, "dash", extra.dash_path);
    json["duration"] = time_json(presentation.duration());
    json["target_duration_s"] = presentation.target_duration_s();
    json["bytes"] = all_bytes(presentation);
    SF_ASSIGN(const Json renditions, writer.renditions());
    json.update(renditions);
    if (presentation.thumbnails) {
        SF_ASSIGN(json["thumbnails"], writer.thumbnails_json(*presentation.thumbnails));
    }
    if (const auto& poster = presentation.poster) {
        json["poster"] =
            Json{{"path", poster->path}, {"width_px", poster->width_px}, {"height_px", poster->height_px}, {"bytes", poster->bytes}};
    }
    SF_ASSIGN(Json members, extra_members(extra));
    if (!members.empty()) json["extra"] = std::move(members);
    return json.dump(extra.indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace streamforge::manifest
