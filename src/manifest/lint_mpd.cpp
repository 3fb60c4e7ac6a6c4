#include <algorithm>
#include <optional>
#include <set>

#include <streamforge/manifest/lint.hpp>
#include <streamforge/manifest/mpd_parser.hpp>

#include "manifest/findings.hpp"
#include "manifest/hls_lexer.hpp"

namespace streamforge::manifest {
namespace {

// 0/0 when it is not of the form "30" or "30000/1001".
Rational parse_frame_rate(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto num = parse_decimal(text.substr(0, slash));
    const auto den = slash == std::string_view::npos ? std::optional<std::uint64_t>(1) : parse_decimal(text.substr(slash + 1));
    constexpr std::uint64_t most = 1'000'000'000;
    if (!num || !den || *num == 0 || *den == 0 || *num > most || *den > most) return {0, 0};
    return {static_cast<std::int64_t>(*num), static_cast<std::int64_t>(*den)};
}

bool is_ratio(std::string_view text) noexcept {
    const std::size_t colon = text.find(':');
    return colon != std::string_view::npos && parse_decimal(text.substr(0, colon)) && parse_decimal(text.substr(colon + 1));
}

bool has_blank(std::string_view text) noexcept { return text.find_first_of(" \t\r\n") != std::string_view::npos; }

bool starts_with(std::string_view text, std::string_view prefix) noexcept { return text.substr(0, prefix.size()) == prefix; }

const std::string* inherited(const XmlElement& representation, const XmlElement& set, std::string_view name) noexcept {
    const std::string* own = representation.attribute(name);
    return own != nullptr ? own : set.attribute(name);
}

std::vector<const XmlElement*> children(const XmlElement& element, std::string_view name) {
    std::vector<const XmlElement*> found;
    for (const auto& child : element.children) {
        if (child.name == name) found.push_back(&child);
    }
    return found;
}

// "video", "audio", "text", "image", or empty when neither @contentType nor @mimeType says.
std::string content_type(const XmlElement& set) {
    if (const auto* type = set.attribute("contentType")) return *type;
    const std::string* mime = set.attribute("mimeType");
    const XmlElement* representation = set.child("Representation");
    if (mime == nullptr && representation != nullptr) mime = representation->attribute("mimeType");
    return mime == nullptr ? std::string() : mime->substr(0, mime->find('/'));
}

class MpdLint {
public:
    MpdLint(const Mpd& mpd, const LintOptions& options, Findings& findings) : mpd_(mpd), options_(options), findings_(findings) {}

    void run() {
        check_root();
        std::set<std::string> period_ids;
        const auto periods = children(mpd_.root, "Period");
        if (periods.empty()) findings_.error("dash.period", mpd_.root.line, "the MPD has no Period");
        for (const auto* period : periods) {
            check_unique(*period, period_ids, "Period");
            check_period(*period);
        }
        check_segments();
    }

private:
    [[nodiscard]] bool is_dynamic() const {
        const std::string* type = mpd_.root.attribute("type");
        return type != nullptr && *type == "dynamic";
    }

    [[nodiscard]] bool has_profile(std::string_view name) const {
        const std::string* profiles = mpd_.root.attribute("profiles");
        return profiles != nullptr && profiles->find(name) != std::string::npos;
    }

    void require(const XmlElement& element, std::string_view name, std::string rule) {
        if (element.attribute(name) != nullptr) return;
        std::string message = element.name;
        message += " has no @";
        message += name;
        findings_.error(std::move(rule), element.line, std::move(message));
    }

    void recommend(const XmlElement& element, bool there, std::string_view name, std::string rule) {
        if (there) return;
        std::string message = element.name;
        message += " should state ";
        message += name;
        findings_.warning(std::move(rule), element.line, std::move(message));
    }

    void check_root() {
        const XmlElement& root = mpd_.root;
        const std::string* space = root.attribute("xmlns");
        if (space == nullptr || *space != "urn:mpeg:dash:schema:mpd:2011") {
            findings_.error("dash.namespace", root.line, "the namespace must be urn:mpeg:dash:schema:mpd:2011");
        }
        require(root, "profiles", "dash.profiles");
        require(root, "minBufferTime", "dash.min-buffer-time");
        for (const std::string_view name : {"minBufferTime", "mediaPresentationDuration", "maxSegmentDuration", "maxSubsegmentDuration",
                                            "timeShiftBufferDepth", "minimumUpdatePeriod"}) {
            const std::string* text = root.attribute(name);
            if (text != nullptr && !parse_xs_duration(*text)) {
                findings_.error("dash.duration-form", root.line, std::string(name) + " is not a duration");
            }
        }
        if (is_dynamic()) return check_dynamic();
        const auto periods = children(root, "Period");
        const bool last_has_duration = !periods.empty() && periods.back()->attribute("duration") != nullptr;
        if (root.attribute("mediaPresentationDuration") == nullptr && !last_has_duration) {
            findings_.error("dash.static-duration", root.line, "a static MPD needs @mediaPresentationDuration");
        }
        for (const std::string_view name : {"timeShiftBufferDepth", "minimumUpdatePeriod"}) {
            if (root.attribute(name) == nullptr) continue;
            findings_.error("dash.static-forbidden", root.line, "a static MPD must not have @" + std::string(name));
        }
    }

