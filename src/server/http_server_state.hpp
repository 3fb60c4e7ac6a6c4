#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <streamforge/server/http_server.hpp>

namespace streamforge::server {

class HttpSession;

/// What the listener and its connections share. *Thread safety*: all calls.
class HttpServerState {
public:
    HttpServerState(const HttpServerOptions& the_options, Handler the_handler, std::uint32_t io_threads, std::uint32_t handler_threads)
        : options(the_options), handler(std::move(the_handler)), io(static_cast<int>(io_threads)), workers(handler_threads) {}

    const HttpServerOptions options;
    const Handler handler;
    std::atomic<bool> stopping{false};

    void log(LogLevel level, std::string_view message) const {
        if (options.log) options.log(level, "http", message);
    }

    void add(HttpSession* session);
    void remove(HttpSession* session);
    [[nodiscard]] std::uint32_t count() const;
    /// Asks every connection to end: idle ones at once, or all of them (`cut`).
    void end_sessions(bool cut);
    /// Waits until no connection is left; false after `timeout`.
    [[nodiscard]] bool wait_for_sessions(std::chrono::milliseconds timeout);

private:
    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::set<HttpSession*> sessions_;

public:
    // Last, so destroyed first: what they still hold refers to all of the above.
    boost::asio::io_context io;        // sockets and timers
    boost::asio::thread_pool workers;  // handlers and bodies, which may block
};

}  // namespace streamforge::server
