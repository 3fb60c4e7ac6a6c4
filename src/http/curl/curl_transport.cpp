#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

#include <streamforge/http/transport.hpp>

#include "core/try.hpp"
#include "http/curl/engine.hpp"

namespace streamforge::http {
namespace {

using StopCallback = std::stop_callback<std::function<void()>>;

class CurlStream final : public ResponseStream {
public:
    CurlStream(std::shared_ptr<CurlEngine> engine, std::shared_ptr<Exchange> exchange, std::unique_ptr<StopCallback> on_stop)
        : ResponseStream(exchange->status(), exchange->take_headers()),
          engine_(std::move(engine)),
          exchange_(std::move(exchange)),
          on_stop_(std::move(on_stop)) {}

    /// Nothing of the caller's may be in use any more when this returns.
    ~CurlStream() override {
        on_stop_.reset();
        if (exchange_->is_finished()) return;
        engine_->cancel(exchange_);
        exchange_->wait_finished();
    }

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        bool resume = false;
        auto count = exchange_->read(into, resume);
        if (resume) engine_->resume(exchange_);
        return count;
    }
    std::uint64_t do_received_into_bytes() const noexcept override { return exchange_->received_into_bytes(); }

    std::shared_ptr<CurlEngine> engine_;
    std::shared_ptr<Exchange> exchange_;
    std::unique_ptr<StopCallback> on_stop_;
};

/// One thread saturates at some 2 GB/s of plain HTTP, with TLS earlier.
std::uint32_t thread_count(const TransportOptions& options) {
    const bool paced = options.max_upload_bytes_per_second != 0 || options.max_download_bytes_per_second != 0;
    if (paced) return 1;  // the limit is of all exchanges together, and each thread would keep its own
    const std::uint32_t usual = std::clamp(std::thread::hardware_concurrency() / 2, 2U, 4U);
    return std::min(options.threads == 0 ? usual : options.threads, options.max_connections);
}

class CurlTransport final : public Transport {
public:
    explicit CurlTransport(std::vector<std::shared_ptr<CurlEngine>> engines) : engines_(std::move(engines)) {}

private:
    Result<std::unique_ptr<ResponseStream>> do_open(const Request& request, std::stop_token stop) override {
        const auto engine = least_loaded();
        SF_ASSIGN(auto exchange, engine->make_exchange(request));
        engine->begin(exchange);
        auto on_stop = std::make_unique<StopCallback>(std::move(stop), [engine, exchange] { engine->cancel(exchange); });
        if (auto head = exchange->wait_head(); !head) {
            on_stop.reset();
            exchange->wait_finished();
            return std::move(head).error().with("host", request.url.authority());
        }
        return std::unique_ptr<ResponseStream>(std::make_unique<CurlStream>(engine, std::move(exchange), std::move(on_stop)));
    }

    /// The first of those with the fewest exchanges: one request after the other stays on one connection.
    [[nodiscard]] const std::shared_ptr<CurlEngine>& least_loaded() const {
        return *std::ranges::min_element(engines_, {}, [](const auto& engine) { return engine->load(); });
    }

    std::vector<std::shared_ptr<CurlEngine>> engines_;
};

}  // namespace

Result<std::shared_ptr<Transport>> make_curl_transport(const TransportOptions& options) {
    SF_TRY(options.validate());
    std::vector<std::shared_ptr<CurlEngine>> engines;
    const std::uint32_t count = thread_count(options);
    for (std::uint32_t index = 0; index < count; ++index) {
        const std::uint32_t share = options.max_connections / count + (index < options.max_connections % count ? 1 : 0);
        SF_ASSIGN(auto engine, CurlEngine::make(options, share));
        engines.push_back(std::move(engine));
    }
    return std::shared_ptr<Transport>(std::make_shared<CurlTransport>(std::move(engines)));
}

}  // namespace streamforge::http
