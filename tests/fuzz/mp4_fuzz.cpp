// libraries: packaging core
#include <cstddef>
#include <cstdint>
#include <vector>

#include <streamforge/packaging/remux.hpp>

using namespace streamforge;
using namespace streamforge::packaging;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

// Every segment can be made, is as long as was promised, and starts where the one before ended.
Bytes check_track(const RemuxTrack& track, const ByteSource& source) {
    Bytes joined = track.init_segment();
    MediaTime at = track.facts(0).start;
    require(at.ticks >= 0);
    for (std::size_t i = 0; i < track.segment_count(); ++i) {
        const SegmentLayout layout = track.segment(i);
        require(layout.facts.start == at);
        at = at + layout.facts.duration;
        const auto bytes = materialise(layout, source);
        require(bytes.has_value() && bytes->size() == layout.facts.size_bytes);
        joined.insert(joined.end(), bytes->begin(), bytes->end());
    }
    return joined;
}

void check_plan(const Mp4File& file, const ByteSource& source, const RemuxOptions& options) {
    const std::vector<RemuxInput> inputs{{"fuzz", file, {}}};
    const auto plan = plan_remux(inputs, options);
    if (!plan) return;
    for (const RemuxTrack& track : plan->tracks) {
        const auto again = bytes_source(check_track(track, source));
        const auto read = read_mp4(*again);
        // What was written must be readable; only a track whose samples are all empty has nothing to read.
        if (!read) continue;
        require(read->tracks.size() == 1 && read->tracks[0].index->size() > 0);
        require(read->tracks[0].format.codec == track.format().codec);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto source = bytes_source(Bytes(data, data + size));
    Mp4Limits limits;
    limits.max_samples = 20'000;
    const auto file = read_mp4(*source, limits);
    if (!file) {
        require(!file.error().message.empty());
        return 0;
    }
    for (const Mp4Track& track : file->tracks) {
        require(track.index->total_bytes() <= size && !track.index->empty());
        for (auto cursor = track.index->cursor(); !cursor.at_end();) {
            const IndexedSample sample = cursor.next();
            require(sample.offset <= size && sample.size_bytes <= size - sample.offset && sample.duration >= 0);
        }
    }
    for (const auto priming : {AudioPriming::edit_list, AudioPriming::drop_packets}) {
        for (const auto reordering : {VideoReordering::edit_list, VideoReordering::signed_offsets}) {
            check_plan(*file, *source, {.period = {1, 2}, .audio_priming = priming, .video_reordering = reordering});
        }
    }
    return 0;
}