    void check_dynamic() {
        if (options_.vod) findings_.error("dash.static", mpd_.root.line, "a finished presentation must be of type static");
        require(mpd_.root, "availabilityStartTime", "dash.dynamic-required");
        require(mpd_.root, "publishTime", "dash.dynamic-required");
        for (const auto* period : children(mpd_.root, "Period")) require(*period, "id", "dash.dynamic-required");
    }

    void check_unique(const XmlElement& element, std::set<std::string>& ids, std::string_view what) {
        const std::string* id = element.attribute("id");
        if (id == nullptr || ids.insert(*id).second) return;
        findings_.error("dash.unique-id", element.line, std::string(what) + "@id stands twice");
    }

    void check_period(const XmlElement& period) {
        std::set<std::string> set_ids;
        std::set<std::string> representation_ids;
        const auto sets = children(period, "AdaptationSet");
        if (sets.empty()) findings_.error("dash.adaptation-set", period.line, "the Period has no AdaptationSet");
        for (const auto* set : sets) {
            check_unique(*set, set_ids, "AdaptationSet");
            const auto representations = children(*set, "Representation");
            if (representations.empty()) {
                findings_.error("dash.representation", set->line, "the AdaptationSet has no Representation");
            }
            for (const auto* representation : representations) {
                check_unique(*representation, representation_ids, "Representation");
                check_representation(*representation, *set, period);
            }
            check_set(*set, representations.size());
        }
    }

    void check_set(const XmlElement& set, std::size_t representations) {
        const std::string type = content_type(set);
        if (type == "video") {
            for (const std::string_view name : {"par", "maxWidth", "maxHeight", "maxFrameRate"}) {
                recommend(set, set.attribute(name) != nullptr, "@" + std::string(name), "dash.video-set");
            }
        }
        if (type == "audio") recommend(set, set.attribute("lang") != nullptr, "@lang", "dash.audio-set");
        if (const auto* par = set.attribute("par"); par != nullptr && !is_ratio(*par)) {
            findings_.error("dash.ratio", set.line, "@par must be <x>:<y>");
        }
        const bool media = type == "video" || type == "audio";
        if (media && representations > 1 && has_profile("isoff-live")) {
            const std::string* aligned = set.attribute("segmentAlignment");
            if (aligned == nullptr || *aligned == "false") {
                findings_.warning("dash.segment-alignment", set.line, "representations to switch between need @segmentAlignment");
            }
        }
        if (media && has_profile("isoff-on-demand")) check_on_demand(set);
        check_protection(set);
    }

    void check_on_demand(const XmlElement& set) {
        const std::string* aligned = set.attribute("subsegmentAlignment");
        if (aligned == nullptr || *aligned == "false") {
            findings_.warning("dash.on-demand", set.line, "the on-demand profile asks for @subsegmentAlignment");
        }
        const std::string* sap = set.attribute("subsegmentStartsWithSAP");
        if (sap == nullptr || (*sap != "1" && *sap != "2")) {
            findings_.warning("dash.on-demand", set.line, "the on-demand profile asks for @subsegmentStartsWithSAP 1 or 2");
        }
        for (const auto* representation : children(set, "Representation")) {
            const XmlElement* base = representation->child("SegmentBase");
            if (base == nullptr || base->attribute("indexRange") == nullptr) {
                findings_.error("dash.on-demand", representation->line, "the on-demand profile needs SegmentBase@indexRange");
            }
        }
    }

    void check_protection(const XmlElement& set) {
        bool has_common = false;
        const auto protections = children(set, "ContentProtection");
        for (const auto* protection : protections) {
            const std::string* scheme = protection->attribute("schemeIdUri");
            const bool common = scheme != nullptr && *scheme == "urn:mpeg:dash:mp4protection:2011";
            has_common = has_common || common;
            if (common && protection->attribute("cenc:default_KID") == nullptr) {
                findings_.error("dash.protection", protection->line, "mp4protection needs @cenc:default_KID");
            }
        }
        if (!protections.empty() && !has_common) {
            findings_.error("dash.protection", set.line, "ContentProtection needs the mp4protection descriptor");
        }
        for (const auto* representation : children(set, "Representation")) {
            if (representation->child("ContentProtection") == nullptr) continue;
            findings_.warning("dash.protection", representation->line, "ContentProtection should stand at the AdaptationSet");
        }
    }

