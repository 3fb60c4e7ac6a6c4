#include <streamforge/manifest/bandwidth.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>

#include "manifest/wide.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t microseconds = 1'000'000;
constexpr std::uint64_t saturated = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t most_total = std::uint64_t{1} << 62;  // so that products of two sums fit 128 bits

// Bytes per tick, exact.
struct Density {
    Wide bytes = 0;
    Wide ticks = 1;
};

// Sums of everything in front of point i; one more point than segments.
struct Curve {
    std::vector<std::uint64_t> bytes{0};
    std::vector<std::int64_t> ticks{0};

    [[nodiscard]] std::size_t segments() const noexcept { return bytes.size() - 1; }
    // Height of point i over the line of slope `line` through the first point, times line.ticks. A run from i to j is denser
    // than the line when its end stands higher than its start.
    [[nodiscard]] Wide height(std::size_t byte_point, std::size_t tick_point, const Density& line) const noexcept {
        return line.ticks * static_cast<Wide>(bytes[byte_point]) - line.bytes * ticks[tick_point];
    }
};

std::optional<Curve> cumulate(std::span<const SizedSegment> segments) {
    Curve curve;
    curve.bytes.reserve(segments.size() + 1);
    curve.ticks.reserve(segments.size() + 1);
    for (const auto& segment : segments) {
        const Wide bytes = static_cast<Wide>(curve.bytes.back()) + segment.bytes;
        const Wide ticks = static_cast<Wide>(curve.ticks.back()) + std::max<std::int64_t>(0, segment.duration_ticks);
        if (bytes > static_cast<Wide>(most_total) || ticks > static_cast<Wide>(most_total)) return std::nullopt;
        curve.bytes.push_back(static_cast<std::uint64_t>(bytes));
        curve.ticks.push_back(static_cast<std::int64_t>(ticks));
    }
    return curve;
}

std::uint64_t bits_per_second(const Density& density, std::int64_t timescale) {
    if (density.ticks <= 0) return density.bytes > 0 ? saturated : 0;
    // bytes < 2^63 and 8 × timescale < 2^67 could pass 128 bits: split off whole parts first.
    const Wide whole = density.bytes / density.ticks;
    const Wide rest = density.bytes % density.ticks;
    const Wide scale = Wide{8} * timescale;
    if (whole > static_cast<Wide>(saturated) / scale) return saturated;
    const Wide rate = whole * scale + (rest * timescale * 8 + density.ticks - 1) / density.ticks;
    return rate > static_cast<Wide>(saturated) ? saturated : static_cast<std::uint64_t>(rate);
}

// Runs [begin, end) allowed in a search for the densest, given as points.
struct Run {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The run of allowed length that stands highest over the line; nothing when no run is allowed.
std::optional<Run> best_window(const Curve& curve, const Density& line, Wide twice_least, Wide twice_most,
                               std::vector<std::size_t>& starts) {
    starts.clear();        // candidates for a start, their heights growing
    std::size_t head = 0;  // first candidate still near enough
    std::size_t next = 0;  // first point not yet a candidate
    std::optional<Run> best;
    Wide best_height = 0;
    for (std::size_t end = 1; end <= curve.segments(); ++end) {
        while (next < end && 2 * static_cast<Wide>(curve.ticks[end] - curve.ticks[next]) >= twice_least) {
            const Wide height = curve.height(next, next, line);
            while (starts.size() > head && curve.height(starts.back(), starts.back(), line) >= height) starts.pop_back();
            starts.push_back(next++);
        }
        while (head < starts.size() && 2 * static_cast<Wide>(curve.ticks[end] - curve.ticks[starts[head]]) > twice_most) ++head;
        if (head == starts.size()) continue;
        const Wide height = curve.height(end, end, line) - curve.height(starts[head], starts[head], line);
        if (!best || height > best_height) {
            best = Run{starts[head], end};
            best_height = height;
        }
    }
    return best;
}

Density single_segment_peak(std::span<const SizedSegment> segments) {
    Density densest{0, 1};
    for (const auto& segment : segments) {
        if (segment.duration_ticks <= 0) continue;
        if (static_cast<Wide>(segment.bytes) * densest.ticks > densest.bytes * segment.duration_ticks) {
            densest = {static_cast<Wide>(segment.bytes), segment.duration_ticks};
        }
    }
    return densest;
}

// Dinkelbach's method: the run that stands highest over the line of the best density so far is denser, or there is none
// denser. A handful of passes, each linear.
template <class BestRun, class DensityOf>
std::optional<Density> densest_run(BestRun best_run, DensityOf density_of) {
    auto run = best_run(Density{0, 1});
    if (!run) return std::nullopt;
    Density densest = density_of(*run);
    while (true) {
        run = best_run(densest);
        const Density candidate = density_of(*run);
        if (candidate.bytes * densest.ticks <= densest.bytes * candidate.ticks) return densest;
        densest = candidate;
    }
}

std::vector<SizedSegment> sized(std::span<const SegmentFacts> segments, const std::vector<std::int64_t>& durations) {
    std::vector<SizedSegment> result;
    result.reserve(segments.size());
    for (std::size_t i = 0; i < segments.size(); ++i) result.push_back({segments[i].bytes, durations[i]});
    return result;
}

HlsBandwidth hls_bandwidth_of(std::span<const SizedSegment> segments, std::int64_t target_duration_s) {
    HlsBandwidth bandwidth;
    bandwidth.average_bps = average_bandwidth_bps(segments, microseconds);
    bandwidth.peak_bps = std::max(bandwidth.average_bps, peak_bandwidth_bps(segments, microseconds, target_duration_s));
    return bandwidth;
}

std::int64_t microseconds_of(const MediaTime& time) { return time.rescaled(microseconds, Rounding::nearest).ticks; }

}  // namespace

