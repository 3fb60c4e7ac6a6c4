#include "pipeline/process/track_output.hpp"

#include "core/try.hpp"
#include "pipeline/layout.hpp"

namespace streamforge::pipeline {
namespace {

/// `init`, then `sidx`, then all of `fragments`, as one body.
storage::Body whole_file(Bytes head, std::shared_ptr<ByteSource> fragments) {
    const std::uint64_t size = head.size() + fragments->size_bytes();
    auto position = std::make_shared<std::uint64_t>(0);
    auto shared_head = std::make_shared<Bytes>(std::move(head));
    return storage::Body::stream(
        [position, shared_head, fragments](std::span<std::uint8_t> into) -> Result<std::size_t> {
            const std::size_t head_size = shared_head->size();
            std::size_t count = 0;
            if (*position < head_size) {
                count = std::min<std::size_t>(into.size(), head_size - *position);
                std::copy_n(shared_head->begin() + static_cast<std::ptrdiff_t>(*position), count, into.begin());
            } else {
                SF_ASSIGN(count, fragments->read_at(*position - head_size, into));
            }
            *position += count;
            return count;
        },
        size);
}

}  // namespace

Result<void> TrackOutput::begin(const TrackFormat& format, const CutList& cuts) {
    if (single_file_) {
        SF_ASSIGN(spool_, TemporaryFile::create());
    }
    packaging::CmafOptions options;
    options.segment_type_box = !single_file_;
    SF_ASSIGN(writer_, packaging::CmafTrackWriter::create(format, cuts, options,
                                                          [this](packaging::MediaSegment segment) { return keep(std::move(segment)); }));
    return {};
}

Result<void> TrackOutput::push(EncodedSample sample) { return writer_->push(std::move(sample)); }

Result<void> TrackOutput::keep(packaging::MediaSegment segment) {
    manifest::SegmentFacts facts{
        .start = segment.start, .duration = segment.duration, .bytes = segment.size_bytes, .independent = segment.starts_with_sync};
    if (segment.starts_with_sync) facts.key_frame = segment.key_frame;
    facts_.segments.push_back(facts);
    segments_.push_back(segment);
    if (spool_) return spool_->append(segment.bytes);
    return publication_.put(folder_ + layout::segment_name(static_cast<std::uint32_t>(segment.number)), std::move(segment.bytes));
}

Result<void> TrackOutput::end() {
    SF_TRY(writer_->finish());
    SF_ASSIGN(facts_.codecs, writer_->codec_string());
    SF_ASSIGN(Bytes init, writer_->init_segment());
    const TrackFormat& format = writer_->format();
    facts_.codec = format.codec;
    facts_.timescale = format.timescale;
    facts_.language = format.language;
    facts_.init_bytes = init.size();
    facts_.files.playlist = folder_ + "playlist.m3u8";
    if (format.kind == TrackKind::video) facts_.files.i_frame_playlist = folder_ + "iframes.m3u8";
    if (single_file_) return write_single_file(init);
    facts_.files.init = folder_ + "init.mp4";
    facts_.files.media = folder_ + "seg_$Number%05d$.m4s";
    return publication_.put(facts_.files.init, std::move(init));
}

Result<void> TrackOutput::write_single_file(const Bytes& init) {
    SF_ASSIGN(const auto layout, packaging::layout_single_file(init.size(), segments_, writer_->format().timescale));
    facts_.files.init = facts_.files.media = folder_ + "media.mp4";
    facts_.files.init_range = layout.init;
    facts_.files.index_range = layout.index;
    for (std::size_t i = 0; i < facts_.segments.size(); ++i) {
        auto& facts = facts_.segments[i];
        facts.range = layout.segments[i];
        if (facts.key_frame) facts.key_frame->offset += layout.segments[i].offset;
    }
    Bytes head = init;
    head.insert(head.end(), layout.sidx.begin(), layout.sidx.end());
    return publication_.put(facts_.files.media, whole_file(std::move(head), std::move(*spool_).into_source(folder_)));
}

}  // namespace streamforge::pipeline
