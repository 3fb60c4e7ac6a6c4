#pragma once

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

/// The thread that drives all exchanges of one transport through a libcurl multi handle.
///
/// *Lifetime*: callers keep it alive while they have exchanges; the last of them joins the thread. *Thread safety*: all calls.
class CurlEngine {
public:
    [[nodiscard]] static Result<std::shared_ptr<CurlEngine>> start(const TransportOptions& options);
    CurlEngine(const CurlEngine&) = delete;
    CurlEngine& operator=(const CurlEngine&) = delete;
    ~CurlEngine();

    [[nodiscard]] Result<std::shared_ptr<Exchange>> make_exchange(const Request& request);
    void begin(std::shared_ptr<Exchange> exchange);
    /// Ends it as soon as can be, with `cancelled`; nothing happens when it ended already.
    void cancel(const std::shared_ptr<Exchange>& exchange);
    /// Goes on receiving after a pause.
    void resume(const std::shared_ptr<Exchange>& exchange);

private:
    enum class Order : std::uint8_t { begin, cancel, resume };
    struct Command {
        Order order;
        std::shared_ptr<Exchange> exchange;
    };

    CurlEngine(const TransportOptions& options, MultiPtr multi);
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

    std::mutex mutex_;  // guards what follows
    std::vector<Command> commands_;
    std::vector<EasyPtr> idle_;

    std::jthread thread_;
};

}  // namespace streamforge::http
