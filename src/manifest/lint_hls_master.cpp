#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include <streamforge/manifest/lint.hpp>

#include "manifest/codecs.hpp"
#include "manifest/findings.hpp"
#include "manifest/hls_lexer.hpp"
#include "manifest/hls_version.hpp"

namespace streamforge::manifest {
namespace {

// Attributes that must, and that must not, stand in quotes.
constexpr std::array quoted_attributes{
    std::string_view("CODECS"),          std::string_view("SUPPLEMENTAL-CODECS"),
    std::string_view("AUDIO"),           std::string_view("VIDEO"),
    std::string_view("SUBTITLES"),       std::string_view("URI"),
    std::string_view("GROUP-ID"),        std::string_view("NAME"),
    std::string_view("LANGUAGE"),        std::string_view("ASSOC-LANGUAGE"),
    std::string_view("CHARACTERISTICS"), std::string_view("CHANNELS"),
    std::string_view("INSTREAM-ID"),     std::string_view("PATHWAY-ID"),
};
constexpr std::array plain_attributes{
    std::string_view("BANDWIDTH"),   std::string_view("AVERAGE-BANDWIDTH"), std::string_view("RESOLUTION"), std::string_view("FRAME-RATE"),
    std::string_view("VIDEO-RANGE"), std::string_view("HDCP-LEVEL"),        std::string_view("SCORE"),      std::string_view("TYPE"),
    std::string_view("DEFAULT"),     std::string_view("AUTOSELECT"),        std::string_view("FORCED"),
};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string value_or_empty(const HlsTag& tag, std::string_view name) {
    const std::string* value = tag.attribute(name);
    return value == nullptr ? std::string() : *value;
}

bool is_yes(const HlsTag& tag, std::string_view name) { return value_or_empty(tag, name) == "YES"; }

bool is_resolution(std::string_view text) noexcept {
    const std::size_t cross = text.find('x');
    return cross != std::string_view::npos && parse_decimal(text.substr(0, cross)) && parse_decimal(text.substr(cross + 1));
}

class MasterLint {
public:
    MasterLint(const HlsPlaylist& playlist, const HlsMaster& master, const LintOptions& options, Findings& findings)
        : playlist_(playlist), master_(master), options_(options), findings_(findings) {}

    void run() {
        check_whole();
        check_attribute_forms();
        for (const auto& variant : master_.variants) check_variant(variant);
        for (const auto& media : master_.media) check_media(media);
        check_groups();
        check_captions();
        check_score();
    }

private:
    void apple(std::string rule, std::size_t line, std::string message) {
        if (options_.apple) findings_.warning(std::move(rule), line, std::move(message));
    }

