#include "media/ffmpeg/stream_facts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "media/ffmpeg/durations.hpp"
#include "media/language.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::uint16_t unspecified = 2;

std::string tag(const AVStream& stream, const char* key) {
    const AVDictionaryEntry* entry = av_dict_get(stream.metadata, key, nullptr, 0);
    return entry == nullptr || entry->value == nullptr ? std::string{} : std::string(entry->value);
}

std::string of_stream(const AVStream& stream) { return "stream " + std::to_string(stream.index); }

StreamInfo::Kind kind_of(const AVCodecParameters& parameters) noexcept {
    switch (parameters.codec_type) {
        case AVMEDIA_TYPE_VIDEO: return StreamInfo::Kind::video;
        case AVMEDIA_TYPE_AUDIO: return StreamInfo::Kind::audio;
        case AVMEDIA_TYPE_SUBTITLE: return StreamInfo::Kind::subtitle;
        default: return StreamInfo::Kind::data;
    }
}

std::uint8_t depth_of(AVPixelFormat format, int raw_bits) noexcept {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    const int depth = description == nullptr ? raw_bits : description->comp[0].depth;
    return static_cast<std::uint8_t>(depth > 0 && depth <= 32 ? depth : 8);
}

Rational sample_aspect_of(const AVStream& stream) noexcept {
    // The container's aspect beats the codec's, as players do it.
    const AVRational aspect = stream.sample_aspect_ratio.num > 0 ? stream.sample_aspect_ratio : stream.codecpar->sample_aspect_ratio;
    if (aspect.num <= 0 || aspect.den <= 0) return {1, 1};
    return to_rational(aspect).reduced();
}

void read_hdr(const AVStream& stream, VideoInfo& video) {
    const auto mastering = compat::stream_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA);
    if (mastering.size >= sizeof(AVMasteringDisplayMetadata)) {
        AVMasteringDisplayMetadata metadata{};
        std::memcpy(&metadata, mastering.data, sizeof metadata);
        video.mastering_display = mastering_display_of(metadata);
    }
    const auto light = compat::stream_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL);
    if (light.size >= sizeof(AVContentLightMetadata)) {
        AVContentLightMetadata metadata{};
        std::memcpy(&metadata, light.data, sizeof metadata);
        video.content_light = content_light_of(metadata);
    }
    video.dolby_vision = compat::stream_side_data(stream, AV_PKT_DATA_DOVI_CONF).data != nullptr;
}

void read_orientation(const AVStream& stream, VideoInfo& video, std::vector<std::string>& warnings) {
    const auto side_data = compat::stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX);
    std::int32_t matrix[9];
    if (side_data.size < sizeof matrix) return;
    std::memcpy(matrix, side_data.data, sizeof matrix);
    if (const auto orientation = orientation_of(matrix)) {
        video.orientation = *orientation;
    } else {
        warnings.push_back(of_stream(stream) + " has a display matrix that is no turn by a quarter; it is ignored");
    }
}

