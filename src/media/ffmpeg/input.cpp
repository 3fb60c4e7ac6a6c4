#include "media/ffmpeg/input.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <span>
#include <vector>

extern "C" {
#include <libavutil/avstring.h>
}

#include "core/try.hpp"
#include "media/ffmpeg/durations.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/ffmpeg_log.hpp"
#include "media/ffmpeg/input_formats.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.open";
constexpr int io_buffer_bytes = 64 << 10;
constexpr std::uint64_t most_damage_in_a_row = 256;  // a container that refuses this often has nothing more to say

Error limit_error(const char* limit, std::string message) {
    return make_error(Errc::limit_exceeded, operation, std::move(message)).with("limit", limit);
}

/// FFmpeg asks to open a second file: never.
int refuse_open(AVFormatContext* /*context*/, AVIOContext** io, const char* /*url*/, int /*flags*/, AVDictionary** /*options*/) noexcept {
    *io = nullptr;
    return AVERROR(EACCES);
}

}  // namespace

struct Input::Io {
    std::shared_ptr<ByteSource> source;
    std::stop_token stop;
    std::optional<std::chrono::steady_clock::time_point> deadline;
    std::uint64_t position = 0;
    std::uint64_t bytes_read = 0;
    std::optional<Error> error;  ///< The source's first error.
    bool timed_out = false;

    bool interrupted() noexcept {
        if (stop.stop_requested()) return true;
        if (!timed_out && deadline && std::chrono::steady_clock::now() >= *deadline) timed_out = true;
        return timed_out;
    }

    int read(std::span<std::uint8_t> into) noexcept {
        if (interrupted()) return AVERROR_EXIT;
        try {
            auto count = source->read_at(position, into);
            if (!count) {
                if (!error) error = std::move(count).error();
                return AVERROR(EIO);
            }
            if (*count == 0) return AVERROR_EOF;
            position += *count;
            bytes_read += *count;
            return static_cast<int>(*count);
        } catch (const std::exception&) {
            return AVERROR(ENOMEM);
        }
    }

    std::int64_t seek(std::int64_t offset, int whence) noexcept {
        const auto size =
            static_cast<std::int64_t>(std::min<std::uint64_t>(source->size_bytes(), std::numeric_limits<std::int64_t>::max()));
        if ((whence & AVSEEK_SIZE) != 0) return size;
        std::int64_t base = 0;
        switch (whence & ~AVSEEK_FORCE) {
            case SEEK_SET: break;
            case SEEK_CUR: base = static_cast<std::int64_t>(position); break;
            case SEEK_END: base = size; break;
            default: return AVERROR(EINVAL);
        }
        std::int64_t target = 0;
        if (__builtin_add_overflow(base, offset, &target) || target < 0) return AVERROR(EINVAL);
        position = static_cast<std::uint64_t>(target);
        return target;
    }

    static int on_read(void* self, std::uint8_t* buffer, int size) noexcept {
        if (size <= 0) return AVERROR(EINVAL);
        return static_cast<Io*>(self)->read({buffer, static_cast<std::size_t>(size)});
    }
    static std::int64_t on_seek(void* self, std::int64_t offset, int whence) noexcept {
        return static_cast<Io*>(self)->seek(offset, whence);
    }
    static int on_interrupt(void* self) noexcept { return static_cast<Io*>(self)->interrupted() ? 1 : 0; }
};

Input::Input(InputPolicy policy, std::unique_ptr<Io> io) : policy_(std::move(policy)), io_(std::move(io)) {}
Input::~Input() = default;

const ByteSource& Input::source() const noexcept { return *io_->source; }
std::uint64_t Input::bytes_read() const noexcept { return io_->bytes_read; }

void Input::set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline) noexcept {
    io_->deadline = deadline;
    io_->timed_out = false;
}

