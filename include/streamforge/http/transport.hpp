#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/http/message.hpp>

namespace streamforge::http {

/// An answer whose head has come and whose body is read as it comes. Letting it go early closes the connection.
///
/// *Lifetime*: keeps what it needs of its transport alive. *Thread safety*: none.
class STREAMFORGE_EXPORT ResponseStream {
public:
    virtual ~ResponseStream();
    ResponseStream(const ResponseStream&) = delete;
    ResponseStream& operator=(const ResponseStream&) = delete;

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] const Headers& headers() const noexcept { return headers_; }
    /// At least one byte, or 0 at the end of a whole body. *Errors*: `network` (cut short), `timed_out`, `cancelled`.
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into) { return do_read(into); }
    /// Everything that is left. *Errors*: as `read`, and `limit_exceeded` above `max_bytes`.
    [[nodiscard]] Result<Bytes> read_all(std::uint64_t max_bytes);
    /// How many bytes went to `Request::receive_into`; all of them once `read` gave 0.
    [[nodiscard]] std::uint64_t received_into_bytes() const noexcept { return do_received_into_bytes(); }

protected:
    ResponseStream(int status, Headers headers) : status_(status), headers_(std::move(headers)) {}

private:
    virtual Result<std::size_t> do_read(std::span<std::uint8_t> into) = 0;
    virtual std::uint64_t do_received_into_bytes() const noexcept { return 0; }
    int status_;
    Headers headers_;
};

/// Sends requests and gives answers, whatever their status: only an exchange that broke is an error.
///
/// All calls block. *Errors*: `network`, `timed_out` (deadline, stall), `cancelled`, `malformed` (no HTTP). *Retry*: never done
/// here, but an error that may go away says `Retry::later`. *Thread safety*: all calls.
class STREAMFORGE_EXPORT Transport {
public:
    virtual ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// Waits for the answer's head. The request's body and `receive_into` are in use until the stream ended or was let go.
    [[nodiscard]] Result<std::unique_ptr<ResponseStream>> open(const Request& request, std::stop_token stop = {});
    /// The whole answer. *Errors*: as above, and `limit_exceeded` for a body above `max_body_bytes`.
    [[nodiscard]] Result<Response> send(const Request& request, std::stop_token stop = {},
                                        std::uint64_t max_body_bytes = std::uint64_t{16} << 20);

protected:
    Transport() = default;

private:
    virtual Result<std::unique_ptr<ResponseStream>> do_open(const Request& request, std::stop_token stop) = 0;
};

/// How the transport connects. TLS certificates are always verified: a private authority is given by `ca_bundle`.
struct TransportOptions {
    std::string ca_bundle{};  ///< PEM file of trusted authorities; empty: the system's.
    std::string proxy{};      ///< "http://host:port"; empty: http_proxy, https_proxy and no_proxy; "none": no proxy at all.
    std::string user_agent = "streamforge";
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::seconds stall{30};           ///< Fail when nothing moves for so long; 1 s to 1 h.
    std::chrono::seconds idle_connection{4};  ///< Reuse connections idle for less; S3 closes them after about 5 s.
    std::uint32_t max_connections = 64;       ///< Open at once, idle ones included; 1 to 10,000.
    /// Threads that move the bytes of exchanges; 0: half of the cores, 2 to 4; else 1 to 64. Each starts only when as many
    /// exchanges run at once. With a bandwidth limit there is one.
    std::uint32_t threads = 0;
    std::uint64_t max_upload_bytes_per_second = 0;    ///< All exchanges together; 0: no limit.
    std::uint64_t max_download_bytes_per_second = 0;  ///< As above.

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// A transport on libcurl: HTTP/1.1 with connection reuse, on threads of its own. Nothing global needs setting up.
/// *Errors*: `invalid_argument`, `internal` (libcurl could not start).
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<Transport>> make_curl_transport(const TransportOptions& options = {});

}  // namespace streamforge::http