VideoInfo read_video(const AVFormatContext& context, const AVStream& stream, std::vector<std::string>& warnings) {
    const AVCodecParameters& parameters = *stream.codecpar;
    VideoInfo video;
    video.width_px = static_cast<std::uint32_t>(std::max(parameters.width, 0));
    video.height_px = static_cast<std::uint32_t>(std::max(parameters.height, 0));
    video.sample_aspect = sample_aspect_of(stream);
    read_orientation(stream, video, warnings);
    const AVRational rate = av_guess_frame_rate(const_cast<AVFormatContext*>(&context), const_cast<AVStream*>(&stream), nullptr);
    if (rate.num > 0 && rate.den > 0) video.frame_rate = to_rational(rate).reduced();
    video.scan = scan_of(parameters.field_order);
    const auto format = static_cast<AVPixelFormat>(parameters.format);
    const char* format_name = av_get_pix_fmt_name(format);
    video.pixel_format = format_name == nullptr ? "" : format_name;
    video.bit_depth = depth_of(format, parameters.bits_per_raw_sample);
    video.colour = colour_of(parameters.color_primaries, parameters.color_trc, parameters.color_space, parameters.color_range);
    video.range = video_range(video.colour);
    read_hdr(stream, video);
    video.attached_picture = (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
    return video;
}

AudioInfo read_audio(const AVStream& stream) {
    const AVCodecParameters& parameters = *stream.codecpar;
    AudioInfo audio;
    audio.sample_rate_hz = static_cast<std::uint32_t>(std::max(parameters.sample_rate, 0));
    audio.channels = static_cast<std::uint32_t>(std::max(parameters.ch_layout.nb_channels, 0));
    std::array<char, 128> layout{};
    if (audio.channels > 0 && av_channel_layout_describe(&parameters.ch_layout, layout.data(), layout.size()) > 0) {
        audio.channel_layout = layout.data();
    }
    return audio;
}

/// A decoder is linked, and the headers tell enough for it.
bool can_decode(const StreamInfo& info, const AVStream& stream, std::vector<std::string>& warnings) {
    const bool has_decoder = avcodec_find_decoder(stream.codecpar->codec_id) != nullptr;
    if (info.kind == StreamInfo::Kind::data) return false;
    if (!has_decoder) {
        warnings.push_back(of_stream(stream) + " (" + info.codec + ") cannot be decoded here");
        return false;
    }
    if (is_protected(stream)) {
        warnings.push_back(of_stream(stream) + " is encrypted");
        return false;
    }
    if (info.video && (info.video->width_px == 0 || info.video->height_px == 0)) {
        warnings.push_back(of_stream(stream) + " has no picture size");
        return false;
    }
    if (info.audio && (info.audio->sample_rate_hz == 0 || info.audio->channels == 0)) {
        warnings.push_back(of_stream(stream) + " has no sample rate or no channels");
        return false;
    }
    return true;
}

bool is_text_subtitle(const AVCodecParameters& parameters) noexcept {
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get(parameters.codec_id);
    return descriptor != nullptr && (descriptor->props & AV_CODEC_PROP_TEXT_SUB) != 0;
}

void read_duration(const AVFormatContext& context, const AVStream& stream, StreamInfo& info, std::vector<std::string>& warnings) {
    const auto duration = stream_duration(context, stream);
    info.duration = duration.value;
    if (duration.doubt == DurationDoubt::unknown_marker) {
        warnings.push_back(of_stream(stream) + " states no usable duration (all bits set)");
    } else if (duration.doubt == DurationDoubt::not_positive) {
        warnings.push_back(of_stream(stream) + " states an impossible duration");
    }
}

/// chromaticity × 50000 and luminance × 10000, rounded; nothing when it does not fit `limit`.
std::optional<std::uint32_t> scaled(AVRational value, std::int64_t unit, std::int64_t limit) noexcept {
    if (value.den == 0) return std::nullopt;
    const std::int64_t result = mul_div(value.num, unit, value.den, Rounding::nearest);
    if (result < 0 || result > limit) return std::nullopt;
    return static_cast<std::uint32_t>(result);
}

}  // namespace

ScanType scan_of(AVFieldOrder order) noexcept {
    // The second letter is the field shown first: "tb" codes top first but shows bottom first.
    switch (order) {
        case AV_FIELD_TT:
        case AV_FIELD_BT: return ScanType::interlaced_tff;
        case AV_FIELD_BB:
        case AV_FIELD_TB: return ScanType::interlaced_bff;
        default: return ScanType::progressive;
    }
}

std::optional<Orientation> orientation_of(const std::int32_t (&matrix)[9]) noexcept {
    // Row vectors: (x, y)·[a b; c d], y down. Mirrored first means that (a, b) is negated.
    const double a = matrix[0];
    const double b = matrix[1];
    const double c = matrix[3];
    const double d = matrix[4];
    const double determinant = a * d - b * c;
    const double scale = std::hypot(a, b) * std::hypot(c, d);
    constexpr double least_right_angle = 0.9;  // sine of the angle between the axes
    if (!(scale > 0) || std::abs(determinant) < least_right_angle * scale) return std::nullopt;

    Orientation orientation;
    orientation.mirrored = determinant < 0;
    const double sign = orientation.mirrored ? -1.0 : 1.0;
    constexpr double degrees_per_radian = 57.29577951308232;
    const double degrees = std::atan2(sign * b, sign * a) * degrees_per_radian;
    const double quarters = std::round(degrees / 90.0);
    constexpr double most_off = 20.0;
    if (std::abs(degrees - quarters * 90.0) > most_off) return std::nullopt;
    orientation.clockwise_degrees = ((static_cast<int>(quarters) * 90) % 360 + 360) % 360;
    return orientation;
}

ColourInfo colour_of(AVColorPrimaries primaries, AVColorTransferCharacteristic transfer, AVColorSpace matrix, AVColorRange range) noexcept {
    const auto known = [](int value, int count) {
        // 0 and 3 are reserved for primaries and transfer; 0 is a real matrix (RGB). FFmpeg's own numbers start at 256.
        return value >= 0 && value != 3 && value < count && value < 256 ? static_cast<std::uint16_t>(value) : unspecified;
    };
    ColourInfo colour;
    colour.primaries = primaries == AVCOL_PRI_RESERVED0 ? unspecified : known(primaries, AVCOL_PRI_NB);
    colour.transfer = transfer == AVCOL_TRC_RESERVED0 ? unspecified : known(transfer, AVCOL_TRC_NB);
    colour.matrix = known(matrix, AVCOL_SPC_NB);
    colour.full_range = range == AVCOL_RANGE_JPEG;
    return colour;
}

