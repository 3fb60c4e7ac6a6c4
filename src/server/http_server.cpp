#include <streamforge/server/http_server.hpp>

#include <algorithm>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "core/try.hpp"
#include "server/http_server_state.hpp"
#include "server/http_session.hpp"

namespace streamforge::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr auto operation = "server.start";
constexpr std::uint32_t refused_at_once = 64;  // connections that are told so; more are closed without a word

Error start_error(const ErrorCode& cause, std::string what, const HttpServerOptions& options) {
    auto error = error_from_errno(cause.value(), operation, std::move(what));
    if (cause == asio::error::address_in_use) error.code = Errc::already_exists;
    if (cause == boost::system::errc::address_not_available) error.code = Errc::invalid_argument;
    return std::move(error).with("address", options.address).with("port", std::to_string(options.port));
}

Result<tcp::acceptor> listen(asio::io_context& io, const HttpServerOptions& options) {
    ErrorCode error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
        return make_error(Errc::invalid_argument, operation, "address must be an IPv4 or IPv6 address").with("address", options.address);
    }
    const tcp::endpoint endpoint(address, options.port);
    tcp::acceptor acceptor(asio::make_strand(io));
    if (acceptor.open(endpoint.protocol(), error)) return start_error(error, "cannot open a socket", options);
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (acceptor.bind(endpoint, error)) return start_error(error, "cannot bind the address", options);
    if (acceptor.listen(asio::socket_base::max_listen_connections, error)) return start_error(error, "cannot listen", options);
    return acceptor;
}

std::uint32_t handler_threads(const HttpServerOptions& options) {
    constexpr std::uint32_t fewest = 4;
    return options.threads != 0 ? options.threads : std::max(fewest, 2 * std::thread::hardware_concurrency());
}

std::uint32_t io_threads() { return std::clamp(std::thread::hardware_concurrency() / 4, 1U, 8U); }

Error bad_option(std::string_view field, std::string_view rule) {
    return make_error(Errc::invalid_argument, operation, std::string(field) + " " + std::string(rule));
}

}  // namespace

Result<void> HttpServerOptions::validate() const {
    constexpr std::uint32_t most_threads = 1024;
    constexpr std::uint32_t least_bytes = 1024;
    if (threads > most_threads) return bad_option("threads", "must be at most 1024");
    if (max_connections == 0) return bad_option("max_connections", "must be at least 1");
    if (max_header_bytes < least_bytes) return bad_option("max_header_bytes", "must be at least 1024");
    if (chunk_bytes < least_bytes) return bad_option("chunk_bytes", "must be at least 1024");
    const std::pair<std::string_view, std::chrono::milliseconds> timeouts[] = {{"header_timeout", header_timeout},
                                                                               {"body_timeout", body_timeout},
                                                                               {"idle_timeout", idle_timeout},
                                                                               {"write_timeout", write_timeout}};
    for (const auto& [name, value] : timeouts) {
        if (value.count() <= 0) return bad_option(name, "must be above 0");
    }
    if (stop_grace.count() < 0) return bad_option("stop_grace", "must not be negative");
    return {};
}

class HttpServer::Impl {
public:
    Impl(const HttpServerOptions& options, Handler handler)
        : state_(options, std::move(handler), io_threads(), handler_threads(options)), work_(state_.io.get_executor()) {}

    Result<void> start() {
        SF_ASSIGN(auto acceptor, listen(state_.io, state_.options));
        endpoint_ = acceptor.local_endpoint();
        acceptor_.emplace(std::move(acceptor));
        retry_.emplace(acceptor_->get_executor());
        asio::post(acceptor_->get_executor(), [this] { accept(); });
        for (std::uint32_t index = 0; index < io_threads(); ++index) {
            threads_.emplace_back([this] { state_.io.run(); });
        }
        return {};
    }

    void stop() {
        const std::lock_guard lock(stop_mutex_);
        if (threads_.empty()) return;
        state_.stopping = true;
        asio::post(acceptor_->get_executor(), [this] {
            ErrorCode ignored;
            acceptor_->close(ignored);
            retry_->cancel();
        });
        state_.end_sessions(false);
        if (!state_.wait_for_sessions(state_.options.stop_grace)) {
            state_.end_sessions(true);
            while (!state_.wait_for_sessions(std::chrono::hours(1))) {  // a handler still runs; it must end by itself
            }
        }
        work_.reset();
        threads_.clear();
        state_.workers.join();
    }

    [[nodiscard]] const tcp::endpoint& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] std::uint32_t connections() const { return state_.count(); }

private:
    void accept() {
        acceptor_->async_accept(asio::make_strand(state_.io), [this](ErrorCode error, tcp::socket socket) {
            if (state_.stopping || error == asio::error::operation_aborted) return;
            if (error) return accept_later(error);
            welcome(std::move(socket));
            accept();
        });
    }

    /// Out of descriptors, most often: trying again at once would only burn the processor.
    void accept_later(const ErrorCode& error) {
        state_.log(LogLevel::warning, "cannot accept a connection: " + error.message());
        retry_->expires_after(std::chrono::milliseconds(100));
        retry_->async_wait([this](ErrorCode cancelled) {
            if (!cancelled) accept();
        });
    }

    void welcome(tcp::socket socket) {
        const auto now = state_.count();
        if (now >= state_.options.max_connections + refused_at_once) return;
        const auto session = std::make_shared<HttpSession>(state_, std::move(socket));
        if (now < state_.options.max_connections)
            session->serve();
        else
            session->refuse();
    }

    HttpServerState state_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::optional<tcp::acceptor> acceptor_;
    std::optional<asio::steady_timer> retry_;
    tcp::endpoint endpoint_;
    std::mutex stop_mutex_;
    std::vector<std::jthread> threads_;
};

void HttpServerState::add(HttpSession* session) {
    const std::lock_guard lock(mutex_);
    sessions_.insert(session);
}

void HttpServerState::remove(HttpSession* session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
    changed_.notify_all();
}

std::uint32_t HttpServerState::count() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::uint32_t>(sessions_.size());
}

void HttpServerState::end_sessions(bool cut) {
    std::vector<std::shared_ptr<HttpSession>> alive;
    {
        const std::lock_guard lock(mutex_);
        for (auto* session : sessions_) {
            if (auto shared = session->weak_from_this().lock()) alive.push_back(std::move(shared));
        }
    }
    for (const auto& session : alive) session->end(cut);
}

bool HttpServerState::wait_for_sessions(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [this] { return sessions_.empty(); });
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { impl_->stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options, Handler handler) {
    SF_TRY(options.validate());
    if (!handler) return make_error(Errc::invalid_argument, operation, "handler must not be empty");
    auto impl = std::make_unique<Impl>(options, std::move(handler));
    SF_TRY(impl->start());
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const noexcept { return impl_->endpoint().port(); }

std::string HttpServer::url() const {
    const auto& endpoint = impl_->endpoint();
    auto address = endpoint.address();
    if (address.is_unspecified()) {
        address =
            address.is_v6() ? asio::ip::address(asio::ip::address_v6::loopback()) : asio::ip::address(asio::ip::address_v4::loopback());
    }
    const auto text = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return "http://" + text + ":" + std::to_string(endpoint.port());
}

std::uint32_t HttpServer::connections() const noexcept { return impl_->connections(); }

void HttpServer::stop() { impl_->stop(); }

void HttpServer::serve_until(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any requested;
    std::unique_lock lock(mutex);
    requested.wait(lock, stop, [&] { return stop.stop_requested(); });
    this->stop();
}

}  // namespace streamforge::server
