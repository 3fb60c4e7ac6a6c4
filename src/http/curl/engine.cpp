#include "http/curl/engine.hpp"

#include <csignal>

#include "core/try.hpp"
#include "http/curl/curl_error.hpp"

namespace streamforge::http {
namespace {

constexpr std::size_t max_idle_handles = 64;
constexpr int poll_ms = 1000;
constexpr int paced_poll_ms = 5;

bool start_libcurl() {
    // Reference counted and safe to race since 7.84; never undone, since other parts of a program may use libcurl too.
    static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return started;
}

/// Signals are for the host's threads; a broken pipe is an error of its exchange.
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    (void)::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

Result<std::shared_ptr<CurlEngine>> CurlEngine::make(const TransportOptions& options, std::uint32_t max_connections) {
    MultiPtr multi(start_libcurl() ? curl_multi_init() : nullptr);
    if (!multi) return make_error(Errc::internal, "http.start", "libcurl could not start");
    return std::shared_ptr<CurlEngine>(new CurlEngine(options, max_connections, std::move(multi)));
}

CurlEngine::CurlEngine(const TransportOptions& options, std::uint32_t max_connections, MultiPtr multi)
    : options_(options),
      pace_{RateLimit(options.max_upload_bytes_per_second), RateLimit(options.max_download_bytes_per_second)},
      multi_(std::move(multi)) {
    const auto connections = static_cast<long>(max_connections);
    (void)curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
    (void)curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    (void)curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

CurlEngine::~CurlEngine() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    (void)curl_multi_wakeup(multi_.get());
    thread_.join();
}

Result<std::shared_ptr<Exchange>> CurlEngine::make_exchange(const Request& request) {
    EasyPtr easy;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            easy = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!easy) easy.reset(curl_easy_init());
    if (!easy) return make_error(Errc::internal, "http.send", "libcurl gave no handle");
    auto exchange = std::make_shared<Exchange>(request, options_, pace_, std::move(easy));
    SF_TRY(exchange->prepare());
    return exchange;
}

void CurlEngine::begin(std::shared_ptr<Exchange> exchange) {
    std::call_once(started_, [this] { thread_ = std::jthread([this](const std::stop_token& end) { run(end); }); });
    load_.fetch_add(1, std::memory_order_relaxed);
    post({Order::begin, std::move(exchange)});
}
void CurlEngine::cancel(const std::shared_ptr<Exchange>& exchange) { post({Order::cancel, exchange}); }
void CurlEngine::resume(const std::shared_ptr<Exchange>& exchange) { post({Order::resume, exchange}); }

void CurlEngine::post(Command command) {
    {
        const std::lock_guard lock(mutex_);
        commands_.push_back(std::move(command));
    }
    (void)curl_multi_wakeup(multi_.get());
}

void CurlEngine::run(const std::stop_token& end_wanted) {
    block_signals();
    std::vector<Command> commands;
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            commands.swap(commands_);
        }
        for (const auto& command : commands) obey(command);
        commands.clear();
        int running = 0;
        (void)curl_multi_perform(multi_.get(), &running);
        collect_finished();
        if (end_wanted.stop_requested() && active_.empty()) return;
        (void)curl_multi_poll(multi_.get(), nullptr, 0, pace_exchanges(), nullptr);
    }
}

void CurlEngine::obey(const Command& command) {
    auto* exchange = command.exchange.get();
    if (command.order == Order::begin) {
        active_[exchange] = command.exchange;
        if (curl_multi_add_handle(multi_.get(), exchange->easy()) != CURLM_OK) {
            end(*exchange, make_error(Errc::internal, "http.send", "libcurl did not take the request"));
        }
        return;
    }
    if (!active_.contains(exchange)) return;
    if (command.order == Order::resume) return exchange->resume();
    end(*exchange, make_error(Errc::cancelled, "http.send", "stopped during the exchange"));
}

void CurlEngine::collect_finished() {
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        void* self = nullptr;
        const auto code = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
        auto& exchange = *static_cast<Exchange*>(self);
        auto error = exchange.take_callback_error();
        if (!error && code != CURLE_OK) error = error_from_curl(code);
        end(exchange, std::move(error));
    }
}

void CurlEngine::end(Exchange& exchange, std::optional<Error> error) {
    const auto owner = active_.extract(&exchange);
    (void)curl_multi_remove_handle(multi_.get(), exchange.easy());
    auto easy = exchange.take_easy();
    curl_easy_reset(easy.get());
    {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < max_idle_handles) idle_.push_back(std::move(easy));
    }
    load_.fetch_sub(1, std::memory_order_relaxed);
    exchange.finish(std::move(error));
}

int CurlEngine::pace_exchanges() {
    if (!pace_.upload.is_limited() && !pace_.download.is_limited()) return poll_ms;
    bool waiting = false;
    // Going on may end in a callback, never in the end of an exchange: the map stays as it is.
    for (const auto& [exchange, owner] : active_) {
        if (exchange->is_paced()) exchange->resume_if_paced();
        waiting = waiting || exchange->is_paced();
    }
    return waiting ? paced_poll_ms : poll_ms;
}

}  // namespace streamforge::http
