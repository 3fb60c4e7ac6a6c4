#include "unit/packaging/support/media.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "packaging/codec_config.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging::test {
namespace {

bool is_video(Codec codec) {
    return codec == Codec::h264 || codec == Codec::hevc || codec == Codec::av1 || codec == Codec::vp9;
}

Bytes audio_specific_config(ByteView file) {
    const Bytes esds = find_box(file, "esds");
    const Bytes tag{5, 0x80, 0x80, 0x80};
    const auto at = std::search(esds.begin(), esds.end(), tag.begin(), tag.end());
    if (esds.end() - at < 5) return {};
    const std::size_t length = *(at + 4);
    return {at + 5, at + 5 + static_cast<std::ptrdiff_t>(std::min<std::size_t>(length, static_cast<std::size_t>(esds.end() - at - 5)))};
}

/// OpusHead without its magic, from dOps: the byte order differs.
Bytes opus_head(ByteView file) {
    Bytes body = find_box(file, "dOps");
    if (body.size() < 11) return {};
    body[0] = 1;
    std::reverse(body.begin() + 2, body.begin() + 4);
    std::reverse(body.begin() + 4, body.begin() + 8);
    std::reverse(body.begin() + 8, body.begin() + 10);
    return body;
}

Bytes annex_b_config(const TrackFormat& format) {
    const auto parsed = format.codec == Codec::hevc ? parse_hvcc(format.codec_config) : parse_avcc(format.codec_config);
    Bytes out;
    if (!parsed) return out;
    for (const Bytes& unit : parsed->parameter_sets) {
        out.insert(out.end(), {0, 0, 0, 1});
        out.insert(out.end(), unit.begin(), unit.end());
    }
    return out;
}

void become_annex_b(Clip& clip) {
    const Bytes sets = annex_b_config(clip.format);
    const Bytes delimiter = clip.format.codec == Codec::hevc ? Bytes{0, 0, 0, 1, 0x46, 0x01, 0x50} : Bytes{0, 0, 0, 1, 0x09, 0xF0};
    clip.format.codec_config = sets;
    clip.format.nal_framing = NalFraming::annex_b;
    for (EncodedSample& sample : clip.samples) {
        Bytes data = delimiter;
        if (sample.sync) data.insert(data.end(), sets.begin(), sets.end());
        const Bytes body = to_annex_b(sample.data);
        data.insert(data.end(), body.begin(), body.end());
        sample.data = std::move(data);
    }
}

Bytes stored_config(Codec codec, ByteView file) {
    switch (codec) {
        case Codec::h264: return find_box(file, "avcC");
        case Codec::hevc: return find_box(file, "hvcC");
        case Codec::av1: {
            Bytes body = find_box(file, "av1C");
            return body.size() > 4 ? Bytes(body.begin() + 4, body.end()) : Bytes{};
        }
        case Codec::vp9: return find_box(file, "vpcC");
        case Codec::aac: return audio_specific_config(file);
        case Codec::opus: return opus_head(file);
        case Codec::flac: {
            Bytes body = find_box(file, "dfLa");
            return body.size() >= 42 ? Bytes(body.begin() + 8, body.begin() + 42) : Bytes{};
        }
        case Codec::alac: {
            Bytes outer = find_box(file, "alac");  // the sample entry, which holds the box of the same name
            return find_box(ByteView(outer).subspan(28), "alac");
        }
        default: return {};
    }
}

std::uint32_t number(const std::string& text) { return static_cast<std::uint32_t>(std::atol(text.c_str())); }

}  // namespace

