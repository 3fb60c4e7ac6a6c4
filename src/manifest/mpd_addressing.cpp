#include "manifest/mpd_addressing.hpp"

#include <string_view>
#include <utility>

#include "core/try.hpp"
#include "manifest/uri.hpp"
#include "manifest/uri_template.hpp"

namespace streamforge::manifest {
namespace {

// "0-799": first and last byte.
std::string range_text(const ByteRange& range) {
    return std::to_string(range.offset) + '-' + std::to_string(range.offset + range.length - 1);
}

std::string generalise(std::string_view path, std::string_view id) {
    std::string result;
    std::size_t begin = 0;
    while (begin <= path.size()) {
        std::size_t end = path.find('/', begin);
        if (end == std::string_view::npos) end = path.size();
        const std::string_view part = path.substr(begin, end - begin);
        result += part == id ? std::string_view("$RepresentationID$") : part;
        if (end < path.size()) result += '/';
        begin = end + 1;
    }
    return result;
}

// A plain path as a template: '$' is doubled.
std::string as_template(std::string_view path) {
    std::string result;
    for (const char c : path) result.append(c == '$' ? 2 : 1, c);
    return result;
}

void write_timeline(XmlWriter& xml, const std::vector<TimelineRun>& timeline) {
    xml.open("SegmentTimeline");
    for (const auto& run : timeline) {
        xml.open("S");
        if (run.t) xml.attribute("t", static_cast<std::uint64_t>(*run.t));
        xml.attribute("d", static_cast<std::uint64_t>(run.d));
        if (run.repeats > 0) xml.attribute("r", static_cast<std::uint64_t>(run.repeats));
        xml.close();
    }
    xml.close();
}

void write_initialization(XmlWriter& xml, const TrackFiles& files, bool with_path) {
    if (files.init.empty()) return;
    xml.open("Initialization");
    if (with_path) xml.attribute("sourceURL", percent_encode_path(files.init));
    if (files.init_range && files.init_range->length > 0) xml.attribute("range", range_text(*files.init_range));
    xml.close();
}

}  // namespace

std::vector<TimelineRun> timeline_of(const TrackFacts& track) {
    std::vector<TimelineRun> timeline;
    std::int64_t expected = -1;
    for (const auto& segment : track.segments) {
        const std::int64_t begin = segment.start.rescaled(track.timescale, Rounding::nearest).ticks;
        const std::int64_t end = segment.end().rescaled(track.timescale, Rounding::nearest).ticks;
        const std::int64_t duration = end > begin ? end - begin : 1;  // an S without length is not allowed
        if (begin == expected && timeline.back().d == duration) {
            ++timeline.back().repeats;
        } else {
            timeline.push_back({begin == expected ? std::nullopt : std::optional(begin), duration, 0});
        }
        expected = begin + duration;
    }
    return timeline;
}

Addressing addressing_of(const TrackFacts& track) noexcept {
    if (track.single_file() && track.files.index_range) return Addressing::segment_base;
    if (track.single_file() || !track.files.segment_paths.empty()) return Addressing::segment_list;
    return Addressing::segment_template;
}

Result<TemplateFacts> template_of(const TrackFacts& track, bool generalised) {
    const auto prepared = [&](std::string text) { return generalised ? generalise(text, track.id) : text; };
    TemplateFacts facts;
    SF_ASSIGN(facts.media, percent_encode_template(prepared(track.files.media)));
    SF_ASSIGN(facts.initialization, percent_encode_template(prepared(as_template(track.files.init))));
    facts.start_number = track.files.start_number;
    facts.timescale = track.timescale;
    facts.timeline = timeline_of(track);
    return facts;
}

void write_template(XmlWriter& xml, const TemplateFacts& facts) {
    xml.open("SegmentTemplate").attribute("timescale", static_cast<std::uint64_t>(facts.timescale));
    if (!facts.initialization.empty()) xml.attribute("initialization", facts.initialization);
    xml.attribute("media", facts.media).attribute("startNumber", facts.start_number);
    write_timeline(xml, facts.timeline);
    xml.close();
}

void write_segment_base(XmlWriter& xml, const TrackFacts& track) {
    xml.open("BaseURL").text(percent_encode_path(track.files.media)).close();
    xml.open("SegmentBase").attribute("timescale", static_cast<std::uint64_t>(track.timescale));
    xml.attribute("indexRange", range_text(*track.files.index_range));
    write_initialization(xml, track.files, false);
    xml.close();
}

Result<void> write_segment_list(XmlWriter& xml, const TrackFacts& track) {
    if (track.single_file()) xml.open("BaseURL").text(percent_encode_path(track.files.media)).close();
    xml.open("SegmentList").attribute("timescale", static_cast<std::uint64_t>(track.timescale));
    write_initialization(xml, track.files, !track.single_file());
    write_timeline(xml, timeline_of(track));
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        xml.open("SegmentURL");
        if (const auto& range = track.segments[i].range) {
            xml.attribute("mediaRange", range_text(*range));
        } else {
            SF_ASSIGN(const std::string path, segment_path(track, i));
            xml.attribute("media", percent_encode_path(path));
        }
        xml.close();
    }
    xml.close();
    return {};
}

}  // namespace streamforge::manifest
