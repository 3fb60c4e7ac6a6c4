#pragma once

#include <string>
#include <vector>

#include <streamforge/core/track.hpp>
#include <streamforge/packaging/cmaf_writer.hpp>

namespace streamforge::packaging::test {

/// One encoded stream made by FFmpeg, as an encoder would hand it over.
struct Clip {
    std::string path;    ///< The MP4 it came in.
    std::string stream;  ///< "v:0" or "a:0".
    TrackFormat format;
    std::vector<EncodedSample> samples;
};

/// What to make. `codec_arguments` follow the input, e.g. "-c:v libx264 -bf 2".
struct ClipRecipe {
    Codec codec = Codec::h264;
    std::string codec_arguments;
    std::string source;         ///< lavfi graph; empty: a moving test picture or a sine of 3 s.
    bool annex_b = true;        ///< H.264/HEVC: give start codes, delimiters and in-band parameter sets as encoders do.
};

[[nodiscard]] Clip make_clip(const ClipRecipe& recipe, const std::string& path);

/// Everything a writer gave.
struct Written {
    Bytes init;
    std::vector<MediaSegment> segments;
    std::string codecs;

    /// Init segment and media segments in one file.
    [[nodiscard]] Bytes joined() const;
};

/// Pushes all samples; fails the test on any error.
[[nodiscard]] Written write_all(const TrackFormat& format, const std::vector<EncodedSample>& samples, MediaTime period,
                                const CmafOptions& options = {});

/// A track of `count` samples of H.264 with made-up payloads (no decodable pictures), one sync sample per `gop`.
[[nodiscard]] TrackFormat tiny_h264_format();
[[nodiscard]] std::vector<EncodedSample> tiny_h264_samples(std::size_t count, std::size_t gop, std::int64_t frame_ticks);
[[nodiscard]] TrackFormat tiny_aac_format(std::uint32_t priming = 1024);
[[nodiscard]] std::vector<EncodedSample> tiny_aac_samples(std::size_t count);

}  // namespace streamforge::packaging::test
