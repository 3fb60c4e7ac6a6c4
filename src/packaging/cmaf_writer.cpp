#include <streamforge/packaging/cmaf_writer.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <streamforge/packaging/codec_string.hpp>

#include "core/try.hpp"
#include "packaging/codec_config.hpp"
#include "packaging/fragment.hpp"
#include "packaging/init_segment.hpp"
#include "packaging/sample_normaliser.hpp"

namespace streamforge::packaging {
namespace {

Error bad(const char* what) { return make_error(Errc::invalid_argument, "packaging.cmaf_writer", what); }

/// Where avcC and hvcC say how long NAL unit lengths are, and how they say "4 bytes".
constexpr std::size_t avcc_length_byte = 4, hvcc_length_byte = 21;
constexpr std::uint8_t lengths_of_4 = 3;

/// A segment as it fills.
struct OpenSegment {
    Bytes payload;
    std::vector<FragmentSample> samples;
    std::int64_t cut_index = 0;
};

std::int64_t priming_ticks(const TrackFormat& format) {
    if (format.kind != TrackKind::audio || format.audio.sample_rate_hz == 0) return 0;
    return mul_div(format.audio.priming_samples, format.timescale, format.audio.sample_rate_hz, Rounding::nearest);
}

}  // namespace

struct CmafTrackWriter::Impl {
    TrackFormat format;
    CutList cuts;
    CmafOptions options;
    SegmentSink sink;

    std::optional<CodecConfig> config;
    std::optional<SampleNormaliser> normaliser;
    Bytes normalised;          ///< The sample at hand, as it will be written.
    std::int64_t priming = 0;  ///< In ticks.
    std::int64_t dropped = 0;  ///< Ticks of priming packets left out.
    bool dropping = false;
    std::int64_t last_audio_pts = std::numeric_limits<std::int64_t>::min();
    /// Complete but for the start of the next segment, which leading pictures may move before the sync sample's time.
    std::optional<OpenSegment> closing;
    std::optional<OpenSegment> current;
    /// Ticks by which decode times are moved so that the first is not negative; the edit list takes them off again.
    std::optional<std::int64_t> reorder_delay;
    std::int64_t next_number = 1;
    bool finished = false;

    [[nodiscard]] bool keeps_priming() const { return options.audio_priming == AudioPriming::edit_list; }
    /// Media time that is presentation time 0.
    [[nodiscard]] std::int64_t presentation_zero() const { return keeps_priming() ? priming : 0; }
    /// Whether decode times are the encoder's own.
    [[nodiscard]] bool keeps_dts() const {
        return format.kind == TrackKind::video && options.video_reordering == VideoReordering::edit_list;
    }
    /// Media time at which an edit list lets the presentation begin; none: no edit list is written.
    [[nodiscard]] std::optional<std::int64_t> edit_start() const {
        const std::int64_t skipped = std::max(presentation_zero(), reorder_delay.value_or(0));
        return skipped > 0 ? std::optional(skipped) : std::nullopt;
    }
    [[nodiscard]] MediaTime on_presentation(std::int64_t pts) const { return {pts - presentation_zero(), format.timescale}; }

