#include "storage/s3/s3_client.hpp"

#include "core/try.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::uint64_t max_answer_bytes = std::uint64_t{16} << 20;
constexpr std::uint64_t max_error_bytes = std::uint64_t{1} << 20;

bool decide_signs_bodies(const S3Options& options, const Endpoint& endpoint) {
    if (options.payload_signing == S3PayloadSigning::automatic) return !endpoint.base.is_tls();
    return options.payload_signing == S3PayloadSigning::always;
}

/// Some stores call a "…Result" a "…Response".
bool is_root(std::string_view name, std::string_view result) {
    constexpr std::string_view ending = "Result";
    const auto stem = result.substr(0, result.size() - ending.size());
    return name == result || (name.starts_with(stem) && name.substr(stem.size()) == "Response");
}

}  // namespace

Client::Client(Endpoint endpoint, const S3Options& options, std::shared_ptr<CredentialsProvider> credentials,
               std::shared_ptr<http::Transport> transport)
    : endpoint_(std::move(endpoint)),
      options_(options),
      credentials_(std::move(credentials)),
      transport_(std::move(transport)),
      signs_bodies_(decide_signs_bodies(options, endpoint_)),
      retrier_(options.retry, options.random, options.sleep),
      region_(endpoint_.region) {}

std::string Client::region() const {
    const std::lock_guard lock(mutex_);
    return region_;
}

std::chrono::system_clock::time_point Client::now() const {
    return options_.clock() + std::chrono::milliseconds(clock_offset_ms_.load(std::memory_order_relaxed));
}

http::Request Client::make_request(const Call& call) const {
    http::Request request;
    request.method = call.method;
    request.url = endpoint_.base;
    request.url.path = endpoint_.path_of(call.key);
    request.url.query = canonical_query(call.query);
    request.headers = call.headers;
    request.body = call.body;
    request.receive_into = call.receive_into;
    request.stall = call.stall;
    return request;
}

Result<http::Request> Client::signed_request(const Call& call, const std::shared_ptr<const Credentials>& credentials) const {
    auto request = make_request(call);
    if (credentials->is_anonymous()) return request;
    // Host is signed, and written by the transport in just this spelling.
    request.headers.add("host", request.url.authority());
    std::string_view hash = unsigned_payload;
    if (!call.body_sha256.empty()) {
        hash = call.body_sha256;
    } else if (call.body.size_bytes() == 0) {
        hash = empty_payload;
    }
    SF_TRY(signer_.sign_headers(request.method, request.url.path, request.url.query, request.headers, hash, *credentials, region(),
                                SigningTime(now())));
    request.headers.remove("host");
    return request;
}

std::variant<Client::Attempt, Failure> Client::attempt(const Call& call, bool stream, const std::shared_ptr<const Credentials>& credentials,
                                                       const std::stop_token& stop) {
    auto request = signed_request(call, credentials);
    if (!request) return failure_of_exchange(std::move(request).error(), call.operation);
    auto opened = transport_->open(*request, stop);
    if (!opened) return failure_of_exchange(std::move(opened).error(), call.operation);
    auto& answer = **opened;
    const bool good = answer.status() >= 200 && answer.status() <= 299;
    if (good && !call.result_header.empty() && !answer.headers().find(call.result_header)) {
        return failure_of_answer(answer.status(), answer.headers(), {}, call.operation);
    }
    if (good && stream) return Attempt{std::move(*opened), {}};
    auto body = answer.read_all(good ? max_answer_bytes : max_error_bytes);
    if (!body && good) return failure_of_exchange(std::move(body).error(), call.operation);
    // A refusal stands though its text did not come whole.
    const Bytes text = body ? *std::move(body) : Bytes{};
    if (!good) return failure_of_answer(answer.status(), answer.headers(), text, call.operation);
    if (!call.result_root.empty() && !is_root(root_name(text).value_or(""), call.result_root)) {
        return failure_of_answer(answer.status(), answer.headers(), text, call.operation);
    }
    return Attempt{nullptr, {answer.status(), answer.headers(), text, answer.received_into_bytes(), false}};
}

