#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <streamforge/manifest/mpd_parser.hpp>

#include "core/try.hpp"
#include "manifest/hls_lexer.hpp"
#include "manifest/uri.hpp"
#include "manifest/uri_template.hpp"
#include "manifest/wide.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::string_view operation = "manifest.mpd_representations";
constexpr std::size_t max_template_bytes = 2048;
constexpr std::int64_t most_ticks = std::int64_t{1} << 60;

Error malformed(const XmlElement& element, std::string message) {
    return make_error(Errc::malformed, std::string(operation), std::move(message))
        .with("element", element.name)
        .with("line", std::to_string(element.line));
}

Error bad_attribute(const XmlElement& element, std::string_view name, std::string_view what) {
    std::string message(name);
    message.insert(message.begin(), '@');
    message += what;
    return malformed(element, std::move(message));
}

Error over(std::string message) { return make_error(Errc::limit_exceeded, std::string(operation), std::move(message)); }

// "0-799".
std::optional<ByteRange> parse_range(std::string_view text) noexcept {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parse_decimal(text.substr(0, dash));
    const auto last = parse_decimal(text.substr(dash + 1));
    if (!first || !last || *last < *first || *last == std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
    return ByteRange{*first, *last - *first + 1};
}

// One kind of segment information on the levels that may hold it, the nearest first: what is absent is inherited.
struct Inherited {
    std::vector<const XmlElement*> levels;

    [[nodiscard]] const std::string* attribute(std::string_view name) const noexcept {
        for (const auto* level : levels) {
            if (const auto* value = level->attribute(name)) return value;
        }
        return nullptr;
    }
    [[nodiscard]] const XmlElement* child(std::string_view name) const noexcept {
        for (const auto* level : levels) {
            if (const auto* found = level->child(name)) return found;
        }
        return nullptr;
    }
    [[nodiscard]] const XmlElement& nearest() const noexcept { return *levels.front(); }
};

Result<std::int64_t> number_attribute(const Inherited& facts, std::string_view name, std::int64_t otherwise) {
    const std::string* text = facts.attribute(name);
    if (text == nullptr) return otherwise;
    const auto value = parse_decimal(*text);
    if (!value || *value > static_cast<std::uint64_t>(most_ticks)) {
        return bad_attribute(facts.nearest(), name, " is not a number in range");
    }
    return static_cast<std::int64_t>(*value);
}

// A span of the timeline on the timescale of its representation.
struct Entry {
    std::int64_t start = 0;
    std::int64_t duration = 0;
};

// What expanding may still produce, over all representations of a document.
struct Budget {
    std::size_t segments = 0;
    std::size_t uri_bytes = 0;

    Result<void> take(const std::string& uri) {
        if (segments == 0 || uri.size() > uri_bytes) return over("the document names too many segments");
        --segments;
        uri_bytes -= uri.size();
        return {};
    }
};

class Expander {
public:
    Expander(MpdRepresentation& representation, const Inherited& facts, std::optional<MediaTime> period_duration, Budget& budget)
        : representation_(representation), facts_(facts), period_duration_(period_duration), budget_(budget) {}

    Result<void> read_clock() {
        SF_ASSIGN(timescale_, number_attribute(facts_, "timescale", 1));
        SF_ASSIGN(offset_, number_attribute(facts_, "presentationTimeOffset", 0));
        SF_ASSIGN(start_number_, number_attribute(facts_, "startNumber", 1));
        constexpr std::int64_t most_timescale = std::numeric_limits<std::uint32_t>::max();
        if (timescale_ == 0 || timescale_ > most_timescale) return malformed(facts_.nearest(), "@timescale is out of range");
        return {};
    }

    Result<void> expand_template_segments() {
        const std::string* media = facts_.attribute("media");
        if (media == nullptr) return malformed(facts_.nearest(), "SegmentTemplate has no @media");
        if (const std::string* initialization = facts_.attribute("initialization")) {
            SF_ASSIGN(MpdSegment segment, from_template(*initialization, std::nullopt, std::nullopt));
            representation_.initialization = std::move(segment);
        }
        if (!names_each_segment(*media)) return malformed(facts_.nearest(), "@media has neither $Number$ nor $Time$");
        SF_ASSIGN(const std::vector<Entry> entries, this->entries());
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto number = static_cast<std::uint64_t>(start_number_) + i;
            SF_ASSIGN(MpdSegment segment, from_template(*media, number, static_cast<std::uint64_t>(entries[i].start)));
            segment.start = {entries[i].start - offset_, timescale_};
            segment.duration = {entries[i].duration, timescale_};
            representation_.segments.push_back(std::move(segment));
        }
        return {};
    }

    Result<void> expand_list() {
        SF_TRY(read_initialization());
        std::vector<const XmlElement*> urls;
        for (const auto& child : facts_.nearest().children) {
            if (child.name == "SegmentURL") urls.push_back(&child);
        }
        std::vector<Entry> entries;
        if (facts_.child("SegmentTimeline") != nullptr || facts_.attribute("duration") != nullptr) {
            end_number_ = start_number_ + static_cast<std::int64_t>(urls.size()) - 1;
            most_entries_ = urls.size();
            SF_ASSIGN(entries, this->entries());
        }
        for (std::size_t i = 0; i < urls.size(); ++i) {
            SF_ASSIGN(MpdSegment segment, from_url(*urls[i]));
            if (i < entries.size()) {
                segment.start = {entries[i].start - offset_, timescale_};
                segment.duration = {entries[i].duration, timescale_};
            }
            representation_.segments.push_back(std::move(segment));
        }
        return {};
    }

    Result<void> expand_base() {
        SF_TRY(read_initialization());
        if (const std::string* range = facts_.attribute("indexRange")) {
            representation_.index_range = parse_range(*range);
            if (!representation_.index_range) return malformed(facts_.nearest(), "@indexRange must be first-last");
        }
        return whole_file();
    }

    Result<void> whole_file() {
        SF_TRY(budget_.take(representation_.base_url));
        MpdSegment segment;
        segment.uri = representation_.base_url;
        segment.duration = period_duration_.value_or(MediaTime{});
        representation_.segments.push_back(std::move(segment));
        return {};
    }

private:
    Result<MpdSegment> from_template(const std::string& text, std::optional<std::uint64_t> number, std::optional<std::uint64_t> time) {
        if (text.size() > max_template_bytes) return over("a segment template is too long");
        auto expanded = expand_template(
            text, {.representation_id = representation_.id, .number = number, .time = time, .bandwidth = representation_.bandwidth_bps});
        if (!expanded) return malformed(facts_.nearest(), expanded.error().message);
        return resolved(*expanded);
    }

    Result<MpdSegment> resolved(const std::string& reference) {
        MpdSegment segment;
        segment.uri = resolve_reference(representation_.base_url, reference);
        SF_TRY(budget_.take(segment.uri));
        return segment;
    }

    Result<MpdSegment> from_url(const XmlElement& url) {
        const std::string* media = url.attribute("media");
        SF_ASSIGN(MpdSegment segment, resolved(media == nullptr ? std::string() : *media));
        if (const std::string* range = url.attribute("mediaRange")) {
            segment.range = parse_range(*range);
            if (!segment.range) return malformed(url, "@mediaRange must be first-last");
        }
        return segment;
    }

    Result<void> read_initialization() {
        const XmlElement* element = facts_.child("Initialization");
        if (element == nullptr) return {};
        const std::string* source = element->attribute("sourceURL");
        SF_ASSIGN(MpdSegment segment, resolved(source == nullptr ? std::string() : *source));
        if (const std::string* range = element->attribute("range")) {
            segment.range = parse_range(*range);
            if (!segment.range) return malformed(*element, "@range must be first-last");
        }
        representation_.initialization = std::move(segment);
        return {};
    }

    Result<std::vector<Entry>> entries() {
        if (const XmlElement* timeline = facts_.child("SegmentTimeline")) return timeline_entries(*timeline);
        return equal_entries();
    }

    // All segments as long as @duration; as many as fill the period, or as @endNumber says.
    Result<std::vector<Entry>> equal_entries() {
        SF_ASSIGN(const std::int64_t duration, number_attribute(facts_, "duration", 0));
        if (duration == 0) return malformed(facts_.nearest(), "neither @duration nor SegmentTimeline");
        SF_ASSIGN(const std::int64_t end_number, number_attribute(facts_, "endNumber", end_number_));
        Wide count = 0;
        if (end_number >= 0) {
            count = static_cast<Wide>(end_number) - start_number_ + 1;
        } else if (period_duration_) {
            const Wide scaled = static_cast<Wide>(period_duration_->ticks) * timescale_;
            const Wide unit = static_cast<Wide>(period_duration_->timescale) * duration;
            count = (scaled + unit - 1) / unit;
        }
        if (count > static_cast<Wide>(budget_.segments)) return over("the document names too many segments");
        std::vector<Entry> entries;
        for (std::int64_t i = 0; i < count; ++i) {
            if (duration > most_ticks / (i + 1)) return malformed(facts_.nearest(), "the timeline leaves 60 bits");
            entries.push_back({offset_ + i * duration, duration});
        }
        return entries;
    }

    Result<std::vector<Entry>> timeline_entries(const XmlElement& timeline) {
        std::vector<Entry> entries;
        std::int64_t at = 0;
        for (std::size_t i = 0; i < timeline.children.size(); ++i) {
            const XmlElement& run = timeline.children[i];
            if (run.name != "S") continue;
            const Inherited facts{{&run}};
            SF_ASSIGN(at, number_attribute(facts, "t", at));
            SF_ASSIGN(const std::int64_t duration, number_attribute(facts, "d", 0));
            if (duration == 0) return malformed(run, "@d must be above 0");
            SF_ASSIGN(std::int64_t count, run_length(timeline, i, at, duration));
            if (most_entries_) count = std::min(count, static_cast<std::int64_t>(*most_entries_ - entries.size()));
            if (count == 0) break;
            if (static_cast<std::uint64_t>(count) > budget_.segments - std::min(budget_.segments, entries.size())) {
                return over("the document names too many segments");
            }
            if (duration > (most_ticks - std::min(at, most_ticks)) / count) return malformed(run, "the timeline leaves 60 bits");
            for (std::int64_t k = 0; k < count; ++k, at += duration) entries.push_back({at, duration});
        }
        return entries;
    }

    // @r + 1; −1 means up to the next S or the end of the period.
    Result<std::int64_t> run_length(const XmlElement& timeline, std::size_t index, std::int64_t at, std::int64_t duration) {
        const XmlElement& run = timeline.children[index];
        const std::string* text = run.attribute("r");
        if (text == nullptr) return 1;
        if (text->empty() || text->front() != '-') {
            SF_ASSIGN(const std::int64_t repeats, number_attribute(Inherited{{&run}}, "r", 0));
            return repeats + 1;
        }
        Wide end = -1;
        if (index + 1 < timeline.children.size()) {
            SF_ASSIGN(end, number_attribute(Inherited{{&timeline.children[index + 1]}}, "t", -1));
        } else if (period_duration_) {
            end = static_cast<Wide>(period_duration_->ticks) * timescale_ / period_duration_->timescale + offset_;
        }
        if (end <= at) return malformed(run, "a negative @r has no end to run to");
        const Wide count = (end - at + duration - 1) / duration;
        return count > most_ticks ? most_ticks : static_cast<std::int64_t>(count);
    }

    MpdRepresentation& representation_;
    const Inherited& facts_;
    std::optional<MediaTime> period_duration_;
    Budget& budget_;
    std::int64_t timescale_ = 1;
    std::int64_t offset_ = 0;
    std::int64_t start_number_ = 1;
    std::int64_t end_number_ = -1;
    std::optional<std::size_t> most_entries_;  // a list needs no more than it has URLs
};

