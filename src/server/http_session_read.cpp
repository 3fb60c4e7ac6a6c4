#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

#include <streamforge/server/problem.hpp>
#include <streamforge/server/target.hpp>

#include "server/http_session.hpp"
#include "server/text.hpp"

namespace streamforge::server {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t first_read_bytes = 4096;

bool is_protocol_error(const boost::system::error_code& error) {
    return error.category() == http::make_error_code(http::error::bad_method).category();
}

Response problem_of(const boost::system::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return make_problem(431, "limit_exceeded", "The request's header fields are too large.");
    }
    if (error == http::error::body_limit) return make_problem(413, "limit_exceeded", "The request's body is too large.");
    if (error == http::error::bad_version) return make_problem(505, "unsupported", "This server speaks HTTP/1.1 and HTTP/1.0.");
    return make_problem(400, "invalid_argument", "The request is not well-formed HTTP.");
}

std::string text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

HttpSession::HttpSession(HttpServerState& state, boost::asio::ip::tcp::socket&& socket)
    : state_(state), stream_(std::move(socket)), buffer_(state.options.max_header_bytes + first_read_bytes) {
    ErrorCode ignored;
    const auto endpoint = stream_.socket().remote_endpoint(ignored);
    if (!ignored) remote_ = endpoint.address().to_string();
    stream_.socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    state_.add(this);
}

HttpSession::~HttpSession() { state_.remove(this); }

void HttpSession::serve() {
    boost::asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read_next(); });
}

void HttpSession::refuse() {
    boost::asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
        self->keep_alive_ = false;
        self->begin_exchange();
        auto response = make_problem(503, "unavailable", "The server has too many connections.");
        response.headers.set("Retry-After", "1");
        self->respond(std::move(response));
    });
}

void HttpSession::end(bool cut) {
    boost::asio::post(stream_.get_executor(), [self = shared_from_this(), cut] {
        if (cut || self->idle_) self->close();
    });
}

void HttpSession::read_next() {
    if (state_.stopping) return close();
    parser_.emplace();
    parser_->header_limit(state_.options.max_header_bytes);
    parser_->body_limit(state_.options.max_body_bytes);
    keep_alive_ = true;
    head_request_ = false;
    http_1_0_ = false;
    if (buffer_.size() > 0) return read_header();
    wait_for_first_byte();
}

void HttpSession::wait_for_first_byte() {
    idle_ = true;
    stream_.expires_after(state_.options.idle_timeout);
    stream_.async_read_some(buffer_.prepare(first_read_bytes), [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
        self->idle_ = false;
        if (error) return self->close();
        self->buffer_.commit(bytes);
        self->read_header();
    });
}

void HttpSession::read_header() {
    // One deadline for all of the header: a client that drips bytes gains nothing.
    stream_.expires_after(state_.options.header_timeout);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_header(error); });
}

void HttpSession::on_header(ErrorCode error) {
    if (error) return on_read_failed(error);
    const auto& message = parser_->get();
    http_1_0_ = message.version() == 10;
    head_request_ = message.method() == http::verb::head;
    if (auto refusal = refuse_header()) {
        begin_exchange();
        keep_alive_ = false;  // what follows on this connection can no longer be told apart
        return respond(*std::move(refusal));
    }
    if (parser_->is_done()) return on_request();
    if (message.find(http::field::expect) != message.end()) return send_continue();
    read_body();
}

/// What makes a request ambiguous or unsafe to go on with; RFC 9112 §3.2, §6.1.
std::optional<Response> HttpSession::refuse_header() const {
    const auto& message = parser_->get();
    const auto bad = [](std::string_view detail) { return make_problem(400, "invalid_argument", detail); };
    if (message.version() != 10 && message.version() != 11) return problem_of(http::make_error_code(http::error::bad_version));
    const auto hosts = message.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && !http_1_0_)) return bad("A request names its host exactly once.");
    if (message.count(http::field::transfer_encoding) > 0) {
        if (message.count(http::field::content_length) > 0) return bad("A request cannot have both a length and chunks.");
        if (!message.chunked() || http_1_0_) return bad("The transfer coding is not understood.");
    }
    const auto expect = message.find(http::field::expect);
    if (expect != message.end() && !equal_ignoring_case(text_of(expect->value()), "100-continue")) {
        return make_problem(417, "unsupported", "Only 100-continue can be expected.");
    }
    return std::nullopt;
}

void HttpSession::send_continue() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    if (http_1_0_) return read_body();
    stream_.expires_after(state_.options.write_timeout);
    boost::asio::async_write(stream_, boost::asio::buffer(text.data(), text.size()),
                             [self = shared_from_this()](ErrorCode error, std::size_t) {
                                 if (error) return self->close();
                                 self->read_body();
                             });
}

void HttpSession::read_body() {
    stream_.expires_after(state_.options.body_timeout);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](ErrorCode error, std::size_t) {
        if (error) return self->on_read_failed(error);
        self->on_request();
    });
}

void HttpSession::on_read_failed(ErrorCode error) {
    const bool ended = error == http::error::end_of_stream || error == http::error::partial_message;
    if (ended || !is_protocol_error(error)) return close();
    begin_exchange();
    keep_alive_ = false;
    respond(problem_of(error));
}

void HttpSession::on_request() {
    stream_.expires_never();  // the handler takes the time that it takes
    const auto& message = parser_->get();
    keep_alive_ = message.keep_alive();
    begin_exchange();
    auto target = parse_target(text_of(message.target()));
    if (!target) return respond(make_problem(target.error()));
    auto request = take_request(std::move(target->path), std::move(target->query));
    boost::asio::post(state_.workers, [self = shared_from_this(), request = std::move(request)]() mutable {
        self->run_handler(std::move(request));
        boost::asio::post(self->stream_.get_executor(), [self] { self->begin_response(); });
    });
}

Request HttpSession::take_request(std::string path, std::string query) {
    auto& message = parser_->get();
    Request request;
    request.method = text_of(message.method_string());
    request.path = std::move(path);
    request.query = std::move(query);
    request.target = text_of(message.target());
    request.remote = remote_;
    for (const auto& field : message) request.headers.add(text_of(field.name_string()), text_of(field.value()));
    request.body = std::move(message.body());
    return request;
}

void HttpSession::begin_exchange() {
    began_ = std::chrono::steady_clock::now();
    exchange_ = {};
    exchange_.remote = remote_;
    if (!parser_) return;
    const auto& message = parser_->get();
    const auto target = text_of(message.target());
    exchange_.method = text_of(message.method_string());
    exchange_.target = target.substr(0, target.find('?'));
}

}  // namespace streamforge::server
