#include "packaging/fragment.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "packaging/box_writer.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::uint32_t sync_flags = 0x02000000;      // depends on no other sample
constexpr std::uint32_t non_sync_flags = 0x01010000;  // depends on others, is no sync sample

namespace tfhd_flag {
constexpr std::uint32_t default_duration = 0x8, default_size = 0x10, default_flags = 0x20, default_base_is_moof = 0x020000;
}
namespace trun_flag {
constexpr std::uint32_t data_offset = 0x1, first_sample_flags = 0x4, duration = 0x100, size = 0x200, flags = 0x400, composition = 0x800;
}

std::uint32_t flags_of(const RunSample& sample) { return sample.sync ? sync_flags : non_sync_flags; }

/// What can be said once in `tfhd` instead of for each sample.
struct Hoisted {
    bool duration = true;
    bool size = true;
    bool flags = true;  ///< Equal from the second sample on.
    bool first_flags_differ = false;
    bool composition = false;  ///< Some offset is not 0.
    std::uint32_t default_flags = 0;
};

Hoisted hoist(std::span<const RunSample> samples) {
    Hoisted found;
    const RunSample& first = samples.front();
    const RunSample& second = samples.size() > 1 ? samples[1] : first;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        found.duration = found.duration && samples[i].duration == first.duration;
        found.size = found.size && samples[i].size_bytes == first.size_bytes;
        found.flags = found.flags && (i == 0 || samples[i].sync == second.sync);
        found.composition = found.composition || samples[i].cts != 0;
    }
    found.default_flags = flags_of(second);
    found.first_flags_differ = first.sync != second.sync;
    return found;
}

void write_tfhd(BoxWriter& out, const FragmentSettings& settings, const Hoisted& common, const RunSample& first) {
    const std::uint32_t flags = tfhd_flag::default_base_is_moof | (common.duration ? tfhd_flag::default_duration : 0) |
                                (common.size ? tfhd_flag::default_size : 0) | (common.flags ? tfhd_flag::default_flags : 0);
    const auto box = out.full_box("tfhd", 0, flags);
    out.u32(settings.track_id);
    if (common.duration) out.u32(first.duration);
    if (common.size) out.u32(first.size_bytes);
    if (common.flags) out.u32(common.default_flags);
}

/// Returns where the data offset stands, to be filled in once the size of `moof` is known.
std::size_t write_trun(BoxWriter& out, const FragmentSettings& settings, const Hoisted& common, std::span<const RunSample> samples) {
    const bool first_flags = common.flags && common.first_flags_differ;
    const std::uint32_t flags = trun_flag::data_offset | (first_flags ? trun_flag::first_sample_flags : 0) |
                                (common.duration ? 0 : trun_flag::duration) | (common.size ? 0 : trun_flag::size) |
                                (common.flags ? 0 : trun_flag::flags) | (common.composition ? trun_flag::composition : 0);
    const auto box = out.full_box("trun", settings.has_edit_list ? 0 : 1, flags);
    out.u32(static_cast<std::uint32_t>(samples.size()));
    const std::size_t data_offset_at = out.size();
    out.u32(0);
    if (first_flags) out.u32(flags_of(samples.front()));
    for (const RunSample& sample : samples) {
        if (!common.duration) out.u32(sample.duration);
        if (!common.size) out.u32(sample.size_bytes);
        if (!common.flags) out.u32(flags_of(sample));
        if (common.composition) out.i32(sample.cts);
    }
    return data_offset_at;
}

void write_roll_group(BoxWriter& out, std::size_t samples) {
    const auto box = out.full_box("sbgp", 0, 0);
    out.fourcc("roll");
    out.u32(1);
    out.u32(static_cast<std::uint32_t>(samples));
    out.u32(1);  // the description in moov
}

void write_styp(BoxWriter& out) {
    const auto box = out.box("styp");
    out.fourcc("msdh");
    out.u32(0);
    out.fourcc("msdh");
    out.fourcc("cmfs");
}

