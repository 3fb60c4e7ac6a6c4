#include <streamforge/manifest/mpd_writer.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "manifest/clean_text.hpp"
#include "manifest/dash_bandwidth.hpp"
#include "manifest/hls_names.hpp"
#include "manifest/mpd_addressing.hpp"
#include "manifest/mpd_sets.hpp"
#include "manifest/uri.hpp"
#include "manifest/uri_template.hpp"
#include "manifest/xml_writer.hpp"
#include "manifest/xs_duration.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::string_view role_scheme = "urn:mpeg:dash:role:2011";

void descriptor(XmlWriter& xml, std::string_view element, std::string_view scheme, std::string_view value) {
    xml.open(element).attribute("schemeIdUri", scheme).attribute("value", value).close();
}

std::string ratio_text(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t divisor = std::max<std::uint64_t>(1, std::gcd(a, b));
    return std::to_string(a / divisor) + ':' + std::to_string(b / divisor);
}

// Speaker layouts whose number of channels tells them apart: ISO/IEC 23091-3 ChannelConfiguration.
std::uint32_t channel_configuration(std::uint32_t channels) noexcept {
    if (channels <= 6) return channels;
    return channels == 8 ? 12 : 0;
}

std::string_view mime_type(TrackKind kind) noexcept { return kind == TrackKind::audio ? "audio/mp4" : "video/mp4"; }

template <class Rendition>
std::vector<const TrackFacts*> tracks_of(const RenditionSet<Rendition>& set) {
    std::vector<const TrackFacts*> tracks;
    for (const auto* rendition : set) tracks.push_back(&rendition->track);
    return tracks;
}

// The template that all tracks share when written with $RepresentationID$; nothing when they differ.
std::optional<TemplateFacts> shared_template(const std::vector<const TrackFacts*>& tracks) {
    std::optional<TemplateFacts> shared;
    for (const auto* track : tracks) {
        if (addressing_of(*track) != Addressing::segment_template) return std::nullopt;
        auto facts = template_of(*track, tracks.size() > 1);
        if (!facts || (shared && *shared != *facts)) return std::nullopt;
        shared = *std::move(facts);
    }
    return shared;
}

class MpdWriter {
public:
    MpdWriter(const Presentation& presentation, const MpdOptions& options)
        : presentation_(presentation), min_buffer_time_(effective_min_buffer_time(presentation, options)) {}

    Result<std::string> write() {
        open_mpd();
        xml_.open("Period").attribute("id", "0").attribute("start", "PT0S");
        for (const auto& set : video_sets(presentation_.video)) SF_TRY(write_video_set(set));
        const auto main_audio = main_audio_set();
        const auto sets = audio_sets(presentation_.audio);
        for (std::size_t i = 0; i < sets.size(); ++i) SF_TRY(write_audio_set(sets[i], main_audio[i]));
        const auto text_names = text_entries(presentation_);
        for (std::size_t i = 0; i < text_names.size(); ++i) write_text_set(presentation_.text[i], text_names[i].name);
        if (presentation_.thumbnails) SF_TRY(write_thumbnails(*presentation_.thumbnails));
        xml_.close().close();
        return xml_.take();
    }

private:
    [[nodiscard]] std::vector<const TrackFacts*> media_tracks() const {
        std::vector<const TrackFacts*> tracks;
        for (const auto& rendition : presentation_.video) tracks.push_back(&rendition.track);
        for (const auto& rendition : presentation_.audio) tracks.push_back(&rendition.track);
        return tracks;
    }

    [[nodiscard]] std::string_view profile() const {
        bool only_base = true;
        bool only_template = true;
        for (const auto* track : media_tracks()) {
            only_base = only_base && addressing_of(*track) == Addressing::segment_base;
            only_template = only_template && addressing_of(*track) == Addressing::segment_template;
        }
        if (only_base) return "urn:mpeg:dash:profile:isoff-on-demand:2011";
        return only_template ? "urn:mpeg:dash:profile:isoff-live:2011" : "urn:mpeg:dash:profile:isoff-main:2011";
    }

    void open_mpd() {
        xml_.open("MPD").attribute("xmlns", "urn:mpeg:dash:schema:mpd:2011").attribute("profiles", profile());
        xml_.attribute("type", "static").attribute("mediaPresentationDuration", xs_duration(presentation_.duration()));
        xml_.attribute("minBufferTime", xs_duration(min_buffer_time_));
        const bool segments = profile() != "urn:mpeg:dash:profile:isoff-on-demand:2011";
        xml_.attribute(segments ? "maxSegmentDuration" : "maxSubsegmentDuration",
                       xs_duration(longest_segment(presentation_), Rounding::up));
    }

    void open_set(std::string_view content_type) {
        xml_.open("AdaptationSet").attribute("id", ++set_id_).attribute("contentType", content_type);
    }

