#pragma once

#include <optional>
#include <string>
#include <vector>

#include <streamforge/media/media_info.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// Everything about a stream that its headers tell. Frame rate and scan type are what headers claim; the content has yet
/// to confirm them. Oddities are added to `warnings`, each a sentence.
[[nodiscard]] StreamInfo read_stream_facts(const AVFormatContext& context, const AVStream& stream, std::vector<std::string>& warnings);

/// FFmpeg's name for the codec, else the container's four letters for it, else "unknown".
[[nodiscard]] std::string codec_name(const AVCodecParameters& parameters);

/// How a 3×3 display matrix turns the picture. Nothing for a matrix that is no turn by a multiple of 90° at all (singular
/// or skewed beyond 20°).
[[nodiscard]] std::optional<Orientation> orientation_of(const std::int32_t (&matrix)[9]) noexcept;

/// Colour tags of a stream or frame; reserved and unknown values become 2.
[[nodiscard]] ColourInfo colour_of(AVColorPrimaries primaries, AVColorTransferCharacteristic transfer, AVColorSpace matrix,
                                   AVColorRange range) noexcept;

/// In the units of the `mdcv` box; nothing when primaries or luminances are missing or impossible.
[[nodiscard]] std::optional<MasteringDisplay> mastering_display_of(const AVMasteringDisplayMetadata& metadata) noexcept;
[[nodiscard]] std::optional<ContentLight> content_light_of(const AVContentLightMetadata& metadata) noexcept;

/// The scan type that a field order stands for; `progressive` when unknown.
[[nodiscard]] ScanType scan_of(AVFieldOrder order) noexcept;

/// Whether the container's header says that the samples are encrypted.
[[nodiscard]] bool is_protected(const AVStream& stream) noexcept;

}  // namespace streamforge::media::ffmpeg