// Levels from the representation up.
using Levels = std::array<const XmlElement*, 3>;

Inherited inherited(const Levels& levels, std::string_view name) {
    Inherited facts;
    for (const auto* level : levels) {
        if (const auto* found = level->child(name)) facts.levels.push_back(found);
    }
    return facts;
}

// The kind of segment information that stands nearest to the representation.
std::string_view addressing_name(const Levels& levels) noexcept {
    for (const auto* level : levels) {
        for (const std::string_view name : {"SegmentTemplate", "SegmentList", "SegmentBase"}) {
            if (level->child(name) != nullptr) return name;
        }
    }
    return {};
}

std::string text_attribute(const XmlElement& representation, const XmlElement& set, std::string_view name) {
    if (const auto* value = representation.attribute(name)) return *value;
    const auto* value = set.attribute(name);
    return value == nullptr ? std::string() : *value;
}

std::string with_base(const std::string& base, const XmlElement& element) {
    const XmlElement* url = element.child("BaseURL");
    return url == nullptr ? base : resolve_reference(base, url->text);
}

Result<void> expand(MpdRepresentation& representation, const Levels& levels, std::optional<MediaTime> period_duration, Budget& budget) {
    const std::string_view name = addressing_name(levels);
    const Inherited facts = inherited(levels, name);
    Expander expander(representation, facts, period_duration, budget);
    if (name.empty()) return expander.whole_file();
    SF_TRY(expander.read_clock());
    if (name == "SegmentTemplate") return expander.expand_template_segments();
    return name == "SegmentList" ? expander.expand_list() : expander.expand_base();
}