    void alignment(const std::vector<const TrackFacts*>& tracks, TrackKind kind) {
        const bool independent = std::all_of(tracks.begin(), tracks.end(), [](const TrackFacts* track) {
            return std::all_of(track->segments.begin(), track->segments.end(),
                               [](const SegmentFacts& segment) { return segment.independent; });
        });
        const bool single = std::all_of(tracks.begin(), tracks.end(),
                                        [](const TrackFacts* track) { return addressing_of(*track) == Addressing::segment_base; });
        xml_.attribute("mimeType", mime_type(kind));
        if (are_aligned(tracks)) xml_.attribute(single ? "subsegmentAlignment" : "segmentAlignment", "true");
        if (independent) xml_.attribute(single ? "subsegmentStartsWithSAP" : "startWithSAP", "1");
    }

    Result<void> write_addressing(const TrackFacts& track, bool shared) {
        switch (addressing_of(track)) {
            case Addressing::segment_base: write_segment_base(xml_, track); return {};
            case Addressing::segment_list: return write_segment_list(xml_, track);
            case Addressing::segment_template: break;
        }
        if (shared) return {};
        SF_ASSIGN(const TemplateFacts facts, template_of(track, false));
        write_template(xml_, facts);
        return {};
    }

    void open_representation(const TrackFacts& track) {
        xml_.open("Representation").attribute("id", track.id);
        xml_.attribute("bandwidth", track_dash_bandwidth(track, min_buffer_time_)).attribute("codecs", track.codecs);
    }

    // How to read colours that a plain SDR decoder would show wrongly. PQ is unwatchable without; HLG degrades gently.
    void write_colour(const VideoRendition& rendition) {
        if (rendition.range == VideoRange::sdr) return;
        const bool pq = rendition.range == VideoRange::pq;
        const std::string_view element = pq ? "EssentialProperty" : "SupplementalProperty";
        constexpr std::uint16_t unspecified = 2;
        constexpr std::uint16_t bt2020 = 9;
        const auto known = [&](std::uint16_t value, std::uint16_t otherwise) {
            return std::to_string(value == unspecified ? otherwise : value);
        };
        descriptor(xml_, element, "urn:mpeg:mpegB:cicp:ColourPrimaries", known(rendition.colour.primaries, bt2020));
        descriptor(xml_, element, "urn:mpeg:mpegB:cicp:TransferCharacteristics", known(rendition.colour.transfer, pq ? 16 : 18));
        descriptor(xml_, element, "urn:mpeg:mpegB:cicp:MatrixCoefficients", known(rendition.colour.matrix, bt2020));
    }

    void video_set_attributes(const RenditionSet<VideoRendition>& set) {
        std::uint32_t width = 0;
        std::uint32_t height = 0;
        Rational rate{0, 1};
        const VideoRendition* largest = set.front();
        for (const auto* rendition : set) {
            if (rendition->width_px > largest->width_px) largest = rendition;
            width = std::max(width, rendition->width_px);
            height = std::max(height, rendition->height_px);
            rate = std::max(rate, rendition->frame_rate);
        }
        if (set.front()->track.language != "und") xml_.attribute("lang", clean_language(set.front()->track.language));
        const Rational aspect = largest->sample_aspect.reduced();
        xml_.attribute("par", ratio_text(largest->width_px * static_cast<std::uint64_t>(aspect.num),
                                         largest->height_px * static_cast<std::uint64_t>(aspect.den)));
        xml_.attribute("maxWidth", width).attribute("maxHeight", height);
        if (rate.is_positive()) xml_.attribute("maxFrameRate", rate.reduced().to_string());
    }

    Result<void> write_video_set(const RenditionSet<VideoRendition>& set) {
        const auto tracks = tracks_of(set);
        open_set("video");
        alignment(tracks, TrackKind::video);
        video_set_attributes(set);
        write_colour(*set.front());
        descriptor(xml_, "Role", role_scheme, "main");
        const auto shared = shared_template(tracks);
        if (shared) write_template(xml_, *shared);
        for (const auto* rendition : set) {
            open_representation(rendition->track);
            xml_.attribute("width", rendition->width_px).attribute("height", rendition->height_px);
            const Rational aspect = rendition->sample_aspect.reduced();
            xml_.attribute("sar", std::to_string(aspect.num) + ':' + std::to_string(aspect.den));
            if (rendition->frame_rate.is_positive()) xml_.attribute("frameRate", rendition->frame_rate.reduced().to_string());
            SF_TRY(write_addressing(rendition->track, shared.has_value()));
            xml_.close();
        }
        xml_.close();
        return {};
    }

    // The sets that hold a default rendition, or the first of the programme when none is flagged.
    [[nodiscard]] std::vector<bool> main_audio_set() const {
        const auto sets = audio_sets(presentation_.audio);
        std::vector<bool> main(sets.size(), false);
        for (std::size_t i = 0; i < sets.size(); ++i) {
            main[i] = std::any_of(sets[i].begin(), sets[i].end(), [](const auto* rendition) { return rendition->is_default; });
        }
        if (!main.empty() && std::find(main.begin(), main.end(), true) == main.end()) main.front() = true;
        return main;
    }