bool Client::apply(const Failure& failure, const std::shared_ptr<const Credentials>& credentials) {
    switch (failure.remedy) {
        case Remedy::correct_clock: {
            if (!failure.server_time) return false;
            const auto offset = std::chrono::duration_cast<std::chrono::milliseconds>(*failure.server_time - options_.clock());
            clock_offset_ms_ = offset.count();
            if (options_.log)
                options_.log(LogLevel::warning, "storage.s3",
                             "this machine's clock differs from the store's; requests are dated by the store's");
            return true;
        }
        case Remedy::renew_credentials: credentials_->reject(credentials); return true;
        case Remedy::change_region: {
            const std::lock_guard lock(mutex_);
            // Only the name in the signature changes; requests go where they went before.
            if (failure.region.empty() || failure.region == region_) return false;
            region_ = failure.region;
            return true;
        }
        case Remedy::drop_checksum: return false;  // the store's business: the call must be made anew
        case Remedy::none: return failure.kind != http::RetryKind::none;
    }
    return false;
}

std::variant<Client::Attempt, CallError> Client::run(const Call& call, bool stream, const std::stop_token& stop) {
    auto attempts = retrier_.begin();
    bool may_have_been_done = false;
    unsigned remedies = 0;
    while (true) {
        auto credentials = credentials_->get(stop);
        if (!credentials) return CallError{std::move(credentials).error(), may_have_been_done, Remedy::none};
        auto outcome = attempt(call, stream, *credentials, stop);
        if (auto* done = std::get_if<Attempt>(&outcome)) {
            attempts.succeeded();
            done->answer.repeated = may_have_been_done;
            return std::move(*done);
        }
        auto& failure = std::get<Failure>(outcome);
        may_have_been_done = may_have_been_done || failure.may_have_been_done;
        const bool by_remedy = failure.remedy != Remedy::none;
        // Each kind of remedy helps at once or not at all.
        const bool exhausted = by_remedy && (remedies & (1U << static_cast<unsigned>(failure.remedy))) != 0;
        if (by_remedy) remedies |= 1U << static_cast<unsigned>(failure.remedy);
        CallError given_up{std::move(failure.error), may_have_been_done, failure.remedy};
        if (exhausted || !apply(failure, *credentials)) return given_up;
        auto again = attempts.again(by_remedy ? http::RetryKind::fresh : failure.kind, failure.asked, stop);
        if (!again) return CallError{std::move(again).error(), may_have_been_done, Remedy::none};
        if (!*again) return given_up;
    }
}

std::variant<Answer, CallError> Client::try_call(const Call& call, std::stop_token stop) {
    auto outcome = run(call, false, stop);
    if (auto* failed = std::get_if<CallError>(&outcome)) return std::move(*failed);
    return std::move(std::get<Attempt>(outcome).answer);
}

Result<Answer> Client::call(const Call& call, std::stop_token stop) {
    auto outcome = try_call(call, std::move(stop));
    if (auto* failed = std::get_if<CallError>(&outcome)) {
        if (call.key.empty()) return std::move(failed->error);
        return std::move(failed->error).with("key", call.key);
    }
    return std::move(std::get<Answer>(outcome));
}

Result<std::unique_ptr<http::ResponseStream>> Client::open(const Call& call, std::stop_token stop) {
    auto outcome = run(call, true, stop);
    if (auto* failed = std::get_if<CallError>(&outcome)) return std::move(failed->error).with("key", call.key);
    return std::move(std::get<Attempt>(outcome).stream);
}

Result<PresignedRequest> Client::presign(const Call& call, std::chrono::seconds expires_in) {
    SF_ASSIGN(const auto credentials, credentials_->get());
    if (credentials->is_anonymous()) return make_error(Errc::unauthenticated, call.operation, "presigning needs credentials");
    const auto time = now();
    auto headers = call.headers;
    auto url = make_request(call).url;
    headers.add("host", url.authority());
    SF_ASSIGN(url.query,
              signer_.presign(call.method, url.path, call.query, headers, expires_in, *credentials, region(), SigningTime(time)));
    PresignedRequest request;
    request.method = call.method;
    request.url = Secret(http::to_string(url));
    for (const auto& [name, value] : call.headers.fields()) request.headers.emplace_back(name, value);
    request.expires_at = std::chrono::floor<std::chrono::seconds>(time) + expires_in;
    // A URL dies with the credentials that signed it.
    if (credentials->expires_at && *credentials->expires_at < request.expires_at) request.expires_at = *credentials->expires_at;
    return request;
}

}  // namespace streamforge::storage::s3
