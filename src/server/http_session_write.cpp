#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <streamforge/server/problem.hpp>

#include "server/http_session.hpp"

namespace streamforge::server {
namespace {

constexpr std::chrono::seconds linger_timeout{2};
constexpr std::size_t linger_bytes = std::size_t{1} << 20;

Response internal_error() { return make_problem(500, "internal", "The server could not do this."); }

}  // namespace

/// On a worker: the answer, and the first chunk of its body, so that a small answer costs one change of threads.
void HttpSession::run_handler(Request request) {
    try {
        response_ = state_.handler(request);
    } catch (const Exception& exception) {
        state_.log(LogLevel::error, exception.what());
        response_ = make_problem(exception.error());
    } catch (const std::exception& exception) {
        state_.log(LogLevel::error, std::string("a handler threw: ") + exception.what());
        response_ = internal_error();
    } catch (...) {
        state_.log(LogLevel::error, "a handler threw something unknown");
        response_ = internal_error();
    }
    prepare_body();
    if (!sending_.error) return;
    state_.log(LogLevel::error, sending_.error->describe());
    response_ = make_problem(*sending_.error);
    prepare_body();
}

/// On the strand: an answer of the server's own, whose body is in memory.
void HttpSession::respond(Response response) {
    stream_.expires_never();
    response_ = std::move(response);
    prepare_body();
    begin_response();
}

void HttpSession::prepare_body() {
    framing_ = framing_of(response_, head_request_, http_1_0_);
    body_left_ = response_.body.size_bytes().value_or(0);
    sending_.error.reset();
    sending_.view = {};
    sending_.last = framing_ == BodyFraming::none;
    if (!sending_.last) read_chunk(sending_);
}

/// On a worker, or on the strand for a body in memory. Touches the chunk, the body and what is left of it, nothing else.
void HttpSession::read_chunk(Chunk& chunk) {
    const std::size_t chunk_bytes = state_.options.chunk_bytes;
    const bool sized = framing_ == BodyFraming::length;
    const auto wanted = sized ? static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, chunk_bytes)) : chunk_bytes;
    if (const auto memory = response_.body.in_memory()) {
        chunk.view = memory->last(static_cast<std::size_t>(body_left_)).first(wanted);
    } else {
        chunk.storage.resize(wanted);
        auto count = wanted == 0 ? Result<std::size_t>(0) : response_.body.read(chunk.storage);
        if (count && sized && *count < wanted) count = make_error(Errc::integrity, "server.body", "the body ended early");
        if (!count) {
            chunk.error = std::move(count).error();
            return;
        }
        chunk.view = ByteView(chunk.storage).first(*count);
    }
    body_left_ -= sized ? chunk.view.size() : 0;
    chunk.last = sized ? body_left_ == 0 : chunk.view.size() < wanted;
}

void HttpSession::begin_response() {
    if (state_.stopping || framing_ == BodyFraming::close) keep_alive_ = false;
    const auto date = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    head_ = write_head(response_, {framing_, http_1_0_, keep_alive_, date});
    exchange_.status = response_.status;
    send_failed_ = false;
    send_chunk();
}

void HttpSession::send_chunk() {
    using boost::asio::const_buffer;
    const bool chunked = framing_ == BodyFraming::chunked;
    const auto data = sending_.view;
    chunk_head_.clear();
    if (chunked && !data.empty()) {
        std::array<char, 24> size{};
        chunk_head_.assign(size.data(), static_cast<std::size_t>(std::snprintf(size.data(), size.size(), "%zx\r\n", data.size())));
    }
    static constexpr std::string_view line_end = "\r\n";
    static constexpr std::string_view last_chunk = "0\r\n\r\n";
    const auto tail = chunked && !data.empty() ? line_end : std::string_view{};
    const auto end = chunked && sending_.last ? last_chunk : std::string_view{};
    const std::array<const_buffer, 5> buffers{boost::asio::buffer(head_), boost::asio::buffer(chunk_head_),
                                              const_buffer(data.data(), data.size()), const_buffer(tail.data(), tail.size()),
                                              const_buffer(end.data(), end.size())};
    steps_left_ = sending_.last ? 1 : 2;
    const bool in_memory = response_.body.in_memory().has_value();
    stream_.expires_after(state_.options.write_timeout);
    boost::asio::async_write(stream_, buffers, [self = shared_from_this(), bytes = data.size()](ErrorCode error, std::size_t) {
        self->on_chunk_sent(error, bytes);
    });
    if (sending_.last) return;
    if (in_memory) {
        read_chunk(next_);
        --steps_left_;
        return;
    }
    boost::asio::post(state_.workers, [self = shared_from_this()] {
        self->read_chunk(self->next_);
        boost::asio::post(self->stream_.get_executor(), [self] { self->on_chunk_step(); });
    });
}

void HttpSession::on_chunk_sent(ErrorCode error, std::size_t body_bytes) {
    head_.clear();
    if (error)
        send_failed_ = true;
    else
        exchange_.body_bytes += body_bytes;
    on_chunk_step();
}

void HttpSession::on_chunk_step() {
    if (--steps_left_ > 0) return;
    if (send_failed_) return finish_exchange(false);
    if (sending_.last) return finish_exchange(true);
    std::swap(sending_, next_);
    if (!sending_.error) return send_chunk();
    // The status is out already: cutting the connection is the only way to tell that the body is not whole.
    state_.log(LogLevel::error, sending_.error->describe());
    finish_exchange(false);
}

void HttpSession::finish_exchange(bool complete) {
    stream_.expires_never();
    exchange_.complete = complete;
    exchange_.duration = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_);
    response_ = {};  // lets go of files and readers while the connection idles
    next_.error.reset();
    if (state_.options.on_exchange) state_.options.on_exchange(exchange_);
    if (!complete) return close();
    if (keep_alive_) return read_next();
    linger();
}

/// Closes the sending half and reads on for a moment: closing with unread input would make the kernel reset the connection,
/// and the client might never see the answer.
void HttpSession::linger() {
    ErrorCode ignored;
    stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(linger_timeout);
    buffer_.consume(buffer_.size());
    idle_ = true;
    drain(linger_bytes);
}

void HttpSession::drain(std::size_t left) {
    constexpr std::size_t slice = 4096;
    stream_.async_read_some(buffer_.prepare(slice), [self = shared_from_this(), left](ErrorCode error, std::size_t bytes) {
        if (error || bytes >= left) return self->close();
        self->drain(left - bytes);
    });
}

void HttpSession::close() { stream_.close(); }

}  // namespace streamforge::server
