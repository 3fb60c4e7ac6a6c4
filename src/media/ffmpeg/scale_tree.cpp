#include "media/ffmpeg/scale_tree.hpp"

#include <algorithm>
#include <numeric>

#include "media/ffmpeg/encode_options.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::uint16_t bt709 = 1;
constexpr std::uint16_t bt601_525 = 6;

/// Colour of SDR pictures made from `source`.
ColourInfo sdr_colour(const EncodePlan::VideoSource& source, std::uint32_t height_px) {
    if (source.range != VideoRange::sdr) return {bt709, bt709, bt709, false};
    ColourInfo colour = source.colour;
    colour.full_range = false;
    if (colour.matrix == AVCOL_SPC_RGB || colour.matrix == AVCOL_SPC_UNSPECIFIED) {
        colour.matrix = height_px >= 720 ? bt709 : bt601_525;
    }
    return colour;
}

PictureShape shape_of(const VideoRendition& rendition, const EncodePlan::VideoSource& source) {
    PictureShape shape;
    shape.width_px = static_cast<int>(rendition.width_px);
    shape.height_px = static_cast<int>(rendition.height_px);
    shape.format = encoder_pixel_format(rendition);
    if (rendition.range == VideoRange::sdr) {
        shape.colour = sdr_colour(source, rendition.height_px);
    } else {
        shape.colour = source.colour;
        shape.colour.full_range = false;
    }
    return shape;
}

std::int64_t area(const PictureShape& shape) { return std::int64_t{shape.width_px} * shape.height_px; }

bool same_chain(const PictureShape& a, const PictureShape& b) { return a.format == b.format && a.colour == b.colour; }

bool covers(const PictureShape& large, const PictureShape& small) {
    return large.width_px >= small.width_px && large.height_px >= small.height_px;
}

std::optional<std::size_t> find_parent(const std::vector<StagePlan>& stages, const PictureShape& shape) {
    std::optional<std::size_t> within_twice;
    std::optional<std::size_t> nearest;
    for (std::size_t i = 0; i < stages.size(); ++i) {  // largest first
        const PictureShape& candidate = stages[i].shape;
        if (!same_chain(candidate, shape) || !covers(candidate, shape)) continue;
        if (candidate == shape) return i;
        nearest = i;
        if (!within_twice && candidate.width_px <= 2 * shape.width_px && candidate.height_px <= 2 * shape.height_px) {
            within_twice = i;
        }
    }
    return within_twice ? within_twice : nearest;
}

bool wants_pictures(const EncodePlan& plan) { return plan.pictures.poster || plan.pictures.storyboard; }

/// A stage that only feeds thumbnails, shaped like the largest rendition but not wider than needed.
StagePlan picture_stage(const EncodePlan& plan) {
    const VideoRendition& largest = plan.video.front();
    std::uint32_t width = plan.pictures.storyboard ? plan.pictures.tile_width_px : 0;
    if (plan.pictures.poster) width = std::max(width, plan.pictures.poster_max_width_px);
    VideoRendition shape = largest;
    shape.range = VideoRange::sdr;
    shape.bit_depth = 8;
    shape.width_px = std::clamp<std::uint32_t>(width, 2, largest.width_px) & ~1U;
    shape.height_px = std::max<std::uint32_t>(
        static_cast<std::uint32_t>(mul_div(shape.width_px, largest.height_px, largest.width_px, Rounding::nearest)) & ~1U, 2);
    StagePlan stage;
    stage.shape = shape_of(shape, *plan.video_source);
    stage.tone_map = plan.video_source->range != VideoRange::sdr;
    stage.name = "pictures";
    return stage;
}

}  // namespace

std::vector<StagePlan> plan_stages(const EncodePlan& plan) {
    std::vector<StagePlan> stages;
    if (!plan.video_source || plan.video.empty()) return stages;
    std::vector<std::size_t> order(plan.video.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return area(shape_of(plan.video[a], *plan.video_source)) > area(shape_of(plan.video[b], *plan.video_source));
    });
    bool any_sdr = false;
    for (const std::size_t index : order) {
        const VideoRendition& rendition = plan.video[index];
        StagePlan stage;
        stage.shape = shape_of(rendition, *plan.video_source);
        stage.parent = find_parent(stages, stage.shape);
        stage.tone_map = !stage.parent && rendition.range == VideoRange::sdr && plan.video_source->range != VideoRange::sdr;
        stage.rendition = index;
        stage.name = rendition.id;
        stages.push_back(std::move(stage));
        any_sdr = any_sdr || (rendition.range == VideoRange::sdr && rendition.bit_depth == 8);
    }
    if (!any_sdr && wants_pictures(plan)) stages.push_back(picture_stage(plan));
    return stages;
}

std::optional<std::size_t> stage_for_width(const std::vector<StagePlan>& stages, const EncodePlan& plan, int width_px) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const PictureShape& shape = stages[i].shape;
        const bool sdr = !stages[i].rendition || plan.video[*stages[i].rendition].range == VideoRange::sdr;
        if (!sdr || shape.format != AV_PIX_FMT_YUV420P) continue;
        if (!best) {
            best = i;
            continue;
        }
        const int current = stages[*best].shape.width_px;
        const bool better = current >= width_px ? shape.width_px >= width_px && shape.width_px < current : shape.width_px > current;
        if (better) best = i;
    }
    return best;
}

}  // namespace streamforge::media::ffmpeg
