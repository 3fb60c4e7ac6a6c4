#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/server/message.hpp>

namespace streamforge::server {

/// One finished exchange, for access logs and counters.
struct Exchange {
    std::string method;
    std::string target;  ///< Path only: a query may hold a token.
    int status = 0;
    std::uint64_t body_bytes = 0;  ///< Sent, without headers.
    bool complete = true;          ///< False when the connection broke or the body failed before its end.
    std::chrono::microseconds duration{0};
    std::string remote;
};

struct HttpServerOptions {
    std::string address = "127.0.0.1";                 ///< IPv4 or IPv6 address to listen on; "0.0.0.0" or "::" for all.
    std::uint16_t port = 0;                            ///< 0: any free one; see `HttpServer::port`.
    std::uint32_t threads = 0;                         ///< That run handlers and read bodies; 0: twice the cores, at least 4.
    std::uint32_t max_connections = 1024;              ///< More are answered 503 and closed.
    std::uint32_t max_header_bytes = 16 << 10;         ///< Of a request's line and fields; more is answered 431.
    std::uint64_t max_body_bytes = 1 << 20;            ///< Of a request; more is answered 413.
    std::chrono::milliseconds header_timeout{10'000};  ///< From the first byte of a request to the end of its headers.
    std::chrono::milliseconds body_timeout{30'000};    ///< For the whole body of a request.
    std::chrono::milliseconds idle_timeout{30'000};    ///< Of a connection between requests.
    std::chrono::milliseconds write_timeout{30'000};   ///< For each chunk of a response: a reader this slow is dropped.
    std::chrono::milliseconds stop_grace{5'000};       ///< How long `stop` lets running responses finish.
    std::uint32_t chunk_bytes = 256 << 10;             ///< Read from a body and sent at a time; two per connection are held.
    LogSink log{};
    std::function<void(const Exchange&)> on_exchange{};  ///< From any thread, several at once; must be quick and not throw.

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// An HTTP/1.1 server on its own threads: keep-alive, pipelining in order, bounded in every way that a client could stretch.
/// Handles no signals and keeps no global state, so a host can run several.
///
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT HttpServer {
public:
    /// Listens and serves at once. *Errors*: `invalid_argument`, `already_exists` (address in use), `permission_denied`, `io`.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const HttpServerOptions& options, Handler handler);
    /// Stops as `stop` does.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// "http://127.0.0.1:8080", with a loopback address when it listens on all.
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::uint32_t connections() const noexcept;

    /// Takes no more connections, closes idle ones, lets running responses finish for `stop_grace`, then cuts them. Returns when
    /// all is done. A second call waits as well.
    void stop();
    /// Serves until `stop` is requested, then stops.
    void serve_until(std::stop_token stop);

private:
    class Impl;
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace streamforge::server