Result<std::unique_ptr<Input>> Input::open(std::shared_ptr<ByteSource> source, const InputPolicy& policy, std::stop_token stop,
                                           const InputLimits& limits) {
    take_ffmpeg_log();
    SF_TRY(policy.validate());
    if (!source) return make_error(Errc::invalid_argument, operation, "there is no source");
    if (source->size_bytes() > policy.max_input_bytes) {
        return limit_error("max_input_bytes", "the input is too large").with("path", source->name());
    }
    const std::string name = source->name();
    auto io = std::make_unique<Io>();
    io->source = std::move(source);
    io->stop = std::move(stop);
    io->deadline = limits.deadline.value_or(std::chrono::steady_clock::now() + policy.max_probe_time);

    std::unique_ptr<Input> input(new Input(policy, std::move(io)));
    auto opened = input->open_context(name_hint(name));
    if (opened) opened = input->analyse_streams();
    if (opened) opened = input->check_limits();
    if (!opened) return std::move(opened).error().with("path", name);
    if (!limits.deadline) input->set_deadline(std::nullopt);
    return input;
}

Result<void> Input::open_context(const std::string& name_hint) {
    auto* buffer = static_cast<unsigned char*>(av_malloc(io_buffer_bytes));
    if (buffer == nullptr) return make_error(Errc::internal, operation, "out of memory");
    io_context_.reset(avio_alloc_context(buffer, io_buffer_bytes, 0, io_.get(), Io::on_read, nullptr, Io::on_seek));
    if (!io_context_) {
        av_free(buffer);
        return make_error(Errc::internal, operation, "out of memory");
    }
    AVFormatContext* context = avformat_alloc_context();
    if (context == nullptr) return make_error(Errc::internal, operation, "out of memory");
    context->pb = io_context_.get();
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    context->io_open = refuse_open;
    context->interrupt_callback = {Io::on_interrupt, io_.get()};

    Dictionary options;
    options.set("protocol_whitelist", "");
    options.set("format_whitelist", format_whitelist(policy_).c_str());
    options.set("probesize", static_cast<std::int64_t>(policy_.probe_bytes));
    options.set("formatprobesize", static_cast<std::int64_t>(std::min<std::uint64_t>(policy_.probe_bytes, 1 << 20)));

    LogCapture log;
    // On failure FFmpeg frees the context, so it becomes ours only afterwards.
    const int code = avformat_open_input(&context, name_hint.c_str(), nullptr, options.address());
    if (code < 0) {
        if (log.last_error().find("max_streams") != std::string::npos) {
            return limit_error("max_streams", "the input has too many streams");
        }
        auto error = failure(code, "not a media format that is opened here, or broken beyond use");
        if (error.remote_text.empty()) error.remote_text = log.last_error();
        return error;
    }
    context_.reset(context);
    return {};
}

/// FLV and MPEG streams announce their streams on the way, and FFmpeg gives its own decoders our limits only for streams
/// known beforehand. So what the analysis will read is read once without decoding, to make every stream known. (Other
/// formats of this kind count their times from the last read, so they cannot be rewound by bytes; DV among them has a
/// fixed size of picture.)
Result<void> Input::discover_streams() {
    const bool rewinds = av_match_list(context_->iformat->name, "flv,mpegts,mpeg", ',') != 0;
    if ((context_->ctx_flags & AVFMTCTX_NOHEADER) == 0 || !rewinds) return {};
    const PacketPtr packet(av_packet_alloc());
    if (!packet) return make_error(Errc::internal, operation, "out of memory");
    std::uint64_t bytes = 0;
    while (bytes <= policy_.probe_bytes && context_->nb_streams <= policy_.max_streams) {
        SF_ASSIGN(const bool more, read_packet(*packet));
        if (!more) break;
        bytes += static_cast<std::uint64_t>(packet->size);
    }
    damage_count_ = 0;  // it will be met again
    const int code = avformat_seek_file(context_.get(), -1, std::numeric_limits<std::int64_t>::min(), 0,
                                        std::numeric_limits<std::int64_t>::max(), AVSEEK_FLAG_BYTE);
    if (auto reason = interruption()) return *std::move(reason);
    if (code < 0) return failure(code, "cannot go back to the start");
    return {};
}

