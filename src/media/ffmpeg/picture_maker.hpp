#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/media/transcode.hpp>

#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/picture_schedule.hpp"
#include "media/ffmpeg/scale_picture.hpp"
#include "media/ffmpeg/timeline_frames.hpp"
#include "media/ffmpeg/transcode_queue.hpp"
#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// Makes the poster and the storyboard sheets from pictures that the stages offer, in a thread of its own.
class PictureMaker {
public:
    enum class Use : std::uint8_t { poster, tile };

    /// `offers`: how many `PictureTap`s will be closed before the work is done.
    PictureMaker(Session& session, int offers) : session_(session), offers_(offers), input_(2) {}

    /// False when stopped. No picture: nothing more of this use comes.
    [[nodiscard]] bool offer(Use use, FramePtr picture, std::uint32_t times);
    /// Works until all taps are closed. *Errors*: the sink's, `internal`, `cancelled`.
    [[nodiscard]] Result<void> run();

private:
    struct Offer {
        Use use = Use::poster;
        FramePtr picture;
        std::uint32_t times = 1;
    };
    [[nodiscard]] Result<void> consider_poster(FramePtr picture);
    [[nodiscard]] Result<void> write_poster();
    [[nodiscard]] Result<void> add_tile(const AVFrame& picture);
    [[nodiscard]] Result<void> write_sheet();
    [[nodiscard]] Result<void> close(Use use);

    Session& session_;
    int offers_;
    BoundedQueue<Offer> input_;
    FramePtr best_poster_;
    double best_score_ = -1.0;
    std::optional<PictureScaler> tile_scaler_;
    FramePtr sheet_;
    BufferPoolPtr sheet_pool_;
    std::uint32_t tiles_on_sheet_ = 0;
    std::uint32_t sheets_ = 0;
};

/// Takes pictures out of one stage's stream when they are due.
class PictureTap {
public:
    PictureTap(PictureMaker& maker, PictureMaker::Use use, PictureSchedule schedule) : maker_(&maker), use_(use), schedule_(schedule) {}

    /// Looks at a picture that is shown in [start, end). False when stopped.
    [[nodiscard]] bool see(const AVFrame& picture, MediaTime start, MediaTime end);
    /// The stream has ended. False when stopped.
    [[nodiscard]] bool close();

private:
    PictureMaker* maker_;
    PictureMaker::Use use_;
    PictureSchedule schedule_;
    bool closed_ = false;
};

}  // namespace streamforge::media::ffmpeg
