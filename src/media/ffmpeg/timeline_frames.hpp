#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <streamforge/core/cut_list.hpp>
#include <streamforge/core/media_time.hpp>

namespace streamforge::media::ffmpeg {

/// One showing of a picture, in ticks of the video timescale.
struct FrameSlot {
    std::int64_t pts = 0;
    std::int64_t duration = 0;
    std::int64_t segment = 0;
    bool starts_segment = false;  ///< The first frame of its segment: an IDR goes here.
    bool repeat = false;          ///< The picture was shown before; this slot fills a hole at a cut.

    friend bool operator==(const FrameSlot&, const FrameSlot&) = default;
};

/// Puts decoded pictures on the presentation's timeline. Pure: sees times, never pictures.
///
/// The caller keeps one picture, the held one, whose end is not known yet. `push` tells what becomes of it when the next
/// picture's time is known: slots to show it in, or to drop the one or the other.
///
/// Constant rate: pictures sit on the grid of `frame_ticks`; a picture up to ¾ frame off its turn still takes it, so that
/// jitter neither drops nor doubles. Variable rate: times are kept. In both the first picture is shown from 0, holes are
/// longer durations, and where a hole covers a cut the held picture is shown again exactly there, so that every segment
/// has a first frame at its cut.
class FrameTimeline {
public:
    struct Settings {
        std::int64_t timescale = 90000;
        std::int64_t frame_ticks = 0;  ///< 0: variable rate.
        CutList cuts;
        std::int64_t usual_ticks = 3600;  ///< Length of a last picture when nothing tells it (variable rate).
    };
    struct Step {
        enum class Action : std::uint8_t {
            hold_new,      ///< Show the held picture (if any) in `slots`, then hold the new one.
            replace_held,  ///< The held one never shows (both lie before 0): hold the new one instead.
            drop_new,      ///< The new one falls on the held one's instant or before it.
        } action = Action::hold_new;
        std::vector<FrameSlot> slots;
    };

    explicit FrameTimeline(const Settings& settings) : settings_(settings) {}

    /// `time` is the new picture's presentation time; `duration` its own length if the input tells one.
    [[nodiscard]] Step push(MediaTime time, std::optional<MediaTime> duration);
    /// What the container says of the stream's end. Believed at a variable rate when it lies just after the last picture.
    void set_stated_end(MediaTime end) { stated_end_ = end.rescaled(settings_.timescale, Rounding::nearest).ticks; }
    /// Where the held picture ends if nothing follows; 0 when there was none.
    [[nodiscard]] std::int64_t natural_end() const noexcept;
    /// The held picture's last slots. It stays up until `hold_until` (ticks) where that lies after its own end.
    [[nodiscard]] std::vector<FrameSlot> finish(std::optional<std::int64_t> hold_until = std::nullopt);
    /// How late the first picture came, in ticks; it is shown from 0 all the same.
    [[nodiscard]] std::int64_t missing_start() const noexcept { return missing_start_; }

private:
    [[nodiscard]] std::int64_t place(MediaTime time) const noexcept;
    [[nodiscard]] std::int64_t cut_ticks(std::int64_t segment) const noexcept;
    [[nodiscard]] std::vector<FrameSlot> slots_until(std::int64_t end);
    void append(std::vector<FrameSlot>& slots, std::int64_t pts, bool repeat);

    Settings settings_;
    std::optional<std::int64_t> held_pts_;
    std::int64_t held_duration_ = 0;  // its own, 0 when not told
    std::int64_t last_interval_ = 0;
    std::int64_t last_segment_ = -1;
    std::int64_t stated_end_ = 0;
    std::int64_t missing_start_ = 0;
    bool shown_any_ = false;
};

}  // namespace streamforge::media::ffmpeg
