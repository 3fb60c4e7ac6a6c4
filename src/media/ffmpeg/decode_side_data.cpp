#include "media/ffmpeg/decode_side_data.hpp"

#include <algorithm>
#include <limits>

namespace streamforge::media::ffmpeg {
namespace {

template <class T>
const T* find(const AVFrame& picture, AVFrameSideDataType in_frame, const AVStream& stream, AVPacketSideDataType in_stream) noexcept {
    const AVFrameSideData* frame_data = av_frame_get_side_data(&picture, in_frame);
    if (frame_data != nullptr && frame_data->size >= sizeof(T)) return reinterpret_cast<const T*>(frame_data->data);
    const compat::SideData stream_data = compat::stream_side_data(stream, in_stream);
    if (stream_data.data != nullptr && stream_data.size >= sizeof(T)) return reinterpret_cast<const T*>(stream_data.data);
    return nullptr;
}

/// `value` in units of 1/`unit`, within T.
template <class T>
T in_units(AVRational value, std::int64_t unit) noexcept {
    if (value.den <= 0 || value.num < 0) return 0;
    const std::int64_t scaled = mul_div(value.num, unit, value.den, Rounding::nearest);
    return static_cast<T>(std::min<std::int64_t>(scaled, std::numeric_limits<T>::max()));
}

}  // namespace

std::optional<MasteringDisplay> mastering_display(const AVFrame& picture, const AVStream& stream) noexcept {
    const auto* data =
        find<AVMasteringDisplayMetadata>(picture, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA);
    if (data == nullptr || data->has_primaries == 0 || data->has_luminance == 0) return std::nullopt;
    constexpr std::int64_t chromaticity = 50000;
    constexpr std::int64_t luminance = 10000;
    MasteringDisplay display;
    display.red_x = in_units<std::uint16_t>(data->display_primaries[0][0], chromaticity);
    display.red_y = in_units<std::uint16_t>(data->display_primaries[0][1], chromaticity);
    display.green_x = in_units<std::uint16_t>(data->display_primaries[1][0], chromaticity);
    display.green_y = in_units<std::uint16_t>(data->display_primaries[1][1], chromaticity);
    display.blue_x = in_units<std::uint16_t>(data->display_primaries[2][0], chromaticity);
    display.blue_y = in_units<std::uint16_t>(data->display_primaries[2][1], chromaticity);
    display.white_x = in_units<std::uint16_t>(data->white_point[0], chromaticity);
    display.white_y = in_units<std::uint16_t>(data->white_point[1], chromaticity);
    display.max_luminance = in_units<std::uint32_t>(data->max_luminance, luminance);
    display.min_luminance = in_units<std::uint32_t>(data->min_luminance, luminance);
    return display;
}

std::optional<ContentLight> content_light(const AVFrame& picture, const AVStream& stream) noexcept {
    const auto* data = find<AVContentLightMetadata>(picture, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL);
    if (data == nullptr || (data->MaxCLL == 0 && data->MaxFALL == 0)) return std::nullopt;
    constexpr unsigned most = std::numeric_limits<std::uint16_t>::max();
    return ContentLight{static_cast<std::uint16_t>(std::min(data->MaxCLL, most)),
                        static_cast<std::uint16_t>(std::min(data->MaxFALL, most))};
}

}  // namespace streamforge::media::ffmpeg
