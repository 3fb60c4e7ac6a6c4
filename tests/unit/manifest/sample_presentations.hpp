#pragma once

#include <cstdint>
#include <string>

#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest::testing {

/// Seven segments of 4.004 s and a last one of 1.001 s at 29.97 frames per second, the sizes around `bps`.
[[nodiscard]] TrackFacts video_track(const std::string& id, const std::string& codecs, std::uint64_t bps,
                                     std::uint32_t seed = 1);
/// AAC of 48 kHz over the same time, cut at whole frames, 1024 priming samples hidden from the first segment.
[[nodiscard]] TrackFacts audio_track(const std::string& id, std::uint64_t bps, const std::string& language);
[[nodiscard]] TrackFacts text_track(const std::string& id, const std::string& language);

[[nodiscard]] VideoRendition video(const std::string& id, std::uint32_t width, std::uint32_t height, std::uint64_t bps);
[[nodiscard]] AudioRendition audio(const std::string& id, std::uint64_t bps, const std::string& language,
                                   const std::string& group);

/// Three H.264 renditions, stereo in two languages, surround in one, three texts, thumbnails and a poster.
[[nodiscard]] Presentation full_presentation();
/// 360p, 720p and 1080p, each with its own audio bit rate.
[[nodiscard]] Presentation classic_presentation();
/// One file for each rendition, with `sidx`.
[[nodiscard]] Presentation single_file_presentation();
/// HEVC in PQ and H.264 in SDR, without audio.
[[nodiscard]] Presentation hdr_presentation();
[[nodiscard]] Presentation audio_only_presentation();

}  // namespace streamforge::manifest::testing
