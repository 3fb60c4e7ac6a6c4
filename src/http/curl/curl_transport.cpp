#include <optional>

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

class CurlTransport final : public Transport {
public:
    explicit CurlTransport(std::shared_ptr<CurlEngine> engine) : engine_(std::move(engine)) {}

private:
    Result<std::unique_ptr<ResponseStream>> do_open(const Request& request, std::stop_token stop) override {
        SF_ASSIGN(auto exchange, engine_->make_exchange(request));
        engine_->begin(exchange);
        auto on_stop = std::make_unique<StopCallback>(std::move(stop), [engine = engine_, exchange] { engine->cancel(exchange); });
        if (auto head = exchange->wait_head(); !head) {
            on_stop.reset();
            exchange->wait_finished();
            return std::move(head).error().with("host", request.url.authority());
        }
        return std::unique_ptr<ResponseStream>(std::make_unique<CurlStream>(engine_, std::move(exchange), std::move(on_stop)));
    }

    std::shared_ptr<CurlEngine> engine_;
};

}  // namespace

Result<std::shared_ptr<Transport>> make_curl_transport(const TransportOptions& options) {
    SF_TRY(options.validate());
    SF_ASSIGN(auto engine, CurlEngine::start(options));
    return std::shared_ptr<Transport>(std::make_shared<CurlTransport>(std::move(engine)));
}

}  // namespace streamforge::http
