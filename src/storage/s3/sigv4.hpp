#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/http/headers.hpp>
#include <streamforge/storage/credentials.hpp>

namespace streamforge::storage::s3 {

/// Query parameters as plain text.
using Query = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view empty_payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Encoded and sorted, as it is signed; it is sent so too.
[[nodiscard]] std::string canonical_query(const Query& query);
/// A key as it stands in a path: encoded once, `/` kept, nothing normalised.
[[nodiscard]] std::string encode_key(std::string_view key);

/// One reading of the clock, in both spellings.
struct SigningTime {
    explicit SigningTime(std::chrono::system_clock::time_point now);
    std::string date;       ///< "20130524".
    std::string timestamp;  ///< "20130524T000000Z".
};

/// What is to be signed. The path is encoded already, and sent as it stands here.
struct Signable {
    std::string_view method;
    std::string_view path;
    std::string_view query;        ///< As `canonical_query` gives it.
    const http::Headers& headers;  ///< With Host.
    std::string_view payload_hash;
};

/// Every intermediate, so that tests compare more than the end.
struct Signature {
    std::string canonical_request;
    std::string string_to_sign;
    std::string signed_headers;
    std::string hex;
};

/// AWS Signature Version 4 with the rules of S3. Keeps the day's derived key. *Thread safety*: all calls.
/// *Source*: Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)".
class Signer {
public:
    explicit Signer(std::string service = "s3");
    ~Signer();

    /// The signature of what stands there; adds nothing. *Errors*: `unauthenticated` for a key that cannot be used.
    [[nodiscard]] Result<Signature> sign(const Signable& request, const Credentials& credentials, std::string_view region,
                                         const SigningTime& time);
    /// Adds x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization to `headers`.
    [[nodiscard]] Result<void> sign_headers(std::string_view method, std::string_view path, std::string_view query, http::Headers& headers,
                                            std::string_view payload_hash, const Credentials& credentials, std::string_view region,
                                            const SigningTime& time);
    /// The whole query of a presigned URL. `headers` (with Host) are those that its bearer must send.
    [[nodiscard]] Result<std::string> presign(std::string_view method, std::string_view path, Query query, const http::Headers& headers,
                                              std::chrono::seconds expires_in, const Credentials& credentials, std::string_view region,
                                              const SigningTime& time);
    /// Signs text with the day's key, as POST policies want it. *Errors*: as `sign`.
    [[nodiscard]] Result<std::string> sign_text(std::string_view text, const Credentials& credentials, std::string_view region,
                                                const SigningTime& time);
    [[nodiscard]] std::string scope(std::string_view region, const SigningTime& time) const;

private:
    struct DerivedKey;
    [[nodiscard]] Result<std::shared_ptr<const DerivedKey>> key_for(const Credentials& credentials, std::string_view region,
                                                                    const SigningTime& time);
    std::string service_;
    std::mutex mutex_;  // guards what follows
    std::shared_ptr<const DerivedKey> key_;
};

}  // namespace streamforge::storage::s3