    void check_whole() {
        const NeededVersion needed = needed_version(playlist_);
        if (needed.version > playlist_.version) {
            findings_.error("hls.version", needed.line, needed.because + " needs EXT-X-VERSION " + std::to_string(needed.version));
        }
        for (const auto& line : playlist_.lines) {
            if (!line.tag) continue;
            for (const std::string_view name :
                 {"EXTINF", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-ENDLIST", "EXT-X-BYTERANGE", "EXT-X-MAP", "EXT-X-KEY"}) {
                if (line.tag->name != name) continue;
                findings_.error("hls.mixed", line.tag->line, line.tag->name + " must not stand in a multivariant playlist");
            }
        }
        bool has_video = false;
        bool has_i_frames = false;
        bool has_variant = false;
        for (const auto& variant : master_.variants) {
            has_i_frames = has_i_frames || variant.i_frames;
            has_variant = has_variant || !variant.i_frames;
            has_video = has_video || is_video(variant);
        }
        if (!has_variant) findings_.error("hls.no-variants", 0, "the playlist has no EXT-X-STREAM-INF");
        if (has_video && !has_i_frames) apple("apple.6.1", 0, "I-frame playlists must be offered for scrubbing");
        if (!playlist_.independent_segments) {
            apple("apple.9.12", 0, "EXT-X-INDEPENDENT-SEGMENTS must stand in the multivariant playlist");
        }
    }

    void check_attribute_forms() {
        for (const auto& line : playlist_.lines) {
            if (!line.tag) continue;
            for (const auto& attribute : line.tag->attributes) {
                const bool none = attribute.name == "CLOSED-CAPTIONS" && attribute.value == "NONE";
                if (contains(quoted_attributes, attribute.name) && !attribute.quoted && !none) {
                    findings_.error("hls.attribute-form", line.tag->line, attribute.name + " must be a quoted string");
                }
                if (contains(plain_attributes, attribute.name) && attribute.quoted) {
                    findings_.error("hls.attribute-form", line.tag->line, attribute.name + " must not be quoted");
                }
            }
        }
    }

    static bool is_video(const HlsVariant& variant) {
        return variant.i_frames || variant.tag.attribute("RESOLUTION") != nullptr || has_video_codec(value_or_empty(variant.tag, "CODECS"));
    }

    void check_variant(const HlsVariant& variant) {
        const std::size_t line = variant.tag.line;
        if (variant.bandwidth_bps == 0) findings_.error("hls.bandwidth", line, "BANDWIDTH is missing, 0 or not a number");
        if (variant.average_bandwidth_bps == 0) apple("apple.9.14", line, "AVERAGE-BANDWIDTH is missing");
        if (variant.bandwidth_bps != 0 && variant.average_bandwidth_bps > variant.bandwidth_bps) {
            findings_.error("hls.average-above-peak", line, "AVERAGE-BANDWIDTH is above BANDWIDTH");
        }
        check_codecs(variant);
        if (const std::string* resolution = variant.tag.attribute("RESOLUTION"); resolution && !is_resolution(*resolution)) {
            findings_.error("hls.resolution", line, "RESOLUTION must be <width>x<height>");
        }
        if (!is_video(variant)) return;
        if (variant.tag.attribute("RESOLUTION") == nullptr) {
            apple(variant.i_frames ? "apple.9.4" : "apple.9.2", line, "RESOLUTION is missing");
        }
        check_video_range(variant);
        if (!variant.i_frames) check_frame_rate(variant);
    }

    void check_codecs(const HlsVariant& variant) {
        const std::string* codecs = variant.tag.attribute("CODECS");
        if (codecs == nullptr || codecs->empty()) {
            findings_.warning(variant.i_frames ? "apple.9.3" : "apple.9.1", variant.tag.line, "CODECS is missing");
            return;
        }
        for (const auto codec : split_codecs(*codecs)) {
            if (codec == "flac" || codec == "opus") {
                findings_.warning("hls.codecs.case", variant.tag.line, "Safari knows only fLaC and Opus in this spelling");
            }
            const std::string_view entry = codec.substr(0, codec.find('.'));
            if (options_.apple && (entry == "avc3" || entry == "hev1" || entry == "dvhe")) {
                findings_.warning("hls.codecs.in-band", variant.tag.line,
                                  "parameter sets must stand in the sample entry (avc1, hvc1, dvh1)");
            }
            if (codec_class(codec) == CodecClass::unknown) {
                findings_.info("hls.codecs.unknown", variant.tag.line, "CODECS names a codec that is not known");
            }
        }
    }

    void check_video_range(const HlsVariant& variant) {
        const std::string* range = variant.tag.attribute("VIDEO-RANGE");
        if (range == nullptr) {
            apple("apple.9.16", variant.tag.line, "VIDEO-RANGE is missing");
        } else if (*range != "SDR" && *range != "HLG" && *range != "PQ") {
            findings_.error("hls.video-range", variant.tag.line, "VIDEO-RANGE must be SDR, HLG or PQ");
        }
    }

    void check_frame_rate(const HlsVariant& variant) {
        const std::string* rate = variant.tag.attribute("FRAME-RATE");
        if (rate == nullptr) return apple("apple.9.15", variant.tag.line, "FRAME-RATE is missing");
        const std::size_t dot = rate->find('.');
        const std::size_t decimals = dot == std::string::npos ? 0 : rate->size() - dot - 1;
        constexpr std::size_t most_decimals = 3;
        if (!parse_decimal_seconds(*rate) || decimals > most_decimals) {
            findings_.error("hls.frame-rate", variant.tag.line, "FRAME-RATE must be a decimal of at most three places");
        }
    }

    void check_media(const HlsTag& tag) {
        const std::string type = value_or_empty(tag, "TYPE");
        if (type != "AUDIO" && type != "VIDEO" && type != "SUBTITLES" && type != "CLOSED-CAPTIONS") {
            findings_.error("hls.media.type", tag.line, "TYPE must be AUDIO, VIDEO, SUBTITLES or CLOSED-CAPTIONS");
        }
        for (const std::string_view name : {"GROUP-ID", "NAME"}) {
            if (value_or_empty(tag, name).empty()) {
                findings_.error("hls.media.required", tag.line, std::string(name) + " is missing or empty");
            }
        }
        for (const std::string_view name : {"DEFAULT", "AUTOSELECT", "FORCED"}) {
            const std::string value = value_or_empty(tag, name);
            if (value.empty() || value == "YES" || value == "NO") continue;
            findings_.error("hls.media.flag", tag.line, std::string(name) + " must be YES or NO");
        }
        const bool has_uri = tag.attribute("URI") != nullptr;
        if (type == "SUBTITLES" && !has_uri) findings_.error("hls.media.uri", tag.line, "subtitles need a URI");
        if (type == "CLOSED-CAPTIONS") {
            if (has_uri) findings_.error("hls.media.uri", tag.line, "closed captions must not have a URI");
            if (tag.attribute("INSTREAM-ID") == nullptr) {
                findings_.error("hls.media.instream-id", tag.line, "closed captions need INSTREAM-ID");
            }
        }
        if (is_yes(tag, "DEFAULT") && value_or_empty(tag, "AUTOSELECT") == "NO") {
            findings_.error("hls.media.autoselect", tag.line, "AUTOSELECT must be YES when DEFAULT is");
        }
        if (tag.attribute("FORCED") != nullptr && type != "SUBTITLES") {
            findings_.error("hls.media.forced", tag.line, "FORCED is for subtitles only");
        }
        if (type != "VIDEO" && tag.attribute("LANGUAGE") == nullptr) apple("apple.8.10", tag.line, "LANGUAGE is missing");
        if (type == "AUDIO" && tag.attribute("CHANNELS") == nullptr) {
            findings_.warning("hls.media.channels", tag.line, "CHANNELS is missing");
        }
    }

    using Group = std::pair<std::string, std::string>;  // type and id

    void check_groups() {
        std::map<Group, std::vector<const HlsTag*>> groups;
        for (const auto& tag : master_.media) groups[{value_or_empty(tag, "TYPE"), value_or_empty(tag, "GROUP-ID")}].push_back(&tag);
        for (const auto& [group, members] : groups) check_members(members);
        check_same_members(groups);
        std::set<Group> used;
        for (const auto& variant : master_.variants) {
            for (const std::string_view type : {"AUDIO", "VIDEO", "SUBTITLES", "CLOSED-CAPTIONS"}) {
                const std::string* id = variant.tag.attribute(type);
                if (id == nullptr || (type == "CLOSED-CAPTIONS" && *id == "NONE")) continue;
                used.insert({std::string(type), *id});
                if (groups.find({std::string(type), *id}) == groups.end()) {
                    findings_.error("hls.group", variant.tag.line, std::string(type) + " names a group that does not exist");
                }
            }
        }
        for (const auto& [group, members] : groups) {
            if (used.count(group) == 0) findings_.warning("hls.group.unused", members.front()->line, "no variant uses this group");
        }
    }

    void check_members(const std::vector<const HlsTag*>& members) {
        std::set<std::string> names;
        std::set<std::tuple<std::string, std::string, std::string, std::string>> selectable;
        bool has_default = false;
        for (const HlsTag* tag : members) {
            if (!names.insert(value_or_empty(*tag, "NAME")).second) {
                findings_.error("hls.media.unique-name", tag->line, "NAME must be unique in its group");
            }
            if (is_yes(*tag, "DEFAULT") && std::exchange(has_default, true)) {
                findings_.error("hls.media.default", tag->line, "a group must have one DEFAULT=YES at most");
            }
            if (!is_yes(*tag, "AUTOSELECT")) continue;
            const bool is_new = selectable
                                    .emplace(value_or_empty(*tag, "LANGUAGE"), value_or_empty(*tag, "ASSOC-LANGUAGE"),
                                             value_or_empty(*tag, "CHARACTERISTICS"), is_yes(*tag, "FORCED") ? "YES" : "NO")
                                    .second;
            if (!is_new) {
                findings_.warning("hls.media.autoselect-distinct", tag->line,
                                  "AUTOSELECT=YES cannot tell this rendition from another of its group");
            }
        }
    }

    // RFC 8216 §4.3.4.1.1: groups of one type differ in URI and CHANNELS only.
    void check_same_members(const std::map<Group, std::vector<const HlsTag*>>& groups) {
        std::map<std::string, std::pair<std::string, std::set<std::string>>> first;  // by type
        for (const auto& [group, members] : groups) {
            std::set<std::string> described;
            for (const HlsTag* tag : members) {
                std::string text = value_or_empty(*tag, "NAME");
                for (const std::string_view name : {"LANGUAGE", "CHARACTERISTICS"}) text += '\n' + value_or_empty(*tag, name);
                for (const std::string_view name : {"DEFAULT", "AUTOSELECT", "FORCED"}) text += is_yes(*tag, name) ? "\nY" : "\nN";
                described.insert(std::move(text));
            }
            const auto [place, is_new] = first.emplace(group.first, std::pair(group.second, described));
            if (is_new || place->second.second == described) continue;
            findings_.error("hls.group.members", members.front()->line,
                            "groups of one type must have the same members, but this one differs from another");
        }
    }

    void check_captions() {
        bool none = false;
        bool some = false;
        for (const auto& variant : master_.variants) {
            if (variant.i_frames) continue;
            const bool is_none = value_or_empty(variant.tag, "CLOSED-CAPTIONS") == "NONE";
            none = none || is_none;
            some = some || !is_none;
        }
        if (none && some) {
            findings_.error("hls.closed-captions", 0, "CLOSED-CAPTIONS=NONE must stand on all variants or on none");
        }
    }

    void check_score() {
        std::size_t with = 0;
        for (const auto& variant : master_.variants) with += variant.tag.attribute("SCORE") != nullptr ? 1 : 0;
        if (with != 0 && with != master_.variants.size()) {
            apple("apple.9.19", 0, "SCORE must stand on all variants or on none");
        }
    }

    const HlsPlaylist& playlist_;
    const HlsMaster& master_;
    const LintOptions& options_;
    Findings& findings_;
};

}  // namespace

std::vector<Finding> lint_hls_master(std::string_view text, const LintOptions& options) {
    Findings findings;
    const auto playlist = parse_hls(text, options.limits);
    if (!playlist) {
        findings.refused("hls.parse", playlist.error());
        return findings.take();
    }
    findings.problems(*playlist);
    if (const HlsMaster* master = playlist->master()) {
        MasterLint(*playlist, *master, options, findings).run();
    } else {
        findings.error("hls.kind", 0, "a multivariant playlist was expected, this is a media playlist");
    }
    return findings.take();
}

}  // namespace streamforge::manifest
