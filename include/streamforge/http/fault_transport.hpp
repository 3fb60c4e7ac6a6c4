#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <streamforge/core/export.hpp>
#include <streamforge/http/transport.hpp>

namespace streamforge::http {

/// What goes wrong with one exchange. Everything is decided by the plan and nothing waits, so that tests are repeatable.
struct Fault {
    enum class Kind : std::uint8_t {
        refuse,          ///< The connection fails; the remote never sees the request.
        lose_answer,     ///< The remote acts on the request; its answer is lost.
        time_out,        ///< As `lose_answer`, seen as a stall.
        replace_answer,  ///< The remote never sees the request; `answer` is given in its place.
        rewrite_answer,  ///< The remote acts on the request; `answer` is given instead of what it said.
        truncate_body,   ///< The answer's body breaks off after `at` bytes.
        corrupt_body,    ///< Bit 0 of the answer's body byte `at` is turned over.
        deliver_twice,   ///< The remote gets the request twice; the second answer is given.
    };
    Kind kind = Kind::refuse;
    std::uint64_t at = 0;
    Response answer{};
};

/// A transport for tests that passes exchanges on to `inner`, but for those that `plan` gives a fault. `plan` is called once for
/// each exchange, in order and never concurrently, with its number from 0.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<Transport> make_fault_transport(
    std::shared_ptr<Transport> inner, std::function<std::optional<Fault>(const Request& request, std::uint64_t number)> plan);

/// A transport for tests whose answers come from a function; it gets the request and its whole body.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<Transport> make_fake_transport(
    std::function<Result<Response>(const Request& request, ByteView body)> answer);

}  // namespace streamforge::http