    void write_audio_roles(const AudioRendition& rendition, bool is_main) {
        if (rendition.purpose == AudioPurpose::described_video) {
            descriptor(xml_, "Accessibility", "urn:tva:metadata:cs:AudioPurposeCS:2007", "1");
        }
        std::string_view role = is_main ? "main" : "alternate";
        if (rendition.purpose == AudioPurpose::commentary) role = "commentary";
        if (rendition.purpose == AudioPurpose::described_video) role = "alternate";
        descriptor(xml_, "Role", role_scheme, role);
    }

    Result<void> write_audio_set(const RenditionSet<AudioRendition>& set, bool is_main) {
        const auto tracks = tracks_of(set);
        const AudioRendition& first = *set.front();
        open_set("audio");
        xml_.attribute("lang", clean_language(first.track.language));
        alignment(tracks, TrackKind::audio);
        if (const std::string label = clean_label(first.label); !label.empty()) xml_.open("Label").text(label).close();
        write_audio_roles(first, is_main);
        const auto shared = shared_template(tracks);
        if (shared) write_template(xml_, *shared);
        for (const auto* rendition : set) {
            open_representation(rendition->track);
            xml_.attribute("audioSamplingRate", rendition->sample_rate_hz);
            if (const std::uint32_t configuration = channel_configuration(rendition->channels); configuration != 0) {
                descriptor(xml_, "AudioChannelConfiguration", "urn:mpeg:dash:23003:3:audio_channel_configuration:2011",
                           std::to_string(configuration));
            }
            SF_TRY(write_addressing(rendition->track, shared.has_value()));
            xml_.close();
        }
        xml_.close();
        return {};
    }

    // With the name of the HLS playlist: players that key their menus by label need it to be unique.
    void write_text_set(const TextRendition& rendition, const std::string& name) {
        if (rendition.whole_file.empty()) return;
        open_set("text");
        xml_.attribute("lang", clean_language(rendition.track.language)).attribute("mimeType", "text/vtt");
        xml_.open("Label").text(name).close();
        std::string_view role = rendition.hearing_impaired ? "caption" : "subtitle";
        if (rendition.is_forced) role = "forced-subtitle";
        descriptor(xml_, "Role", role_scheme, role);
        if (rendition.is_default) descriptor(xml_, "Role", role_scheme, "main");
        xml_.open("Representation").attribute("id", rendition.track.id);
        xml_.attribute("bandwidth", file_bandwidth(rendition.whole_file_bytes, presentation_.duration()));
        xml_.open("BaseURL").text(percent_encode_path(rendition.whole_file)).close().close().close();
    }

    Result<void> write_thumbnails(const Thumbnails& thumbnails) {
        open_set("image");
        xml_.attribute("mimeType", thumbnails.mime_type);
        const std::uint32_t tiles = thumbnails.columns * thumbnails.rows;
        MediaTime length = thumbnails.interval * tiles;
        constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
        constexpr std::int64_t usual = 90000;
        if (length.timescale > most || length.ticks > most) length = length.rescaled(usual, Rounding::nearest);
        SF_ASSIGN(const std::string media, percent_encode_template(thumbnails.media));
        xml_.open("SegmentTemplate").attribute("timescale", static_cast<std::uint64_t>(length.timescale));
        xml_.attribute("media", media).attribute("startNumber", thumbnails.start_number);
        xml_.attribute("duration", static_cast<std::uint64_t>(std::min(length.ticks, most))).close();
        xml_.open("Representation").attribute("id", thumbnails.id);
        xml_.attribute("bandwidth", thumbnails_dash_bandwidth(thumbnails));
        xml_.attribute("width", thumbnails.columns * thumbnails.tile_width_px);
        xml_.attribute("height", thumbnails.rows * thumbnails.tile_height_px);
        descriptor(xml_, "EssentialProperty", "http://dashif.org/guidelines/thumbnail_tile",
                   std::to_string(thumbnails.columns) + 'x' + std::to_string(thumbnails.rows));
        xml_.close().close();
        return {};
    }

    const Presentation& presentation_;
    MediaTime min_buffer_time_;
    XmlWriter xml_;
    std::uint64_t set_id_ = 0;
};

}  // namespace

Result<void> MpdOptions::validate() const {
    if (!min_buffer_time || (min_buffer_time->ticks > 0 && min_buffer_time->timescale > 0)) return {};
    return make_error(Errc::invalid_argument, "manifest.mpd", "min_buffer_time must be above 0");
}

Result<std::string> write_mpd(const Presentation& presentation, const MpdOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(presentation.validate());
    if (presentation.video.empty() && presentation.audio.empty()) {
        return make_error(Errc::invalid_argument, "manifest.mpd", "a presentation needs video or audio");
    }
    return MpdWriter(presentation, options).write();
}

}  // namespace streamforge::manifest