    void check_representation(const XmlElement& representation, const XmlElement& set, const XmlElement& period) {
        const std::string* id = representation.attribute("id");
        if (id == nullptr || id->empty() || has_blank(*id)) {
            findings_.error("dash.representation.id", representation.line, "@id must be there and hold no white space");
        }
        const std::string* bandwidth = representation.attribute("bandwidth");
        if (bandwidth == nullptr || parse_decimal(*bandwidth).value_or(0) == 0) {
            findings_.error("dash.bandwidth", representation.line, "@bandwidth is missing, 0 or not a number");
        }
        if (inherited(representation, set, "mimeType") == nullptr) {
            findings_.error("dash.mime-type", representation.line, "@mimeType is missing");
        }
        const std::string type = content_type(set);
        const bool media = type == "video" || type == "audio";
        if (media && inherited(representation, set, "codecs") == nullptr) {
            findings_.error("dash.codecs", representation.line, "@codecs is missing");
        }
        if (type == "video") check_video(representation, set);
        if (type == "audio") check_audio(representation, set);
        if (type == "image") check_thumbnails(representation, set);
        check_ranges(representation, set);
        check_addressing(representation, set, period);
    }

    void check_video(const XmlElement& representation, const XmlElement& set) {
        for (const std::string_view name : {"width", "height", "frameRate"}) {
            recommend(representation, inherited(representation, set, name) != nullptr, "@" + std::string(name), "dash.video");
        }
        const std::string* rate = inherited(representation, set, "frameRate");
        if (rate != nullptr && !parse_frame_rate(*rate).is_positive()) {
            findings_.error("dash.frame-rate", representation.line, "@frameRate must be a whole number or a fraction");
        }
        if (const auto* sar = inherited(representation, set, "sar"); sar != nullptr && !is_ratio(*sar)) {
            findings_.error("dash.ratio", representation.line, "@sar must be <x>:<y>");
        }
    }

    void check_audio(const XmlElement& representation, const XmlElement& set) {
        recommend(representation, inherited(representation, set, "audioSamplingRate") != nullptr, "@audioSamplingRate", "dash.audio");
        const bool channels =
            representation.child("AudioChannelConfiguration") != nullptr || set.child("AudioChannelConfiguration") != nullptr;
        recommend(representation, channels, "AudioChannelConfiguration", "dash.audio");
    }

    void check_thumbnails(const XmlElement& representation, const XmlElement& set) {
        auto properties = children(representation, "EssentialProperty");
        for (const auto* property : children(set, "EssentialProperty")) properties.push_back(property);
        for (const auto* property : properties) {
            const std::string* scheme = property->attribute("schemeIdUri");
            constexpr std::string_view name = "//dashif.org/guidelines/thumbnail_tile";
            if (scheme == nullptr || scheme->find(name) == std::string::npos) continue;
            const std::string* value = property->attribute("value");
            const std::size_t cross = value == nullptr ? std::string::npos : value->find('x');
            const bool fits = cross != std::string::npos && parse_decimal(value->substr(0, cross)).value_or(0) > 0 &&
                              parse_decimal(value->substr(cross + 1)).value_or(0) > 0;
            if (!fits) findings_.error("dash.thumbnail-tile", property->line, "thumbnail_tile must have a value of the form 10x10");
            for (const std::string_view size : {"width", "height"}) {
                if (inherited(representation, set, size) != nullptr) continue;
                findings_.error("dash.thumbnail-tile", representation.line, "thumbnails need @" + std::string(size));
            }
        }
    }

    void check_range(const XmlElement& representation, const XmlElement& set, std::string_view name, std::string_view suffix) {
        const std::string* text = representation.attribute(name);
        const auto value = text == nullptr ? std::nullopt : parse_decimal(*text);
        if (!value) return;
        const std::string* least = set.attribute("min" + std::string(suffix));
        const std::string* most = set.attribute("max" + std::string(suffix));
        const bool below = least != nullptr && *value < parse_decimal(*least).value_or(0);
        const bool above = most != nullptr && *value > parse_decimal(*most).value_or(UINT64_MAX);
        if (!below && !above) return;
        findings_.error("dash.range", representation.line, "@" + std::string(name) + " is outside the AdaptationSet's range");
    }