std::uint64_t peak_bandwidth_bps(std::span<const SizedSegment> segments, std::int64_t timescale, std::int64_t target_duration_s) {
    const auto curve = cumulate(segments);
    if (!curve) return saturated;
    const Wide target = static_cast<Wide>(target_duration_s) * timescale;
    std::vector<std::size_t> starts;
    const auto densest = target <= 0
                             ? std::nullopt
                             : densest_run([&](const Density& line) { return best_window(*curve, line, target, 3 * target, starts); },
                                           [&](const Run& run) {
                                               return Density{static_cast<Wide>(curve->bytes[run.end] - curve->bytes[run.begin]),
                                                              curve->ticks[run.end] - curve->ticks[run.begin]};
                                           });
    return bits_per_second(densest ? *densest : single_segment_peak(segments), timescale);
}

std::uint64_t average_bandwidth_bps(std::span<const SizedSegment> segments, std::int64_t timescale) {
    const auto curve = cumulate(segments);
    if (!curve) return saturated;
    if (curve->ticks.back() == 0) return 0;
    return bits_per_second({static_cast<Wide>(curve->bytes.back()), curve->ticks.back()}, timescale);
}

std::uint64_t dash_bandwidth_bps(std::span<const SizedSegment> segments, std::int64_t timescale, MediaTime min_buffer_time) {
    auto curve = cumulate(segments);
    if (!curve) return saturated;
    if (segments.empty()) return 0;
    // Both times on one scale; where that leaves 64 bits the buffer is rounded down, which only asks for more bandwidth.
    Wide common = static_cast<Wide>(timescale) / std::gcd(timescale, min_buffer_time.timescale) * min_buffer_time.timescale;
    constexpr Wide finest = Wide{1} << 48;
    if (common > finest || curve->ticks.back() > static_cast<std::int64_t>(static_cast<Wide>(most_total) / (common / timescale))) {
        common = timescale;
    }
    const auto scale = static_cast<std::int64_t>(common);
    for (auto& ticks : curve->ticks) ticks *= scale / timescale;
    const std::int64_t buffer = min_buffer_time.rescaled(scale, Rounding::down).ticks;
    if (buffer <= 0) return curve->bytes.back() > 0 ? saturated : 0;

    // A run i…j must have come when j starts: bytes of i…j in buffer + duration of i…j−1.
    const auto densest = densest_run(
        [&](const Density& line) -> std::optional<Run> {
            Run best{0, 1};
            Wide best_height = curve->height(1, 0, line);
            std::size_t lowest = 0;
            for (std::size_t last = 1; last < curve->segments(); ++last) {
                if (curve->height(last, last, line) < curve->height(lowest, lowest, line)) lowest = last;
                const Wide height = curve->height(last + 1, last, line) - curve->height(lowest, lowest, line);
                if (height > best_height) {
                    best_height = height;
                    best = {lowest, last + 1};
                }
            }
            return best;
        },
        [&](const Run& run) {
            return Density{static_cast<Wide>(curve->bytes[run.end] - curve->bytes[run.begin]),
                           static_cast<Wide>(buffer) + curve->ticks[run.end - 1] - curve->ticks[run.begin]};
        });
    return bits_per_second(*densest, scale);
}

std::vector<std::int64_t> extinf_microseconds(std::span<const SegmentFacts> segments) {
    std::vector<std::int64_t> durations;
    durations.reserve(segments.size());
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const MediaTime end = i + 1 < segments.size() ? segments[i + 1].start : segments[i].end();
        durations.push_back(microseconds_of(end) - microseconds_of(segments[i].start));
    }
    return durations;
}

std::vector<std::int64_t> i_frame_microseconds(std::span<const SegmentFacts> segments) {
    std::vector<std::int64_t> durations;
    std::optional<std::int64_t> start;
    for (const auto& segment : segments) {
        if (!segment.key_frame) continue;
        const std::int64_t next = microseconds_of(segment.start);
        if (start) durations.push_back(next - *start);
        start = next;
    }
    if (start) durations.push_back(microseconds_of(segments.back().end()) - *start);
    return durations;
}

HlsBandwidth hls_bandwidth(std::span<const SegmentFacts> segments, std::int64_t target_duration_s) {
    return hls_bandwidth_of(sized(segments, extinf_microseconds(segments)), target_duration_s);
}

HlsBandwidth i_frame_bandwidth(std::span<const SegmentFacts> segments, std::int64_t target_duration_s) {
    const auto durations = i_frame_microseconds(segments);
    std::vector<SizedSegment> frames;
    for (const auto& segment : segments) {
        if (segment.key_frame) frames.push_back({segment.key_frame->length, durations[frames.size()]});
    }
    return hls_bandwidth_of(frames, target_duration_s);
}

}  // namespace streamforge::manifest