    Result<void> learn(ByteView first_packet);
    Result<void> check(const EncodedSample& sample) const;
    [[nodiscard]] bool drops(EncodedSample& sample);
    [[nodiscard]] std::int64_t cut_index_of(const EncodedSample& sample) const;
    Result<void> append(const EncodedSample& sample);
    Result<void> close_current();
    /// `end_pts` and `end_dts` are where the next segment begins.
    Result<void> emit(OpenSegment segment, std::int64_t end_pts, std::int64_t end_dts);
    Result<void> emit_closing();
};

Result<void> CmafTrackWriter::Impl::learn(ByteView first_packet) {
    if (config) return {};
    if (must_learn_codec_config(format)) {
        SF_ASSIGN(format.codec_config, learn_codec_config(format, first_packet));
    }
    SF_ASSIGN(config, make_codec_config(format));
    normaliser.emplace(format, *config);
    // The normaliser writes lengths of 4 bytes whatever the source has.
    if (format.codec == Codec::h264) config->body[avcc_length_byte] |= lengths_of_4;
    if (format.codec == Codec::hevc) config->body[hvcc_length_byte] |= lengths_of_4;
    return {};
}

Result<void> CmafTrackWriter::Impl::check(const EncodedSample& sample) const {
    if (finished) return bad("the track is finished");
    if (sample.pts < 0) return bad("a presentation time is negative").with("pts", std::to_string(sample.pts));
    if (sample.duration < 0) return bad("a duration is negative").with("pts", std::to_string(sample.pts));
    if (format.kind == TrackKind::audio && sample.pts < last_audio_pts) {
        return bad("an audio packet goes back in time").with("pts", std::to_string(sample.pts));
    }
    if (format.kind == TrackKind::video && !current && !sample.sync) return bad("the first sample is no sync sample");
    constexpr std::size_t max_sample = std::numeric_limits<std::int32_t>::max();
    if (sample.data.size() > max_sample) return bad("a sample is larger than 2 GiB").with("pts", std::to_string(sample.pts));
    return {};
}

/// Whether the packet is priming to be left out; what is kept moves to where the first kept packet starts at 0.
bool CmafTrackWriter::Impl::drops(EncodedSample& sample) {
    if (dropping) {
        if (sample.pts + sample.duration <= priming) {
            dropped = sample.pts + sample.duration;
            return true;
        }
        dropping = false;
    }
    sample.pts -= std::min(dropped, sample.pts);
    return false;
}

std::int64_t CmafTrackWriter::Impl::cut_index_of(const EncodedSample& sample) const {
    if (format.kind == TrackKind::video) return cuts.segment_at(on_presentation(sample.pts));
    // Twice the timescale, so that half a duration is exact.
    return cuts.segment_at({2 * (sample.pts - presentation_zero()) + sample.duration, 2 * format.timescale});
}

Result<void> CmafTrackWriter::Impl::append(const EncodedSample& sample) {
    // Into its own buffer first: a sample that is refused must leave no trace.
    normalised.clear();
    SF_TRY(normaliser->append(sample.data, normalised));
    const std::int64_t index = cut_index_of(sample);
    const bool may_cut = format.kind == TrackKind::audio || sample.sync;
    if (!reorder_delay) reorder_delay = keeps_dts() ? std::max<std::int64_t>(-sample.dts, 0) : 0;
    if (current && may_cut && index > current->cut_index) SF_TRY(close_current());
    if (!current) {
        current.emplace();
        current->cut_index = index;
    }
    current->payload.insert(current->payload.end(), normalised.begin(), normalised.end());
    const auto size = static_cast<std::uint32_t>(normalised.size());
    current->samples.push_back({sample.pts, sample.duration, size, sample.sync || format.kind == TrackKind::audio, sample.dts});
    last_audio_pts = sample.pts;
    // Audio has no leading samples, and a video sample shown after the sync sample ends them.
    if (closing && (format.kind == TrackKind::audio || sample.pts > current->samples.front().pts)) {
        SF_TRY(emit_closing());
    }
    return {};
}

Result<void> CmafTrackWriter::Impl::emit_closing() {
    OpenSegment done = *std::exchange(closing, std::nullopt);
    return emit(std::move(done), presentation_span(current->samples).begin, current->samples.front().dts);
}

Result<void> CmafTrackWriter::Impl::close_current() {
    if (closing) SF_TRY(emit_closing());
    closing = std::exchange(current, std::nullopt);
    return {};
}

Result<void> CmafTrackWriter::Impl::emit(OpenSegment segment, std::int64_t end_pts, std::int64_t end_dts) {
    const PresentationSpan span = presentation_span(segment.samples);
    const std::int64_t decode_time = keeps_dts() ? segment.samples.front().dts + *reorder_delay : span.begin;
    SF_ASSIGN(const auto run, keeps_dts() ? keep_decode_times(segment.samples, end_dts) : assign_decode_times(segment.samples, end_pts));
    FragmentSettings settings;
    settings.track_id = options.track_id;
    settings.sequence_number = static_cast<std::uint32_t>(next_number);
    settings.segment_type_box = options.segment_type_box;
    settings.roll_group = roll_distance(format) != 0;
    settings.has_edit_list = edit_start().has_value();
    FragmentHeader header = write_fragment_header(settings, decode_time, run);

    MediaSegment out;
    out.number = next_number++;
    const std::int64_t begin = std::max(span.begin, presentation_zero());
    out.start = on_presentation(begin);
    out.duration = {std::max(end_pts, begin) - begin, format.timescale};
    out.starts_with_sync = run.front().sync;
    if (out.starts_with_sync) {
        out.key_frame = {header.moof_offset, header.bytes.size() - header.moof_offset + run.front().size_bytes};
    }
    out.bytes = std::move(header.bytes);
    out.bytes.insert(out.bytes.end(), segment.payload.begin(), segment.payload.end());
    out.size_bytes = out.bytes.size();
    return sink(std::move(out));
}

Result<CmafTrackWriter> CmafTrackWriter::create(TrackFormat format, CutList cuts, CmafOptions options, SegmentSink sink) {
    SF_TRY(options.validate());
    if (!sink) return bad("a sink is needed").with("field", "sink");
    if (cuts.period.ticks <= 0 || cuts.period.timescale <= 0) return bad("the cut period must be positive").with("field", "cuts");
    if (format.timescale <= 0 || format.timescale > std::numeric_limits<std::uint32_t>::max()) {
        return bad("the timescale must be 1 to 2^32 - 1").with("field", "timescale");
    }
    if (format.kind == TrackKind::text) {
        return make_error(Errc::unsupported_codec, "packaging.cmaf_writer", "text tracks are written as WebVTT files");
    }
    auto impl = std::make_unique<Impl>();
    impl->priming = priming_ticks(format);
    impl->dropping = options.audio_priming == AudioPriming::drop_packets && impl->priming > 0;
    impl->format = std::move(format);
    impl->cuts = cuts;
    impl->options = options;
    impl->sink = std::move(sink);
    impl->next_number = options.first_number;
    if (!must_learn_codec_config(impl->format)) SF_TRY(impl->learn({}));
    return CmafTrackWriter(std::move(impl));
}

CmafTrackWriter::CmafTrackWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CmafTrackWriter::CmafTrackWriter(CmafTrackWriter&&) noexcept = default;
CmafTrackWriter& CmafTrackWriter::operator=(CmafTrackWriter&&) noexcept = default;
CmafTrackWriter::~CmafTrackWriter() = default;

Result<Bytes> CmafTrackWriter::init_segment() const {
    if (!impl_->config) return bad("this codec's headers are known only after the first sample");
    if (impl_->keeps_dts() && !impl_->reorder_delay) return bad("the reordering delay is known only after the first sample");
    TrackHeader header;
    header.track_id = impl_->options.track_id;
    header.duration = impl_->options.duration;
    header.bitrate = impl_->options.bitrate;
    header.edit_start = impl_->edit_start();
    return write_init_segment(impl_->format, *impl_->config, header);
}

Result<std::string> CmafTrackWriter::codec_string() const { return packaging::codec_string(impl_->format); }
const TrackFormat& CmafTrackWriter::format() const noexcept { return impl_->format; }

Result<void> CmafTrackWriter::push(EncodedSample sample) {
    SF_TRY(impl_->check(sample));
    SF_TRY(impl_->learn(sample.data));
    if (impl_->drops(sample)) return {};
    return impl_->append(sample);
}

Result<void> CmafTrackWriter::finish() {
    if (impl_->finished) return {};
    impl_->finished = true;
    if (!impl_->reorder_delay) impl_->reorder_delay = 0;
    if (!impl_->current) return {};
    SF_TRY(impl_->close_current());
    OpenSegment last = *std::exchange(impl_->closing, std::nullopt);
    const std::int64_t end = presentation_span(last.samples).end;
    const FragmentSample& final_sample = last.samples.back();
    const std::int64_t end_dts = final_sample.dts + final_sample.duration;
    return impl_->emit(std::move(last), end, end_dts);
}

}  // namespace streamforge::packaging
