#include <algorithm>
#include <utility>

#include <streamforge/manifest/bandwidth.hpp>
#include <streamforge/manifest/mpd_parser.hpp>

#include "core/try.hpp"
#include "manifest/lint_files.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t microseconds = 1'000'000;

class DashPresentationLint {
public:
    DashPresentationLint(LintFiles& files, std::string path, MediaTime min_buffer_time)
        : files_(files), path_(std::move(path)), min_buffer_time_(min_buffer_time) {}

    Result<void> check(const MpdRepresentation& representation) {
        const std::size_t line = representation.element->line;
        if (representation.initialization) SF_TRY(measure(*representation.initialization, line));
        if (representation.index_range) {
            SF_TRY(measure({representation.base_url, representation.index_range, {}, {}}, line));
        }
        std::vector<SizedSegment> sizes;
        bool complete = true;
        for (const auto& segment : representation.segments) {
            SF_ASSIGN(const auto size, measure(segment, line));
            complete = complete && size.has_value();
            sizes.push_back({size.value_or(0), segment.duration.rescaled(microseconds, Rounding::nearest).ticks});
        }
        if (!complete || representation.bandwidth_bps == 0) return {};
        compare(representation, sizes);
        return {};
    }

private:
    Result<std::optional<std::uint64_t>> measure(const MpdSegment& segment, std::size_t line) {
        const auto resolved = files_.resolve(path_, segment.uri, line);
        if (!resolved) return std::optional<std::uint64_t>();
        return files_.measure(*resolved, segment.range, path_, line);
    }

    // @bandwidth bounds what a client needs. Of one file with an index the segments are not known here: its average must fit.
    void compare(const MpdRepresentation& representation, const std::vector<SizedSegment>& sizes) {
        const bool timed = representation.mime_type.substr(0, 5) == "video" || representation.mime_type.substr(0, 5) == "audio";
        const bool whole = sizes.size() == 1 && !representation.segments.front().range;
        const std::uint64_t average = average_bandwidth_bps(sizes, microseconds);
        const std::uint64_t needed =
            timed && !whole && min_buffer_time_.ticks > 0 ? dash_bandwidth_bps(sizes, microseconds, min_buffer_time_) : average;
        if (needed > representation.bandwidth_bps + representation.bandwidth_bps / 10) {
            files_.report(
                "dash.bandwidth.measured", Severity::error, path_, representation.element->line,
                "@bandwidth is " + std::to_string(representation.bandwidth_bps) + ", the segments need " + std::to_string(needed));
        }
    }

    LintFiles& files_;
    std::string path_;
    MediaTime min_buffer_time_;
};

}  // namespace

Result<void> lint_dash_presentation(LintFiles& files, const std::string& path, const std::string& text, const LintOptions& options,
                                    std::vector<Finding>& findings) {
    for (auto& finding : lint_mpd(text, options)) {
        finding.path = path;
        findings.push_back(std::move(finding));
    }
    const auto mpd = parse_mpd(text, options.limits);
    if (!mpd) return {};  // a finding says so
    const auto representations = mpd_representations(*mpd, options.limits);
    if (!representations) return {};
    const std::string* buffer = mpd->root.attribute("minBufferTime");
    const auto min_buffer_time = buffer == nullptr ? Result<MediaTime>(MediaTime{}) : parse_xs_duration(*buffer);
    DashPresentationLint lint(files, path, min_buffer_time ? *min_buffer_time : MediaTime{});
    for (const auto& representation : *representations) SF_TRY(lint.check(representation));
    return {};
}

}  // namespace streamforge::manifest
