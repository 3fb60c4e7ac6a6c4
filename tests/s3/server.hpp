#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <streamforge/storage/s3_store.hpp>

namespace streamforge::storage::testing {

/// A real S3 server on loopback, with a folder of its own, for the life of the object. Servers are programs of others, built by
/// tests/s3/install_servers.sh.
class S3Server {
public:
    enum class Kind : std::uint8_t { versitygw, minio };

    /// Nothing where the program is not installed: the caller skips its test.
    [[nodiscard]] static std::unique_ptr<S3Server> start(Kind kind);
    ~S3Server();
    S3Server(const S3Server&) = delete;
    S3Server& operator=(const S3Server&) = delete;

    /// The one server of a kind for the whole test program.
    [[nodiscard]] static S3Server* shared(Kind kind);

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    /// A new, empty bucket's name.
    [[nodiscard]] std::string make_bucket();
    /// Options that reach `bucket` with the right keys, and nothing of the machine's own settings.
    [[nodiscard]] S3Options options(const std::string& bucket) const;

    static constexpr auto access_key = "test-access-key";
    static constexpr auto secret_key = "test-secret-key-0123456789";

private:
    S3Server() = default;
    bool wait_ready();
    int pid_ = 0;
    Kind kind_ = Kind::versitygw;
    std::string folder_;
    std::string url_;
};

/// Where a server's program lies, if it does.
[[nodiscard]] std::optional<std::string> server_program(const char* name);
/// The line with which a test says why it was skipped.
[[nodiscard]] std::string no_server(S3Server::Kind kind);

}  // namespace streamforge::storage::testing
