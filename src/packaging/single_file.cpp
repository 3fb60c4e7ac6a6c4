#include <streamforge/packaging/single_file.hpp>

#include <limits>
#include <string>

#include "packaging/box_writer.hpp"

namespace streamforge::packaging {
namespace {

constexpr const char* operation = "packaging.single_file";
constexpr std::uint64_t sidx_fixed_bytes = 40;
constexpr std::uint64_t sidx_entry_bytes = 12;

Result<void> check(std::span<const SegmentFacts> segments, std::int64_t timescale) {
    if (segments.empty()) return make_error(Errc::invalid_argument, operation, "a file needs at least one segment");
    if (timescale <= 0 || timescale > std::numeric_limits<std::uint32_t>::max()) {
        return make_error(Errc::invalid_argument, operation, "the timescale must be 1 to 2^32 - 1");
    }
    constexpr std::size_t max_references = 0xFFFF;
    if (segments.size() > max_references) {
        return make_error(Errc::limit_exceeded, operation, "sidx holds at most 65535 segments; use longer ones")
            .with("segments", std::to_string(segments.size()));
    }
    constexpr std::uint64_t max_size = 0x7FFFFFFF;
    for (const SegmentFacts& segment : segments) {
        if (segment.size_bytes > max_size) {
            return make_error(Errc::limit_exceeded, operation, "sidx cannot name a segment of 2 GiB or more")
                .with("segment", std::to_string(segment.number));
        }
    }
    return {};
}

}  // namespace

Result<SingleFileLayout> layout_single_file(std::uint64_t init_size_bytes, std::span<const SegmentFacts> segments, std::int64_t timescale,
                                            std::uint32_t track_id) {
    if (auto checked = check(segments, timescale); !checked) return std::move(checked).error();
    SingleFileLayout layout;
    layout.init = {0, init_size_bytes};
    layout.index = {init_size_bytes, sidx_fixed_bytes + sidx_entry_bytes * segments.size()};
    std::uint64_t offset = layout.index.offset + layout.index.length;

    BoxWriter out(layout.index.length);
    {
        const auto box = out.full_box("sidx", 1, 0);
        const auto ticks = [&](const MediaTime& time) { return time.rescaled(timescale, Rounding::nearest).ticks; };
        out.u32(track_id);
        out.u32(static_cast<std::uint32_t>(timescale));
        std::int64_t begin = ticks(segments.front().start);
        out.u64(static_cast<std::uint64_t>(begin));
        out.u64(0);  // first_offset: the fragments follow at once
        out.u16(0);
        out.u16(static_cast<std::uint16_t>(segments.size()));
        for (const SegmentFacts& segment : segments) {
            const std::int64_t end = ticks(segment.start + segment.duration);
            if (end - begin > std::numeric_limits<std::uint32_t>::max()) {
                return make_error(Errc::limit_exceeded, operation, "a segment's duration needs more than 32 bits")
                    .with("segment", std::to_string(segment.number));
            }
            out.u32(static_cast<std::uint32_t>(segment.size_bytes));
            out.u32(static_cast<std::uint32_t>(end - begin));
            constexpr std::uint32_t sap_type_1 = 0x90000000;  // starts_with_SAP, type 1
            out.u32(segment.starts_with_sync ? sap_type_1 : 0);
            layout.segments.push_back({offset, segment.size_bytes});
            offset += segment.size_bytes;
            begin = end;
        }
    }
    layout.sidx = out.take();
    layout.size_bytes = offset;
    return layout;
}

}  // namespace streamforge::packaging
