#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/input_policy.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// What bounds the wait inside an `Input`.
struct InputLimits {
    /// While opening, and until `set_deadline` says otherwise. Absent: now + `policy.max_probe_time` for opening, none after.
    std::optional<std::chrono::steady_clock::time_point> deadline;
};

/// An untrusted file, opened by FFmpeg through our own reads and nothing else.
///
/// FFmpeg gets no URL, an empty protocol whitelist, a refusing `io_open`, and only the demuxers that the policy names.
/// Several inputs may stand over one source; each consumer opens its own.
///
/// *Lifetime*: keeps the source alive. Streams and contexts are valid as long as the input.
/// *Thread safety*: one thread at a time; `stop` may be requested from any.
class Input {
public:
    /// Opens and analyses `source`.
    ///
    /// *Errors*: `malformed`, `no_streams`, `limit_exceeded` (names the limit), `timed_out`, `cancelled`, `io`,
    /// `invalid_argument` (policy).
    [[nodiscard]] static Result<std::unique_ptr<Input>> open(std::shared_ptr<ByteSource> source, const InputPolicy& policy,
                                                             std::stop_token stop = {}, const InputLimits& limits = {});
    ~Input();
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    [[nodiscard]] AVFormatContext* context() noexcept { return context_.get(); }
    [[nodiscard]] const AVFormatContext* context() const noexcept { return context_.get(); }
    [[nodiscard]] unsigned stream_count() const noexcept { return context_->nb_streams; }
    [[nodiscard]] AVStream* stream(unsigned index) noexcept { return context_->streams[index]; }
    [[nodiscard]] const AVStream* stream(unsigned index) const noexcept { return context_->streams[index]; }
    [[nodiscard]] const InputPolicy& policy() const noexcept { return policy_; }
    [[nodiscard]] const ByteSource& source() const noexcept;

    /// The next packet in file order into `packet` (unreferenced first); false at the end. Damage inside the container is
    /// stepped over and counted, up to a bound after which the input counts as ended.
    ///
    /// *Errors*: `io`, `timed_out`, `cancelled`.
    [[nodiscard]] Result<bool> read_packet(AVPacket& packet);
    /// Goes to the key frame at or before `ticks` of stream `index` (−1: `AV_TIME_BASE` on the container's clock).
    /// *Errors*: `unsupported` (the container cannot seek), `io`, `timed_out`, `cancelled`.
    [[nodiscard]] Result<void> seek(int index, std::int64_t ticks);

    /// Refused reads of the container so far; > 0 means that the file is damaged or cut off.
    [[nodiscard]] std::uint64_t damage_count() const noexcept { return damage_count_; }
    void set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline) noexcept;
    /// Bytes read from the source so far.
    [[nodiscard]] std::uint64_t bytes_read() const noexcept;

private:
    struct Io;  // what the C callbacks see; its address is fixed
    Input(InputPolicy policy, std::unique_ptr<Io> io);

    [[nodiscard]] Result<void> open_context(const std::string& name_hint);
    [[nodiscard]] Result<void> discover_streams();
    [[nodiscard]] Result<void> analyse_streams();
    [[nodiscard]] Result<void> check_limits() const;
    /// Why FFmpeg gave up: our own interruption or the source's error if there was one, else FFmpeg's code.
    [[nodiscard]] Error failure(int code, const char* message) const;
    [[nodiscard]] std::optional<Error> interruption() const;

    InputPolicy policy_;
    std::unique_ptr<Io> io_;  // before the contexts that point at it, so that it goes last
    IoContextPtr io_context_;
    InputContextPtr context_;
    std::uint64_t damage_count_ = 0;
};

}  // namespace streamforge::media::ffmpeg
