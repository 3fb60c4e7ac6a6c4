#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <variant>
#include <string>

#include <streamforge/http/retry.hpp>
#include <streamforge/http/transport.hpp>
#include <streamforge/storage/s3_store.hpp>

#include "storage/s3/endpoint.hpp"
#include "storage/s3/s3_failure.hpp"
#include "storage/s3/sigv4.hpp"

namespace streamforge::storage::s3 {

/// One request to the bucket, before it is signed. Everything in it may be sent again.
struct Call {
    const char* operation = "";
    std::string method = "GET";
    std::string key{};  ///< Empty: the bucket.
    Query query{};
    http::Headers headers{};
    http::RequestBody body{};
    std::string body_sha256{};  ///< Hexadecimal; empty for no body, or where the signature need not cover it.
    std::span<std::uint8_t> receive_into{};
    std::string_view result_root{};    ///< A 200 is a success only with this root element in its body.
    std::string_view result_header{};  ///< A 2xx is a success only with this header: what stands between may answer for the store.
    std::chrono::seconds stall{0};
};

struct Answer {
    int status = 0;
    http::Headers headers{};
    Bytes body{};
    std::uint64_t received_into_bytes = 0;
    bool repeated = false;  ///< An attempt before this one may have been acted on.
};

/// The last failure of a call, with what the caller needs to find out what became of it.
struct CallError {
    Error error{};
    bool may_have_been_done = false;  ///< In any of the attempts.
    Remedy remedy = Remedy::none;
};

/// Signs, sends, and repeats as the policy has it; corrects the clock, renews credentials, follows a bucket to its region.
///
/// *Thread safety*: all calls.
class Client {
public:
    Client(Endpoint endpoint, const S3Options& options, std::shared_ptr<CredentialsProvider> credentials,
           std::shared_ptr<http::Transport> transport);

    [[nodiscard]] std::variant<Answer, CallError> try_call(const Call& call, std::stop_token stop);
    [[nodiscard]] Result<Answer> call(const Call& call, std::stop_token stop);
    /// A 2xx whose body is still to be read.
    [[nodiscard]] Result<std::unique_ptr<http::ResponseStream>> open(const Call& call, std::stop_token stop);
    [[nodiscard]] Result<PresignedRequest> presign(const Call& call, std::chrono::seconds expires_in);

    [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] bool signs_bodies() const noexcept { return signs_bodies_; }
    [[nodiscard]] const S3Options& options() const noexcept { return options_; }
    [[nodiscard]] CredentialsProvider& credentials() noexcept { return *credentials_; }
    [[nodiscard]] Signer& signer() noexcept { return signer_; }
    [[nodiscard]] std::string region() const;
    /// The local clock, corrected by what the store said of its own.
    [[nodiscard]] std::chrono::system_clock::time_point now() const;

private:
    struct Attempt {
        std::unique_ptr<http::ResponseStream> stream;
        Answer answer;
    };
    [[nodiscard]] http::Request make_request(const Call& call) const;
    [[nodiscard]] Result<http::Request> signed_request(const Call& call, const std::shared_ptr<const Credentials>& credentials) const;
    [[nodiscard]] std::variant<Attempt, Failure> attempt(const Call& call, bool stream,
                                                         const std::shared_ptr<const Credentials>& credentials,
                                                         const std::stop_token& stop);
    [[nodiscard]] std::variant<Attempt, CallError> run(const Call& call, bool stream, const std::stop_token& stop);
    [[nodiscard]] bool apply(const Failure& failure, const std::shared_ptr<const Credentials>& credentials);

    const Endpoint endpoint_;
    const S3Options options_;
    const std::shared_ptr<CredentialsProvider> credentials_;
    const std::shared_ptr<http::Transport> transport_;
    const bool signs_bodies_;
    mutable Signer signer_;
    http::Retrier retrier_;
    std::atomic<std::int64_t> clock_offset_ms_ = 0;
    mutable std::mutex mutex_;  // guards what follows
    std::string region_;
};

}  // namespace streamforge::storage::s3