Result<std::optional<MediaTime>> duration_attribute(const XmlElement& element, std::string_view name) {
    const std::string* text = element.attribute(name);
    if (text == nullptr) return std::optional<MediaTime>();
    auto duration = parse_xs_duration(*text);
    if (!duration) return bad_attribute(element, name, " is not a duration");
    return std::optional<MediaTime>(*duration);
}

// Lengths of all Periods: @duration, else up to where the next begins or the presentation ends; nothing where neither says.
// Source: ISO/IEC 23009-1 clause 5.3.2.1.
Result<std::vector<std::optional<MediaTime>>> period_durations(const XmlElement& root) {
    SF_ASSIGN(const std::optional<MediaTime> total, duration_attribute(root, "mediaPresentationDuration"));
    std::vector<std::optional<MediaTime>> durations;
    std::vector<std::optional<MediaTime>> starts;
    std::optional<MediaTime> expected = MediaTime{};
    for (const auto& period : root.children) {
        if (period.name != "Period") continue;
        SF_ASSIGN(const std::optional<MediaTime> start, duration_attribute(period, "start"));
        SF_ASSIGN(const std::optional<MediaTime> duration, duration_attribute(period, "duration"));
        starts.push_back(start ? start : expected);
        durations.push_back(duration);
        expected = starts.back() && duration ? std::optional(*starts.back() + *duration) : std::nullopt;
    }
    for (std::size_t i = 0; i < durations.size(); ++i) {
        const std::optional<MediaTime> end = i + 1 < starts.size() ? starts[i + 1] : total;
        if (durations[i] || !starts[i] || !end || *end <= *starts[i]) continue;
        durations[i] = *end - *starts[i];
    }
    return durations;
}

}  // namespace

