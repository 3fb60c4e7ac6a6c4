#include "media/ffmpeg/picture_maker.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/picture_jpeg.hpp"
#include "media/ffmpeg/picture_score.hpp"

namespace streamforge::media::ffmpeg {
namespace {

/// What JPEG readers assume.
ColourInfo jpeg_colour(const AVFrame& picture) noexcept {
    return {static_cast<std::uint16_t>(picture.color_primaries), static_cast<std::uint16_t>(picture.color_trc), AVCOL_SPC_BT470BG, true};
}

ColourInfo colour_of(const AVFrame& picture) noexcept {
    return {static_cast<std::uint16_t>(picture.color_primaries), static_cast<std::uint16_t>(picture.color_trc),
            static_cast<std::uint16_t>(picture.colorspace), picture.color_range == AVCOL_RANGE_JPEG};
}

void fill(AVFrame& picture, std::uint8_t luma) noexcept {
    for (int plane = 0; plane < 3; ++plane) {
        const int rows = plane == 0 ? picture.height : picture.height / 2;
        std::memset(picture.data[plane], plane == 0 ? luma : 128,
                    static_cast<std::size_t>(picture.linesize[plane]) * static_cast<std::size_t>(rows));
    }
}

void paste(const AVFrame& tile, AVFrame& sheet, int left, int top) noexcept {
    for (int plane = 0; plane < 3; ++plane) {
        const int half = plane == 0 ? 0 : 1;
        for (int row = 0; row < tile.height >> half; ++row) {
            std::uint8_t* to =
                sheet.data[plane] + static_cast<std::ptrdiff_t>((top >> half) + row) * sheet.linesize[plane] + (left >> half);
            const std::uint8_t* from = tile.data[plane] + static_cast<std::ptrdiff_t>(row) * tile.linesize[plane];
            std::memcpy(to, from, static_cast<std::size_t>(tile.width >> half));
        }
    }
}

}  // namespace

bool PictureMaker::offer(Use use, FramePtr picture, std::uint32_t times) {
    return input_.push({use, std::move(picture), times}, session_.stop());
}

Result<void> PictureMaker::run() {
    while (offers_ > 0) {
        auto offer = input_.pop(session_.stop());
        if (!offer) return Session::stopped_error();
        if (!offer->picture) {
            --offers_;
            SF_TRY(close(offer->use));
        } else if (offer->use == Use::poster) {
            SF_TRY(consider_poster(std::move(offer->picture)));
        } else {
            for (std::uint32_t i = 0; i < offer->times; ++i) SF_TRY(add_tile(*offer->picture));
        }
    }
    return {};
}

Result<void> PictureMaker::close(Use use) {
    if (use == Use::poster) return write_poster();
    return tiles_on_sheet_ > 0 ? write_sheet() : Result<void>{};
}

Result<void> PictureMaker::consider_poster(FramePtr picture) {
    const double score = poster_score(*picture);
    if (score <= best_score_) return {};
    best_score_ = score;
    best_poster_ = std::move(picture);
    return {};
}

Result<void> PictureMaker::write_poster() {
    if (!best_poster_) return {};
    const FramePtr source = std::exchange(best_poster_, nullptr);
    const PicturePlan& plan = session_.plan().pictures;
    PictureShape shape;
    shape.width_px = std::min(source->width, static_cast<int>(plan.poster_max_width_px) & ~1);
    shape.height_px = std::max(static_cast<int>(mul_div(source->height, shape.width_px, source->width, Rounding::nearest)) & ~1, 2);
    shape.colour = jpeg_colour(*source);
    PictureScaler scaler(shape, colour_of(*source));
    SF_ASSIGN(const FramePtr scaled, scaler.run(*source));
    Picture picture;
    SF_ASSIGN(picture.jpeg, encode_jpeg(*scaled, plan.jpeg_quality));
    picture.kind = Picture::Kind::poster;
    picture.width_px = static_cast<std::uint32_t>(shape.width_px);
    picture.height_px = static_cast<std::uint32_t>(shape.height_px);
    return session_.sink().on_picture(std::move(picture));
}

Result<void> PictureMaker::add_tile(const AVFrame& picture) {
    const PicturePlan& plan = session_.plan().pictures;
    if (!tile_scaler_) {
        PictureShape shape;
        shape.width_px = static_cast<int>(plan.tile_width_px);
        shape.height_px = static_cast<int>(plan.tile_height_px);
        shape.colour = jpeg_colour(picture);
        tile_scaler_.emplace(shape, colour_of(picture));
    }
    if (!sheet_) {
        SF_ASSIGN(sheet_, pooled_picture(sheet_pool_, AV_PIX_FMT_YUV420P, static_cast<int>(plan.tile_width_px * plan.columns),
                                         static_cast<int>(plan.tile_height_px * plan.rows)));
        fill(*sheet_, 0);
        tag_colour(*sheet_, jpeg_colour(picture));
    }
    SF_ASSIGN(const FramePtr tile, tile_scaler_->run(picture));
    const std::uint32_t column = tiles_on_sheet_ % plan.columns;
    const std::uint32_t row = tiles_on_sheet_ / plan.columns;
    paste(*tile, *sheet_, static_cast<int>(column * plan.tile_width_px), static_cast<int>(row * plan.tile_height_px));
    if (++tiles_on_sheet_ < plan.columns * plan.rows) return {};
    return write_sheet();
}

Result<void> PictureMaker::write_sheet() {
    const PicturePlan& plan = session_.plan().pictures;
    const FramePtr sheet = std::exchange(sheet_, nullptr);
    Picture picture;
    SF_ASSIGN(picture.jpeg, encode_jpeg(*sheet, plan.jpeg_quality));
    picture.kind = Picture::Kind::storyboard_sheet;
    picture.number = ++sheets_;
    picture.width_px = plan.tile_width_px * plan.columns;
    picture.height_px = plan.tile_height_px * plan.rows;
    picture.tiles = std::exchange(tiles_on_sheet_, 0);
    return session_.sink().on_picture(std::move(picture));
}

bool PictureTap::see(const AVFrame& picture, MediaTime start, MediaTime end) {
    if (closed_) return true;
    if (const std::uint32_t times = schedule_.wanted(start, end); times > 0) {
        FramePtr copy = share_picture(picture);
        if (copy && !maker_->offer(use_, std::move(copy), times)) return false;
    }
    return !schedule_.over() || close();
}

bool PictureTap::close() {
    if (std::exchange(closed_, true)) return true;
    return maker_->offer(use_, nullptr, 0);
}

}  // namespace streamforge::media::ffmpeg