Result<void> Input::analyse_streams() {
    SF_TRY(discover_streams());
    if (context_->nb_streams > policy_.max_streams) {
        return limit_error("max_streams", "the input has too many streams");
    }
    // FFmpeg decodes a little to learn what headers leave out; its own decoders get the policy's limits too.
    const unsigned known = context_->nb_streams;
    std::vector<Dictionary> limits(known);
    std::vector<AVDictionary*> options;
    for (auto& each : limits) {
        each.set("max_pixels", static_cast<std::int64_t>(policy_.max_pixels));
        each.set("threads", std::int64_t{1});
        options.push_back(std::exchange(*each.address(), nullptr));
    }
    LogCapture log;
    const int code = avformat_find_stream_info(context_.get(), options.empty() ? nullptr : options.data());
    for (unsigned i = 0; i < known; ++i) av_dict_free(&options[i]);
    if (auto reason = interruption()) return *std::move(reason);
    if (code < 0) {
        auto error = failure(code, "the streams cannot be analysed");
        if (error.remote_text.empty()) error.remote_text = log.last_error();
        return error;
    }
    return {};
}

Result<void> Input::check_limits() const {
    if (context_->nb_streams == 0) return make_error(Errc::no_streams, operation, "the input holds no stream");
    if (context_->nb_streams > policy_.max_streams) {
        return limit_error("max_streams", "the input has too many streams");
    }
    for (unsigned i = 0; i < context_->nb_streams; ++i) {
        const AVCodecParameters& each = *context_->streams[i]->codecpar;
        const std::string index = std::to_string(i);
        if (each.codec_type == AVMEDIA_TYPE_VIDEO && each.width > 0 && each.height > 0 &&
            static_cast<std::uint64_t>(each.width) * static_cast<std::uint64_t>(each.height) > policy_.max_pixels) {
            return limit_error("max_pixels", "the picture has too many pixels").with("stream", index);
        }
        if (each.codec_type != AVMEDIA_TYPE_AUDIO) continue;
        if (each.sample_rate > 0 && static_cast<std::uint32_t>(each.sample_rate) > policy_.max_sample_rate_hz) {
            return limit_error("max_sample_rate_hz", "the sound's sample rate is too high").with("stream", index);
        }
        if (each.ch_layout.nb_channels > 0 && static_cast<std::uint32_t>(each.ch_layout.nb_channels) > policy_.max_channels) {
            return limit_error("max_channels", "the sound has too many channels").with("stream", index);
        }
    }
    const auto duration = whole_duration(*context_);
    if (duration.value && *duration.value > MediaTime{policy_.max_duration.count(), 1}) {
        return limit_error("max_duration", "the input is too long");
    }
    return {};
}

std::optional<Error> Input::interruption() const {
    if (io_->stop.stop_requested()) return make_error(Errc::cancelled, operation, "stopped by the caller");
    if (io_->timed_out) {
        return make_error(Errc::timed_out, operation, "looking at the input took too long")
            .with("max_probe_time_ms", std::to_string(policy_.max_probe_time.count()));
    }
    if (io_->error) return io_->error;
    return std::nullopt;
}

Error Input::failure(int code, const char* message) const {
    if (auto reason = interruption()) return *std::move(reason);
    auto error = ffmpeg_error(code, operation, message);
    // The source read well, so "I/O error" is a demuxer's word for a cut file, and "not implemented" for impossible versions.
    if (error.code == Errc::io || error.code == Errc::unsupported_codec) error.code = Errc::malformed;
    return error;
}

Result<bool> Input::read_packet(AVPacket& packet) {
    for (std::uint64_t in_a_row = 0; in_a_row < most_damage_in_a_row;) {
        av_packet_unref(&packet);
        if (io_->interrupted()) return *interruption();
        const int code = av_read_frame(context_.get(), &packet);
        if (code >= 0) return true;
        if (auto reason = interruption()) return *std::move(reason);
        if (code == AVERROR_EOF) return false;
        ++in_a_row;
        if (code != AVERROR(EAGAIN)) ++damage_count_;
    }
    return false;
}

Result<void> Input::seek(int index, std::int64_t ticks) {
    const int code = avformat_seek_file(context_.get(), index, std::numeric_limits<std::int64_t>::min(), ticks, ticks, 0);
    if (auto reason = interruption()) return *std::move(reason);
    if (code < 0) {
        auto error = failure(code, "cannot seek in this input");
        error.code = Errc::unsupported;
        return error;
    }
    return {};
}

}  // namespace streamforge::media::ffmpeg
