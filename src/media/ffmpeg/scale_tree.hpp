#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/media/encode_plan.hpp>

#include "media/ffmpeg/scale_picture.hpp"

namespace streamforge::media::ffmpeg {

/// One node of the scaling tree: makes pictures of one shape, for an encoder, for further nodes, or for thumbnails.
struct StagePlan {
    std::optional<std::size_t> parent;  ///< Index of an earlier stage; none: the decoded picture.
    PictureShape shape;
    bool tone_map = false;                 ///< HDR to SDR happens here, after scaling.
    std::optional<std::size_t> rendition;  ///< Index in the plan's video renditions; none: pictures only.
    std::string name;

    friend bool operator==(const StagePlan&, const StagePlan&) = default;
};

/// From where each rendition gets its pictures. Parents come before children.
///
/// Renditions of one kind (dynamic range and depth) form a chain of their own; in it a picture is scaled from the largest
/// one that is at most twice its size, else from the next larger: cheap, and never more than a step or two from the source.
/// HDR is tone-mapped once, at the top of the SDR chain. Where pictures are wanted and no SDR rendition is made, a small
/// stage without an encoder stands in.
[[nodiscard]] std::vector<StagePlan> plan_stages(const EncodePlan& plan);

/// The stage that feeds thumbnails of `width_px`: the smallest SDR picture that is at least so wide, else the widest.
[[nodiscard]] std::optional<std::size_t> stage_for_width(const std::vector<StagePlan>& stages, const EncodePlan& plan, int width_px);

}  // namespace streamforge::media::ffmpeg