/// `times` are the samples' decode times and, last, that of what follows.
Result<std::vector<RunSample>> run_of(std::span<const FragmentSample> samples, std::span<const std::int64_t> times) {
    std::vector<RunSample> run;
    run.reserve(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::int64_t duration = times[i + 1] - times[i];
        const std::int64_t cts = samples[i].pts - times[i];
        if (duration > std::numeric_limits<std::uint32_t>::max() || cts > std::numeric_limits<std::int32_t>::max() ||
            cts < std::numeric_limits<std::int32_t>::min()) {
            return make_error(Errc::limit_exceeded, "packaging.fragment", "a sample's duration or offset needs more than 32 bits")
                .with("pts", std::to_string(samples[i].pts));
        }
        run.push_back({static_cast<std::uint32_t>(duration), static_cast<std::int32_t>(cts), samples[i].size_bytes, samples[i].sync});
    }
    return run;
}

}  // namespace

PresentationSpan presentation_span(std::span<const FragmentSample> samples) noexcept {
    PresentationSpan span{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
    for (const FragmentSample& sample : samples) {
        span.begin = std::min(span.begin, sample.pts);
        span.end = std::max(span.end, sample.pts + sample.duration);
    }
    return span;
}

Result<std::vector<RunSample>> assign_decode_times(std::span<const FragmentSample> samples, std::int64_t end_pts) {
    std::vector<std::int64_t> times;
    times.reserve(samples.size() + 1);
    for (const FragmentSample& sample : samples) times.push_back(sample.pts);
    std::sort(times.begin(), times.end());
    if (!times.empty() && end_pts < times.back()) {
        return make_error(Errc::invalid_argument, "packaging.fragment", "a sample is shown after the next segment has begun")
            .with("pts", std::to_string(times.back()))
            .with("next_segment", std::to_string(end_pts));
    }
    times.push_back(end_pts);
    return run_of(samples, times);
}

Result<std::vector<RunSample>> keep_decode_times(std::span<const FragmentSample> samples, std::int64_t next_dts) {
    std::vector<std::int64_t> times;
    times.reserve(samples.size() + 1);
    for (const FragmentSample& sample : samples) times.push_back(sample.dts);
    times.push_back(next_dts);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (times[i + 1] >= times[i] && samples[i].pts >= times[i]) continue;
        return make_error(Errc::invalid_argument, "packaging.fragment", "a sample is decoded out of order, or after it is shown")
            .with("pts", std::to_string(samples[i].pts))
            .with("dts", std::to_string(times[i]));
    }
    return run_of(samples, times);
}

FragmentHeader write_fragment_header(const FragmentSettings& settings, std::int64_t decode_time, std::span<const RunSample> samples) {
    constexpr std::size_t fixed_bytes = 192, entry_bytes = 16;
    BoxWriter out(fixed_bytes + entry_bytes * samples.size());
    FragmentHeader header;
    if (settings.segment_type_box) write_styp(out);
    header.moof_offset = out.size();
    std::size_t data_offset_at = 0;
    {
        const auto moof = out.box("moof");
        {
            const auto mfhd = out.full_box("mfhd", 0, 0);
            out.u32(settings.sequence_number);
        }
        const auto traf = out.box("traf");
        const Hoisted common = hoist(samples);
        write_tfhd(out, settings, common, samples.front());
        {
            const auto tfdt = out.full_box("tfdt", 1, 0);
            out.u64(static_cast<std::uint64_t>(decode_time));
        }
        data_offset_at = write_trun(out, settings, common, samples);
        if (settings.roll_group) write_roll_group(out, samples.size());
    }
    for (const RunSample& sample : samples) header.payload_bytes += sample.size_bytes;
    constexpr std::uint64_t box_head = 8, large_box_head = 16;
    if (header.payload_bytes + box_head <= std::numeric_limits<std::uint32_t>::max()) {
        out.u32(static_cast<std::uint32_t>(header.payload_bytes + box_head));
        out.fourcc("mdat");
    } else {
        out.u32(1);
        out.fourcc("mdat");
        out.u64(header.payload_bytes + large_box_head);
    }
    out.put_u32(data_offset_at, static_cast<std::uint32_t>(out.size() - header.moof_offset));
    header.bytes = out.take();
    return header;
}

}  // namespace streamforge::packaging
