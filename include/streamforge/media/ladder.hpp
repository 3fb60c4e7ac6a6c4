#pragma once

#include <string>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/encode_plan.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::media {

/// One rung of a ladder, named by the short side of the picture.
struct Rung {
    std::uint32_t short_side_px = 0;
    RateControl rate;                  ///< For H.264, caps at 30 frames per second or less; adapted to other codecs and rates.
    std::uint64_t audio_bps = 128000;  ///< Stereo AAC that goes with this rung.
};

struct LadderPolicy {
    /// "default" (2160/1440/1080/720/540/360/240, capped CRF; a source between two rungs gets a top rung of its own size, and
    /// rates follow the picture's real area) or "classic" (360p 800 kb/s + 96k audio, 720p 2.5 Mb/s + 128k, 1080p 5 Mb/s +
    /// 192k; rates as stated).
    std::string preset = "default";
    /// Not empty: replaces the preset's, used as stated. A rung up to 15 % above the source is made at the source's size.
    std::vector<Rung> rungs;
    std::vector<Codec> codecs{Codec::h264};  ///< One set of renditions for each.
    std::string speed = "medium";            ///< ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow.
    MediaTime segment{4, 1};                 ///< Asked segment length, 1 to 30 s.
    std::uint32_t max_short_side_px = 2160;
    bool surround = true;  ///< Keep 5.1 as a second rendition where the source has it.
    bool text = true;
    bool measure_quality = true;
    PicturePlan pictures;
    bool field_rate = false;  ///< Interlaced sources: one picture from each field (30i to 60p), not from each pair.
    int encoder_threads = 0;  ///< Per encoder; 0: by the number of cores when planning, at most 8 for each.

    /// *Errors*: `invalid_argument` that names the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// The rungs of a preset. *Errors*: `invalid_argument` for an unknown name (the message lists the known ones).
[[nodiscard]] STREAMFORGE_EXPORT Result<std::vector<Rung>> preset_rungs(const std::string& name);

/// Decides renditions, cut list, filters and names for a probed input. Pure: no I/O, no clock, same result every time.
///
/// Never upscales; portrait and odd sources get even, square-pixel sizes; at least one rendition is made of any picture.
/// *Errors*: `no_streams` (nothing to play), `unsupported_codec` (what would be played cannot be decoded; names it),
/// `invalid_argument` (policy).
[[nodiscard]] STREAMFORGE_EXPORT Result<EncodePlan> plan_encode(const MediaInfo& info, const LadderPolicy& policy);

}  // namespace streamforge::media
