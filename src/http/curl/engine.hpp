#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <vector>

#include <streamforge/http/transport.hpp>

#include "http/curl/exchange.hpp"
#include "http/curl/handles.hpp"

namespace streamforge::http {

/// A thread that drives exchanges of one transport through a libcurl multi handle; it starts with the first of them.
///
/// *Lifetime*: callers keep it alive while they have exchanges; the last of them joins the thread. *Thread safety*: all calls.
class CurlEngine {
public:
    [[nodiscard]] static Result<std::shared_ptr<CurlEngine>> make(const TransportOptions& options, std::uint32_t max_connections);
    CurlEngine(const CurlEngine&) = delete;
    CurlEngine& operator=(const CurlEngine&) = delete;
    ~CurlEngine();

    [[nodiscard]] Result<std::shared_ptr<Exchange>> make_exchange(const Request& request);
    void begin(std::shared_ptr<Exchange> exchange);
    /// Ends it as soon as can be, with `cancelled`; nothing happens when it ended already.
    void cancel(const std::shared_ptr<Exchange>& exchange);
    /// Goes on receiving after a pause.
    void resume(const std::shared_ptr<Exchange>& exchange);
    /// How many exchanges began and did not end yet.
    [[nodiscard]] std::size_t load() const noexcept { return load_.load(std::memory_order_relaxed); }

private:
    enum class Order : std::uint8_t { begin, cancel, resume };
    struct Command {
        Order order;
        std::shared_ptr<Exchange> exchange;
    };

    CurlEngine(const TransportOptions& options, std::uint32_t max_connections, MultiPtr multi);
    void post(Command command);
    void run(const std::stop_token& end);
    void obey(const Command& command);
    void collect_finished();
    void end(Exchange& exchange, std::optional<Error> error);
    [[nodiscard]] int pace_exchanges();

    const TransportOptions options_;
    Pace pace_;
    MultiPtr multi_;
    std::unordered_map<Exchange*, std::shared_ptr<Exchange>> active_;  // the thread's own
    std::atomic<std::size_t> load_ = 0;

    std::mutex mutex_;  // guards what follows
    std::vector<Command> commands_;
    std::vector<EasyPtr> idle_;

    std::once_flag started_;
    std::jthread thread_;
};

}  // namespace streamforge::http