std::optional<MasteringDisplay> mastering_display_of(const AVMasteringDisplayMetadata& metadata) noexcept {
    if (metadata.has_primaries == 0 || metadata.has_luminance == 0) return std::nullopt;
    constexpr std::int64_t chromaticity_unit = 50000;
    constexpr std::int64_t luminance_unit = 10000;
    const auto point = [](AVRational value) { return scaled(value, chromaticity_unit, std::numeric_limits<std::uint16_t>::max()); };
    const auto light = [](AVRational value) { return scaled(value, luminance_unit, std::numeric_limits<std::uint32_t>::max()); };
    const std::array points{point(metadata.display_primaries[0][0]), point(metadata.display_primaries[0][1]),
                            point(metadata.display_primaries[1][0]), point(metadata.display_primaries[1][1]),
                            point(metadata.display_primaries[2][0]), point(metadata.display_primaries[2][1]),
                            point(metadata.white_point[0]),          point(metadata.white_point[1])};
    const auto most = light(metadata.max_luminance);
    const auto least = light(metadata.min_luminance);
    if (!most || !least || *most == 0 || *most <= *least) return std::nullopt;
    if (!std::ranges::all_of(points, [](const auto& each) { return each.has_value(); })) return std::nullopt;
    const auto at = [&](std::size_t index) { return static_cast<std::uint16_t>(*points[index]); };
    return MasteringDisplay{.red_x = at(0),
                            .red_y = at(1),
                            .green_x = at(2),
                            .green_y = at(3),
                            .blue_x = at(4),
                            .blue_y = at(5),
                            .white_x = at(6),
                            .white_y = at(7),
                            .max_luminance = *most,
                            .min_luminance = *least};
}

std::optional<ContentLight> content_light_of(const AVContentLightMetadata& metadata) noexcept {
    constexpr unsigned limit = std::numeric_limits<std::uint16_t>::max();
    if (metadata.MaxCLL == 0 && metadata.MaxFALL == 0) return std::nullopt;  // "not known" in every carrier of it
    if (metadata.MaxCLL > limit || metadata.MaxFALL > limit) return std::nullopt;
    return ContentLight{static_cast<std::uint16_t>(metadata.MaxCLL), static_cast<std::uint16_t>(metadata.MaxFALL)};
}

bool is_protected(const AVStream& stream) noexcept {
    return compat::stream_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO).data != nullptr ||
           av_dict_get(stream.metadata, "enc_key_id", nullptr, 0) != nullptr;  // how Matroska's is told
}

std::string codec_name(const AVCodecParameters& parameters) {
    if (parameters.codec_id != AV_CODEC_ID_NONE) return avcodec_get_name(parameters.codec_id);
    std::string sample_entry;
    for (std::uint32_t rest = parameters.codec_tag; rest != 0; rest >>= 8) {
        const char letter = static_cast<char>(rest & 0xFFU);
        if (letter < ' ' || letter > '~') return "unknown";
        sample_entry.push_back(letter);
    }
    // FFmpeg before 7.0 knows nothing of H.266.
    if (sample_entry == "vvc1" || sample_entry == "vvi1") return "vvc";
    return sample_entry.empty() ? "unknown" : sample_entry;
}

StreamInfo read_stream_facts(const AVFormatContext& context, const AVStream& stream, std::vector<std::string>& warnings) {
    const AVCodecParameters& parameters = *stream.codecpar;
    StreamInfo info;
    info.index = stream.index;
    info.kind = kind_of(parameters);
    info.codec = codec_name(parameters);
    const char* profile = avcodec_profile_name(parameters.codec_id, parameters.profile);
    info.profile = profile == nullptr ? "" : profile;
    info.language = bcp47_language(tag(stream, "language"));
    info.title = tag(stream, "title");
    info.is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0;
    info.is_forced = (stream.disposition & AV_DISPOSITION_FORCED) != 0;
    info.hearing_impaired = (stream.disposition & AV_DISPOSITION_HEARING_IMPAIRED) != 0;
    info.visual_impaired = (stream.disposition & AV_DISPOSITION_VISUAL_IMPAIRED) != 0;
    info.commentary = (stream.disposition & AV_DISPOSITION_COMMENT) != 0;
    info.bitrate_bps = static_cast<std::uint64_t>(std::max<std::int64_t>(parameters.bit_rate, 0));
    const bool has_start = stream.start_time != AV_NOPTS_VALUE && stream.time_base.num > 0 && stream.time_base.den > 0;
    info.start = has_start ? to_media_time(stream.start_time, stream.time_base) : MediaTime{0, 1};
    if (info.kind == StreamInfo::Kind::video) info.video = read_video(context, stream, warnings);
    if (info.kind == StreamInfo::Kind::audio) info.audio = read_audio(stream);
    info.text_subtitle = info.kind == StreamInfo::Kind::subtitle && is_text_subtitle(parameters);
    if (info.kind != StreamInfo::Kind::data) read_duration(context, stream, info, warnings);
    info.decodable = can_decode(info, stream, warnings);
    return info;
}

}  // namespace streamforge::media::ffmpeg
