#include <streamforge/http/fault_transport.hpp>

#include <algorithm>
#include <mutex>

#include "core/try.hpp"

namespace streamforge::http {
namespace {

/// A whole answer as a stream; `cut_at` ends it early with an error.
class WholeAnswer final : public ResponseStream {
public:
    WholeAnswer(Response response, std::span<std::uint8_t> into, std::optional<std::uint64_t> cut_at)
        : ResponseStream(response.status, std::move(response.headers)), body_(std::move(response.body)), cut_at_(cut_at) {
        if (into.empty() || status() < 200 || status() > 299) return;
        too_long_ = body_.size() > into.size();
        const auto end = std::min({body_.size(), into.size(), static_cast<std::size_t>(cut_at_.value_or(body_.size()))});
        std::copy_n(body_.begin(), end, into.begin());
        received_into_ = end;
        at_ = end;
    }

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        if (too_long_) return make_error(Errc::integrity, "http.read", "the answer is longer than there is room for");
        const auto end = std::min(body_.size(), static_cast<std::size_t>(cut_at_.value_or(body_.size())));
        const auto count = std::min(into.size(), end - std::min(at_, end));
        std::copy_n(body_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
        at_ += count;
        if (count != 0 || into.empty() || !cut_at_) return count;
        auto error = make_error(Errc::network, "http.read", "the answer broke off (injected)");
        error.retry = Retry::later;
        return error;
    }
    std::uint64_t do_received_into_bytes() const noexcept override { return received_into_; }

    Bytes body_;
    std::optional<std::uint64_t> cut_at_;
    std::size_t at_ = 0;
    std::uint64_t received_into_ = 0;
    bool too_long_ = false;
};

constexpr std::uint64_t max_test_body_bytes = std::uint64_t{1} << 30;

class FaultTransport final : public Transport {
public:
    FaultTransport(std::shared_ptr<Transport> inner, std::function<std::optional<Fault>(const Request&, std::uint64_t)> plan)
        : inner_(std::move(inner)), plan_(std::move(plan)) {}

private:
    Result<std::unique_ptr<ResponseStream>> do_open(const Request& request, std::stop_token stop) override {
        std::optional<Fault> fault;
        {
            const std::lock_guard lock(mutex_);
            fault = plan_(request, number_++);
        }
        if (!fault) return inner_->open(request, std::move(stop));
        if (fault->kind == Fault::Kind::refuse) return failure(Errc::network, "the connection was refused (injected)");
        if (fault->kind == Fault::Kind::replace_answer) return whole(std::move(fault->answer), request);
        // The inner exchange must not fill the caller's buffer with what the caller is not to see.
        auto shielded = request;
        shielded.receive_into = {};
        SF_ASSIGN(auto answer, inner_->send(shielded, stop, max_test_body_bytes));
        switch (fault->kind) {
            case Fault::Kind::lose_answer: return failure(Errc::network, "the connection was reset (injected)");
            case Fault::Kind::time_out: return failure(Errc::timed_out, "nothing came for too long (injected)");
            case Fault::Kind::rewrite_answer: return whole(std::move(fault->answer), request);
            case Fault::Kind::truncate_body: return whole(std::move(answer), request, fault->at);
            case Fault::Kind::deliver_twice: return inner_->open(request, std::move(stop));
            default: break;
        }
        if (!answer.body.empty()) answer.body[static_cast<std::size_t>(fault->at % answer.body.size())] ^= 1;
        return whole(std::move(answer), request);
    }

    static Error failure(Errc code, const char* message) {
        auto error = make_error(code, "http.send", message);
        error.retry = Retry::later;
        return error;
    }
    static std::unique_ptr<ResponseStream> whole(Response answer, const Request& request, std::optional<std::uint64_t> cut = {}) {
        return std::make_unique<WholeAnswer>(std::move(answer), request.receive_into, cut);
    }

    std::shared_ptr<Transport> inner_;
    std::mutex mutex_;  // guards what follows
    std::function<std::optional<Fault>(const Request&, std::uint64_t)> plan_;
    std::uint64_t number_ = 0;
};

class FakeTransport final : public Transport {
public:
    explicit FakeTransport(std::function<Result<Response>(const Request&, ByteView)> answer) : answer_(std::move(answer)) {}

private:
    Result<std::unique_ptr<ResponseStream>> do_open(const Request& request, std::stop_token) override {
        auto body = request.body;
        SF_TRY(body.rewind());
        Bytes bytes(static_cast<std::size_t>(body.size_bytes()));
        for (std::size_t at = 0; at < bytes.size();) {
            SF_ASSIGN(const auto count, body.read(std::span(bytes).subspan(at)));
            at += count;
        }
        SF_ASSIGN(auto response, answer_(request, bytes));
        return std::unique_ptr<ResponseStream>(std::make_unique<WholeAnswer>(std::move(response), request.receive_into, std::nullopt));
    }

    std::function<Result<Response>(const Request&, ByteView)> answer_;
};

}  // namespace

std::shared_ptr<Transport> make_fault_transport(std::shared_ptr<Transport> inner,
                                                std::function<std::optional<Fault>(const Request&, std::uint64_t)> plan) {
    return std::make_shared<FaultTransport>(std::move(inner), std::move(plan));
}

std::shared_ptr<Transport> make_fake_transport(std::function<Result<Response>(const Request&, ByteView)> answer) {
    return std::make_shared<FakeTransport>(std::move(answer));
}

}  // namespace streamforge::http