Result<std::vector<MpdRepresentation>> mpd_representations(const Mpd& mpd, const ParseLimits& limits) {
    const std::string* type = mpd.root.attribute("type");
    if (type != nullptr && *type == "dynamic") {
        return make_error(Errc::unsupported, std::string(operation), "a dynamic MPD has no fixed list of segments");
    }
    constexpr std::size_t uri_bytes_per_byte = 8;
    Budget budget{limits.max_segments, uri_bytes_per_byte * limits.max_bytes};
    std::vector<MpdRepresentation> representations;
    std::size_t period_index = 0;
    const std::string root_base = with_base({}, mpd.root);
    SF_ASSIGN(const std::vector<std::optional<MediaTime>> durations, period_durations(mpd.root));
    for (const auto& period : mpd.root.children) {
        if (period.name != "Period") continue;
        const std::optional<MediaTime> duration = durations[period_index];
        const std::string period_base = with_base(root_base, period);
        for (const auto& set : period.children) {
            if (set.name != "AdaptationSet") continue;
            const std::string set_base = with_base(period_base, set);
            for (const auto& element : set.children) {
                if (element.name != "Representation") continue;
                MpdRepresentation representation;
                representation.period = period_index;
                representation.adaptation_set = &set;
                representation.element = &element;
                representation.id = text_attribute(element, element, "id");
                representation.mime_type = text_attribute(element, set, "mimeType");
                representation.codecs = text_attribute(element, set, "codecs");
                representation.bandwidth_bps = parse_decimal(text_attribute(element, element, "bandwidth")).value_or(0);
                representation.base_url = with_base(set_base, element);
                if (representation.base_url.size() > max_template_bytes) return over("a BaseURL is too long");
                if (representation.id.size() > max_template_bytes) return over("a Representation@id is too long");
                SF_TRY(expand(representation, {&element, &set, &period}, duration, budget));
                representations.push_back(std::move(representation));
            }
        }
        ++period_index;
    }
    return representations;
}

}  // namespace streamforge::manifest
