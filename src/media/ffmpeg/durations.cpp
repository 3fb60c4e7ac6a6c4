#include "media/ffmpeg/durations.hpp"

#include <cstring>
#include <limits>

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::int64_t all_bits_32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t longest_believed_s = 100LL * 365 * 24 * 3600;  // past it, ticks are noise

StreamDuration judge(std::int64_t ticks, AVRational base) noexcept {
    if (ticks == AV_NOPTS_VALUE || ticks == 0) return {};  // 0 is what writers leave when they do not know
    if (base.num <= 0 || base.den <= 0) return {{}, DurationDoubt::not_positive};
    // MP4 writes 0xFFFFFFFF for "unknown"; a reader that rescales it may be off by one tick.
    if (ticks == all_bits_32 || ticks == all_bits_32 - 1) return {{}, DurationDoubt::unknown_marker};
    const MediaTime value = to_media_time(ticks, base);
    if (ticks < 0 || value > MediaTime{longest_believed_s, 1}) return {{}, DurationDoubt::not_positive};
    return {value, DurationDoubt::none};
}

}  // namespace

StreamDuration stream_duration(const AVFormatContext& context, const AVStream& stream) noexcept {
    const bool every_frame_is_as_long = std::strcmp(context.iformat == nullptr ? "" : context.iformat->name, "dv") == 0;
    if (context.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE && !every_frame_is_as_long) {
        return {{}, DurationDoubt::bitrate_guess};
    }
    return judge(stream.duration, stream.time_base);
}

StreamDuration whole_duration(const AVFormatContext& context) noexcept {
    StreamDuration longest;
    for (unsigned i = 0; i < context.nb_streams; ++i) {
        const StreamDuration each = stream_duration(context, *context.streams[i]);
        if (each.value && (!longest.value || *each.value > *longest.value)) longest = each;
        if (!longest.value && each.doubt != DurationDoubt::none) longest.doubt = each.doubt;
    }
    if (longest.value || longest.doubt != DurationDoubt::none) return longest;
    return judge(context.duration, AV_TIME_BASE_Q);
}

}  // namespace streamforge::media::ffmpeg
