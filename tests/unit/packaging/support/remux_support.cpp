#include "unit/packaging/support/remux_support.hpp"

#include <gtest/gtest.h>

namespace streamforge::packaging::test {
namespace {

class MemoryOutput final : public RemuxOutput {
public:
    MemoryOutput(MemorySink& sink, std::string name) : sink_(&sink), name_(std::move(name)) {}
    Result<void> write(std::span<const ByteView> pieces) override {
        if (auto step = sink_->step(); !step) return step;
        Bytes& bytes = sink_->files[name_].bytes;
        for (const ByteView piece : pieces) bytes.insert(bytes.end(), piece.begin(), piece.end());
        return {};
    }
    Result<void> finish() override {
        if (auto step = sink_->step(); !step) return step;
        sink_->files[name_].finished = true;
        return {};
    }

private:
    MemorySink* sink_;
    std::string name_;
};

}  // namespace

Result<void> MemorySink::step() {
    if (calls++ == fail_at) return make_error(Errc::no_space, "test.sink", "no space at this call");
    return {};
}

Result<void> MemorySink::on_init(std::size_t track, const Bytes& init) {
    if (auto stepped = step(); !stepped) return stepped;
    files[std::to_string(track) + "/init"] = {init, true};
    return {};
}

Result<std::unique_ptr<RemuxOutput>> MemorySink::open_segment(std::size_t track, const SegmentFacts& facts) {
    if (auto stepped = step(); !stepped) return std::move(stepped).error();
    return std::unique_ptr<RemuxOutput>(
        std::make_unique<MemoryOutput>(*this, std::to_string(track) + "/seg-" + std::to_string(facts.number)));
}

Result<std::unique_ptr<RemuxOutput>> MemorySink::open_file(std::size_t track, const SingleFileLayout&) {
    if (auto stepped = step(); !stepped) return std::move(stepped).error();
    return std::unique_ptr<RemuxOutput>(std::make_unique<MemoryOutput>(*this, std::to_string(track) + "/file"));
}

Prepared prepare_input(const std::vector<BuiltTrack>& tracks, const BuildOptions& options, const std::string& name) {
    Prepared prepared;
    prepared.source = bytes_source(build_mp4(tracks, options), name);
    auto file = read_mp4(*prepared.source);
    if (!file) {
        ADD_FAILURE() << file.error().describe();
        return prepared;
    }
    prepared.input = {name, *std::move(file), {}};
    return prepared;
}

Prepared prepare_file(const std::string& path) {
    Prepared prepared;
    auto source = open_file(path);
    if (!source) {
        ADD_FAILURE() << source.error().describe();
        return prepared;
    }
    prepared.source = *source;
    auto file = read_mp4(*prepared.source);
    if (!file) {
        ADD_FAILURE() << file.error().describe();
        return prepared;
    }
    prepared.input = {path, *std::move(file), {}};
    return prepared;
}

Bytes joined_track(const RemuxTrack& track, const ByteSource& source) {
    Bytes all = track.init_segment();
    for (std::size_t i = 0; i < track.segment_count(); ++i) {
        const auto bytes = materialise(track.segment(i), source);
        if (!bytes) {
            ADD_FAILURE() << bytes.error().describe();
            return all;
        }
        all.insert(all.end(), bytes->begin(), bytes->end());
    }
    return all;
}

std::vector<PlayedSample> played(const Bytes& joined) {
    const auto source = bytes_source(joined);
    const auto file = read_mp4(*source);
    std::vector<PlayedSample> samples;
    if (!file) {
        ADD_FAILURE() << file.error().describe();
        return samples;
    }
    EXPECT_EQ(file->tracks.size(), 1u);
    EXPECT_TRUE(file->warnings.empty());
    const Mp4Track& track = file->tracks.at(0);
    for (auto cursor = track.index->cursor(); !cursor.at_end();) {
        const IndexedSample sample = cursor.next();
        const auto data = ByteView(joined).subspan(static_cast<std::size_t>(sample.offset), sample.size_bytes);
        samples.push_back({sample.pts() - track.media_start, sample.sync, Bytes(data.begin(), data.end())});
    }
    return samples;
}

}  // namespace streamforge::packaging::test
