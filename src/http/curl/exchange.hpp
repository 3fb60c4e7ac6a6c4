#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include <streamforge/http/message.hpp>
#include <streamforge/http/transport.hpp>

#include "http/curl/handles.hpp"
#include "http/rate_limit.hpp"

namespace streamforge::http {

/// What all exchanges of a transport share; touched by its thread only.
struct Pace {
    RateLimit upload;
    RateLimit download;
};

/// One request on its way. The transport's thread drives it through libcurl's callbacks; one caller waits on it.
class Exchange {
public:
    Exchange(const Request& request, const TransportOptions& options, Pace& pace, EasyPtr easy);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Caller's side.
    [[nodiscard]] Result<void> prepare();
    /// Waits for the head of the final answer. *Errors*: what ended the exchange before.
    [[nodiscard]] Result<void> wait_head();
    /// `resume` is set when the transport must be asked to go on after a pause.
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into, bool& resume);
    void wait_finished();
    [[nodiscard]] bool is_finished() const;
    [[nodiscard]] int status() const;
    [[nodiscard]] Headers take_headers();
    [[nodiscard]] std::uint64_t received_into_bytes() const;

    // Transport's thread.
    void finish(std::optional<Error> error);
    void resume();
    /// Goes on after a pause for the bandwidth limit, if there is one to end.
    void resume_if_paced();
    [[nodiscard]] bool is_paced() const noexcept { return paced_send_ || paced_receive_; }
    [[nodiscard]] CURL* easy() const noexcept { return easy_.get(); }
    [[nodiscard]] EasyPtr take_easy() noexcept { return std::move(easy_); }
    /// What a callback found wrong; libcurl only knows that it was stopped.
    [[nodiscard]] std::optional<Error> take_callback_error();

private:
    static std::size_t on_send(char* into, std::size_t size, std::size_t count, void* self) noexcept;
    static int on_seek(void* self, curl_off_t offset, int origin) noexcept;
    static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* self) noexcept;
    static std::size_t on_receive(char* bytes, std::size_t size, std::size_t count, void* self) noexcept;
    std::size_t send(std::span<std::uint8_t> into);
    bool take_header(std::string_view line);
    std::size_t receive(ByteView bytes);
    void set_method();
    void set_limits(const TransportOptions& options);

    const TransportOptions& options_;
    Request request_;
    Pace& pace_;
    EasyPtr easy_;
    SlistPtr header_lines_;
    std::optional<Error> callback_error_;
    std::size_t header_bytes_ = 0;
    bool paced_send_ = false;
    bool paced_receive_ = false;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    int status_ = 0;
    Headers headers_;
    bool head_done_ = false;
    bool finished_ = false;
    bool paused_ = false;
    std::optional<Error> error_;
    Bytes buffer_;
    std::size_t buffer_at_ = 0;
    std::uint64_t received_into_ = 0;
};

}  // namespace streamforge::http
