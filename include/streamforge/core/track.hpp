#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>

namespace streamforge {

enum class TrackKind : std::uint8_t { video, audio, text };

enum class Codec : std::uint8_t { unknown, h264, hevc, av1, vp9, aac, ac3, eac3, mp3, opus, flac, alac, webvtt };

/// "h264", "aac", …
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(Codec codec) noexcept;
/// The codec of that name; `Codec::unknown` when there is none.
[[nodiscard]] STREAMFORGE_EXPORT Codec codec_from_string(std::string_view name) noexcept;
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(TrackKind kind) noexcept;

/// Colour description by code points. *Source*: ISO/IEC 23091-2 (same numbers as H.264 Annex E). 2 = unspecified.
struct ColourInfo {
    std::uint16_t primaries = 2;
    std::uint16_t transfer = 2;
    std::uint16_t matrix = 2;
    bool full_range = false;

    friend bool operator==(const ColourInfo&, const ColourInfo&) = default;
};

/// Dynamic range as HLS names it (VIDEO-RANGE). *Source*: RFC 8216bis §4.4.6.2.
enum class VideoRange : std::uint8_t { sdr, hlg, pq };
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(VideoRange range) noexcept;
/// From the transfer characteristics: 16 → pq, 18 → hlg, else sdr.
[[nodiscard]] STREAMFORGE_EXPORT VideoRange video_range(const ColourInfo& colour) noexcept;

/// SMPTE ST 2086 mastering display, in the units of the `mdcv` box: chromaticities × 50000, luminances × 10000 cd/m².
struct MasteringDisplay {
    std::uint16_t red_x = 0, red_y = 0, green_x = 0, green_y = 0, blue_x = 0, blue_y = 0, white_x = 0, white_y = 0;
    std::uint32_t max_luminance = 0, min_luminance = 0;

    friend bool operator==(const MasteringDisplay&, const MasteringDisplay&) = default;
};

/// CTA-861.3 content light level, cd/m².
struct ContentLight {
    std::uint16_t max_cll = 0;
    std::uint16_t max_fall = 0;

    friend bool operator==(const ContentLight&, const ContentLight&) = default;
};

struct VideoFormat {
    std::uint32_t width_px = 0;  ///< Coded picture as shown after cropping.
    std::uint32_t height_px = 0;
    Rational sample_aspect{1, 1};
    Rational frame_rate{0, 1};  ///< Nominal; 0 when unknown.
    ColourInfo colour;
    std::uint8_t bit_depth = 8;
    std::optional<MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
};

struct AudioFormat {
    std::uint32_t sample_rate_hz = 0;
    std::uint32_t channels = 0;
    /// Samples at the start that a decoder must drop (encoder delay), on the sample-rate clock.
    std::uint32_t priming_samples = 0;
};

/// How H.264 and HEVC samples carry their NAL units, and what `codec_config` holds.
enum class NalFraming : std::uint8_t {
    length_prefixed,  ///< 4-byte lengths; `codec_config` is the body of avcC/hvcC (ISO/IEC 14496-15).
    annex_b,          ///< Start codes; `codec_config` is the parameter sets with start codes, as encoders give them.
};

/// What a decoder and a packager must know of one elementary stream before its first sample.
struct TrackFormat {
    TrackKind kind = TrackKind::video;
    Codec codec = Codec::unknown;
    std::int64_t timescale = 90000;  ///< Of all sample times of this track.
    NalFraming nal_framing = NalFraming::length_prefixed;
    /// H.264/HEVC: see `nal_framing`. AV1: sequence header OBU(s), or an av1C body (first byte 0x81).
    /// AAC: AudioSpecificConfig. Opus: OpusHead without its magic, i.e. the dOps body fields in Opus (little-endian) order.
    /// FLAC: STREAMINFO (34 bytes). AC-3/E-AC-3/MP3/text: empty, or the dac3/dec3 body.
    Bytes codec_config;
    VideoFormat video;
    AudioFormat audio;
    std::string language = "und";  ///< BCP 47.
};

/// One access unit. Times are ticks of the track's timescale on the presentation's timeline, which starts at 0.
///
/// Audio: `pts` counts from the first *encoded* sample, priming included, so the sound at presentation time 0 has
/// `pts == priming_samples`. Video: `dts` may be negative by the reorder delay; `pts` never is.
struct EncodedSample {
    std::int64_t dts = 0;
    std::int64_t pts = 0;
    std::int64_t duration = 0;  ///< ≥ 0; the last sample of a track has its real duration too.
    bool sync = false;          ///< Starts an independently decodable run (IDR, key frame); true for all audio.
    Bytes data;
};

}  // namespace streamforge