    void check_ranges(const XmlElement& representation, const XmlElement& set) {
        check_range(representation, set, "bandwidth", "Bandwidth");
        check_range(representation, set, "width", "Width");
        check_range(representation, set, "height", "Height");
        const std::string* rate = representation.attribute("frameRate");
        const std::string* most = set.attribute("maxFrameRate");
        if (rate == nullptr || most == nullptr) return;
        const Rational a = parse_frame_rate(*rate);
        const Rational b = parse_frame_rate(*most);
        if (a.is_positive() && b.is_positive() && a > b) {
            findings_.error("dash.range", representation.line, "@frameRate is above the AdaptationSet's @maxFrameRate");
        }
    }

    void check_addressing(const XmlElement& representation, const XmlElement& set, const XmlElement& period) {
        bool duration = false;
        bool timeline = false;
        bool found = false;
        for (const auto* level : {&representation, &set, &period}) {
            const XmlElement* facts = level->child("SegmentTemplate");
            if (facts == nullptr) continue;
            found = true;
            duration = duration || facts->attribute("duration") != nullptr;
            timeline = timeline || facts->child("SegmentTimeline") != nullptr;
            const std::string* initialization = facts->attribute("initialization");
            if (initialization != nullptr && reported_.insert(facts).second &&
                (initialization->find("$Number") != std::string::npos || initialization->find("$Time") != std::string::npos)) {
                findings_.error("dash.template.initialization", facts->line, "@initialization must not hold $Number$ or $Time$");
            }
            if (const XmlElement* line = facts->child("SegmentTimeline")) check_timeline(*line);
        }
        if (found && duration == timeline) {
            findings_.error("dash.template.timing", representation.line,
                            "SegmentTemplate needs exactly one of @duration and SegmentTimeline");
        }
    }

    void check_timeline(const XmlElement& timeline) {
        if (!reported_.insert(&timeline).second) return;
        std::optional<std::uint64_t> end;
        for (const auto* run : children(timeline, "S")) {
            const std::string* t_text = run->attribute("t");
            const std::string* d_text = run->attribute("d");
            const auto t = t_text == nullptr ? end.value_or(0) : parse_decimal(*t_text);
            const auto d = d_text == nullptr ? std::nullopt : parse_decimal(*d_text);
            const std::string* r_text = run->attribute("r");
            if (!t || !d || *d == 0) {
                findings_.error("dash.timeline", run->line, "S needs @d above 0, and @t must be a number");
                return;
            }
            if (end && *t < *end) findings_.error("dash.timeline", run->line, "S begins before the one in front of it ends");
            if (end && *t > *end) findings_.warning("dash.timeline.gap", run->line, "S leaves a gap behind the one in front of it");
            if (r_text != nullptr && starts_with(*r_text, "-")) return;  // open end: nothing to compare further
            const auto repeats = r_text == nullptr ? std::optional<std::uint64_t>(0) : parse_decimal(*r_text);
            constexpr std::uint64_t most = std::uint64_t{1} << 62;
            if (!repeats || *repeats >= most / *d || *t > most) {
                findings_.error("dash.timeline", run->line, "the timeline leaves 62 bits");
                return;
            }
            end = *t + *d * (*repeats + 1);
        }
    }

    // What only shows when everything is expanded.
    void check_segments() {
        if (is_dynamic()) return;
        const auto representations = mpd_representations(mpd_, options_.limits);
        if (!representations) return findings_.refused("dash.segments", representations.error());
        const std::string* total_text = mpd_.root.attribute("mediaPresentationDuration");
        const auto total = total_text == nullptr ? Result<MediaTime>(MediaTime{}) : parse_xs_duration(*total_text);
        const bool one_period = children(mpd_.root, "Period").size() == 1;
        for (const auto& representation : *representations) {
            if (representation.segments.empty()) {
                findings_.error("dash.segments", representation.element->line, "the representation has no segments");
                continue;
            }
            const MpdSegment& last = representation.segments.back();
            const std::string type = content_type(*representation.adaptation_set);
            if (!one_period || !total || total->ticks == 0 || (type != "video" && type != "audio")) continue;
            if (last.start + last.duration + last.duration < *total) {
                findings_.warning("dash.short", representation.element->line,
                                  "the representation ends more than a segment before the presentation does");
            }
        }
    }

    const Mpd& mpd_;
    const LintOptions& options_;
    Findings& findings_;
    std::set<const XmlElement*> reported_;  // shared elements are checked once
};

}  // namespace

std::vector<Finding> lint_mpd(std::string_view text, const LintOptions& options) {
    Findings findings;
    const auto mpd = parse_mpd(text, options.limits);
    if (!mpd) {
        findings.refused("dash.parse", mpd.error());
    } else {
        MpdLint(*mpd, options, findings).run();
    }
    return findings.take();
}

}  // namespace streamforge::manifest
