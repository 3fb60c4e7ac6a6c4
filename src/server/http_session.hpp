#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>

#include <streamforge/core/bytes.hpp>
#include <streamforge/server/message.hpp>

#include "server/http_server_state.hpp"
#include "server/response_head.hpp"

namespace streamforge::server {

/// One connection: reads requests one after the other and answers each before it reads the next, so pipelined requests are
/// answered in order and at most one of them is in memory.
///
/// Everything runs on the stream's strand, but for handlers and body reads, which may block and so run on the workers; the
/// strand does not touch what they work on until they have posted back. Chunk n+1 is read while chunk n is sent.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(HttpServerState& state, boost::asio::ip::tcp::socket&& socket);
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;
    ~HttpSession();

    void serve();
    /// Answers 503 and closes.
    void refuse();
    /// Closes the connection when it is idle, or in any case (`cut`). From any thread.
    void end(bool cut);

private:
    using ErrorCode = boost::system::error_code;
    using Parser = boost::beast::http::request_parser<boost::beast::http::vector_body<std::uint8_t>>;

    /// What is sent next: a view of the body's own memory, or of `storage`.
    struct Chunk {
        ByteView view;
        Bytes storage;
        bool last = false;
        std::optional<Error> error;
    };

    // Reading a request.
    void read_next();
    void wait_for_first_byte();
    void read_header();
    void on_header(ErrorCode error);
    void send_continue();
    void read_body();
    void on_read_failed(ErrorCode error);
    [[nodiscard]] std::optional<Response> refuse_header() const;
    void on_request();
    [[nodiscard]] Request take_request(std::string path, std::string query);

    // Answering it.
    void begin_exchange();
    void run_handler(Request request);
    void respond(Response response);
    void begin_response();
    void prepare_body();
    void read_chunk(Chunk& chunk);
    void send_chunk();
    void on_chunk_sent(ErrorCode error, std::size_t body_bytes);
    void on_chunk_step();
    void finish_exchange(bool complete);

    // Closing.
    void linger();
    void drain(std::size_t left);
    void close();

    HttpServerState& state_;
    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    std::string remote_;
    std::optional<Parser> parser_;
    bool idle_ = false;  // between requests, or lingering: may be closed without loss

    // The exchange under way.
    Exchange exchange_;
    std::chrono::steady_clock::time_point began_;
    bool keep_alive_ = true;
    bool http_1_0_ = false;
    bool head_request_ = false;

    // The answer under way.
    Response response_;
    BodyFraming framing_ = BodyFraming::length;
    std::uint64_t body_left_ = 0;  // of a body with a length
    std::string head_;             // status line and fields, with the first chunk
    std::string chunk_head_;       // sizes of HTTP/1.1 chunks
    Chunk sending_;
    Chunk next_;
    int steps_left_ = 0;  // of: the chunk is sent, the next one is read
    bool send_failed_ = false;
};

}  // namespace streamforge::server
