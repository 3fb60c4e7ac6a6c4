#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/http/headers.hpp>
#include <streamforge/http/url.hpp>

namespace streamforge::http {

/// The bytes of a request: borrowed memory, or a sized stream that can be read again from its start.
///
/// *Lifetime*: borrowed memory must stay valid until the exchange ended. *Thread safety*: `read` and `rewind` are called from
/// the transport's own thread, one at a time; they must not block for long and must not throw.
class STREAMFORGE_EXPORT RequestBody {
public:
    /// Fills the span as far as it can; 0 only at the end.
    using Reader = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;
    /// Goes back to the first byte. Called before each sending, the first one too.
    using Rewinder = std::function<Result<void>()>;

    RequestBody() = default;                                                   ///< No body.
    RequestBody(ByteView bytes) : bytes_(bytes), size_bytes_(bytes.size()) {}  // NOLINT: implicit by design, borrows
    [[nodiscard]] static RequestBody stream(std::uint64_t size_bytes, Reader reader, Rewinder rewinder);

    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
    /// The next bytes; 0 at the end.
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into);
    [[nodiscard]] Result<void> rewind();

private:
    ByteView bytes_;
    std::uint64_t size_bytes_ = 0;
    std::uint64_t position_ = 0;
    Reader reader_;
    Rewinder rewinder_;
};

/// One request. Redirects are never followed: a signed request is meant for one place.
struct Request {
    std::string method = "GET";
    Url url{};
    Headers headers{};  ///< Host, Content-Length and Connection are the transport's; it adds nothing else of its own.
    RequestBody body{};
    /// Where a 2xx body goes instead of being read, or collected: saves a copy. A longer one fails with `integrity`.
    std::span<std::uint8_t> receive_into{};
    std::chrono::milliseconds deadline{0};  ///< For the whole exchange; 0: none.
    std::chrono::seconds stall{0};          ///< Instead of the transport's; 0: the transport's.
};

/// A whole answer.
struct Response {
    int status = 0;
    Headers headers{};
    Bytes body{};                           ///< Empty where `receive_into` took it.
    std::uint64_t received_into_bytes = 0;  ///< How much of `receive_into` was filled.
};

}  // namespace streamforge::http
