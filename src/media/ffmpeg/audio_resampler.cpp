#include "media/ffmpeg/audio_resampler.hpp"

#include <algorithm>
#include <array>

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.resample";
constexpr std::size_t most_channels = 64;

int open_context(ResamplerPtr& owner, ChannelLayout& from, const AudioResampler::Input& input, ChannelLayout& to, int out_rate_hz) {
    SwrContext* context = nullptr;
    int code =
        swr_alloc_set_opts2(&context, to.get(), AV_SAMPLE_FMT_FLTP, out_rate_hz, from.get(), input.format, input.rate_hz, 0, nullptr);
    owner.reset(context);
    if (code >= 0) code = swr_init(context);
    return code;
}

}  // namespace

Result<AudioResampler> AudioResampler::open(const Input& input, int out_rate_hz, int out_channels) {
    AudioResampler result;
    ChannelLayout from = input.layout;
    const int in_channels = from.get()->nb_channels;
    if (in_channels < 1 || static_cast<std::size_t>(in_channels) > most_channels || input.rate_hz < 1) {
        return make_error(Errc::unsupported_codec, operation, "sound without a usable layout or rate");
    }
    // Channels without a meaning (unknown order): take the usual one for their number.
    if (from.get()->order == AV_CHANNEL_ORDER_UNSPEC) from = ChannelLayout::usual(in_channels);
    ChannelLayout to = ChannelLayout::usual(out_channels);

    int code = open_context(result.context_, from, input, to, out_rate_hz);
    if (code < 0) {
        // No known way from this arrangement of speakers: take the usual one for the number of channels.
        from = ChannelLayout::usual(in_channels);
        code = open_context(result.context_, from, input, to, out_rate_hz);
    }
    if (code < 0) {
        auto error = ffmpeg_error(code, operation, "this sound cannot be brought to the planned channels and rate");
        error.code = Errc::unsupported_codec;
        return error;
    }
    result.in_rate_hz_ = input.rate_hz;
    result.out_rate_hz_ = out_rate_hz;
    result.out_channels_ = out_channels;
    result.in_format_ = input.format;
    result.in_channels_ = in_channels;
    return result;
}

Result<void> AudioResampler::convert(const std::uint8_t* const* data, int samples, Planes& out) {
    out.resize(static_cast<std::size_t>(out_channels_));
    const int room = swr_get_out_samples(context_.get(), samples);
    if (room < 0) return ffmpeg_error(room, operation, "the resampler failed");
    const std::size_t before = out.front().size();
    std::array<std::uint8_t*, most_channels> targets{};
    for (std::size_t channel = 0; channel < out.size(); ++channel) {
        out[channel].resize(before + static_cast<std::size_t>(room));
        targets[channel] = reinterpret_cast<std::uint8_t*>(out[channel].data() + before);
    }
    const int made = swr_convert(context_.get(), targets.data(), room, const_cast<const std::uint8_t**>(data), samples);
    for (auto& plane : out) plane.resize(before + static_cast<std::size_t>(std::max(made, 0)));
    if (made < 0) return ffmpeg_error(made, operation, "the resampler failed");
    made_ += made;
    return {};
}

Result<void> AudioResampler::add(const std::uint8_t* const* data, int samples, Planes& out) {
    if (samples <= 0) return {};
    added_ += samples;
    if (data != nullptr) return convert(data, samples, out);
    const bool planar = av_sample_fmt_is_planar(in_format_) != 0;
    const std::size_t block = static_cast<std::size_t>(av_get_bytes_per_sample(in_format_)) * static_cast<std::size_t>(samples) *
                              (planar ? 1U : static_cast<std::size_t>(in_channels_));
    const bool is_unsigned = in_format_ == AV_SAMPLE_FMT_U8 || in_format_ == AV_SAMPLE_FMT_U8P;
    const std::vector<std::uint8_t> silence(block, is_unsigned ? 0x80 : 0);
    std::array<const std::uint8_t*, most_channels> planes{};
    planes.fill(silence.data());
    return convert(planes.data(), samples, out);
}

Result<void> AudioResampler::finish(Planes& out) {
    SF_TRY(convert(nullptr, 0, out));
    const std::int64_t wanted = mul_div(added_, out_rate_hz_, in_rate_hz_, Rounding::nearest);
    const std::int64_t size = static_cast<std::int64_t>(out.front().size()) + (wanted - made_);
    for (auto& plane : out) plane.resize(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)), 0.0F);
    made_ = wanted;
    return {};
}

}  // namespace streamforge::media::ffmpeg