Clip make_clip(const ClipRecipe& recipe, const std::string& path) {
    const bool video = is_video(recipe.codec);
    Clip clip;
    clip.path = path;
    clip.stream = video ? "v:0" : "a:0";
    const std::string source = !recipe.source.empty() ? recipe.source
                               : video                ? std::string("testsrc2=s=320x180:r=30:d=3")
                                                      : std::string("sine=f=440:b=4:r=48000:d=3");
    EXPECT_TRUE(ffmpeg("-f lavfi -i " + source + " " + recipe.codec_arguments + " '" + path + "'"));
    const Bytes file = read_bytes(path);
    clip.samples = ffprobe_samples(path, clip.stream);
    TrackFormat& format = clip.format;
    format.codec = recipe.codec;
    format.kind = video ? TrackKind::video : TrackKind::audio;
    const std::string time_base = stream_field(path, clip.stream, "time_base");
    format.timescale = std::stoll(time_base.substr(time_base.find('/') + 1));
    format.codec_config = stored_config(recipe.codec, file);
    if (video) {
        format.video.width_px = number(stream_field(path, clip.stream, "width"));
        format.video.height_px = number(stream_field(path, clip.stream, "height"));
    } else {
        format.audio.sample_rate_hz = number(stream_field(path, clip.stream, "sample_rate"));
        format.audio.channels = number(stream_field(path, clip.stream, "channels"));
    }
    if (clip.samples.empty()) return clip;
    std::int64_t first = clip.samples.front().pts;
    for (EncodedSample& sample : clip.samples) {
        sample.pts -= first;
        sample.dts -= first;
    }
    if (recipe.annex_b && (recipe.codec == Codec::h264 || recipe.codec == Codec::hevc)) become_annex_b(clip);
    return clip;
}

Bytes Written::joined() const {
    Bytes all = init;
    for (const MediaSegment& segment : segments) all.insert(all.end(), segment.bytes.begin(), segment.bytes.end());
    return all;
}

Written write_all(const TrackFormat& format, const std::vector<EncodedSample>& samples, MediaTime period,
                  const CmafOptions& options) {
    Written written;
    auto writer = CmafTrackWriter::create(format, CutList{period}, options, [&](MediaSegment segment) -> Result<void> {
        written.segments.push_back(std::move(segment));
        return {};
    });
    if (!writer) {
        ADD_FAILURE() << writer.error().describe();
        return written;
    }
    for (const EncodedSample& sample : samples) {
        if (const auto pushed = writer->push(sample); !pushed) ADD_FAILURE() << pushed.error().describe();
    }
    if (const auto finished = writer->finish(); !finished) ADD_FAILURE() << finished.error().describe();
    if (auto init = writer->init_segment()) {
        written.init = *std::move(init);
    } else {
        ADD_FAILURE() << init.error().describe();
    }
    if (auto codecs = writer->codec_string()) written.codecs = *codecs;
    return written;
}

TrackFormat tiny_h264_format() {
    TrackFormat format;
    format.codec = Codec::h264;
    format.timescale = 30;
    // SPS and PPS of a 16×16 picture, Constrained Baseline, level 1.
    format.codec_config = hex("0142c00affe100066742c00ada7901000468ce3880");
    format.video = {};
    format.video.width_px = 16;
    format.video.height_px = 16;
    return format;
}

std::vector<EncodedSample> tiny_h264_samples(std::size_t count, std::size_t gop, std::int64_t frame_ticks) {
    std::vector<EncodedSample> samples;
    for (std::size_t i = 0; i < count; ++i) {
        EncodedSample sample;
        sample.pts = sample.dts = static_cast<std::int64_t>(i) * frame_ticks;
        sample.duration = frame_ticks;
        sample.sync = i % gop == 0;
        const auto fill = static_cast<std::uint8_t>(i);
        sample.data = {0, 0, 0, 3, static_cast<std::uint8_t>(sample.sync ? 0x65 : 0x41), fill, 0x80};
        samples.push_back(std::move(sample));
    }
    return samples;
}

TrackFormat tiny_aac_format(std::uint32_t priming) {
    TrackFormat format;
    format.kind = TrackKind::audio;
    format.codec = Codec::aac;
    format.timescale = 48000;
    format.codec_config = {0x11, 0x90};
    format.audio = {48000, 2, priming};
    return format;
}

std::vector<EncodedSample> tiny_aac_samples(std::size_t count) {
    std::vector<EncodedSample> samples;
    for (std::size_t i = 0; i < count; ++i) {
        const auto pts = static_cast<std::int64_t>(i) * 1024;
        samples.push_back({pts, pts, 1024, true, {0x21, static_cast<std::uint8_t>(i)}});
    }
    return samples;
}

}  // namespace streamforge::packaging::test
