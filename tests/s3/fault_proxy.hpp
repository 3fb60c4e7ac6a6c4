#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "support/http/loopback_server.hpp"

namespace streamforge::storage::testing {

/// A request as the proxy understands it.
struct WireRequest {
    std::string operation;  ///< "PutObject", "CreateMultipartUpload", "UploadPart", …
    std::uint32_t part = 0;
    std::uint64_t body_bytes = 0;
};

/// What goes wrong with one request, at the level of the connection.
struct WireFault {
    enum class Kind : std::uint8_t {
        refuse,           ///< Reset before a byte was read.
        reset_in_body,    ///< Reset after half of the request's body.
        lose_answer,      ///< The server acts; the connection is reset before its answer.
        half_close,       ///< The server acts; of its answer half comes, then the end.
        stall,            ///< The server acts; its answer never comes.
        stall_before,     ///< The server never sees the request, and no answer comes.
        cut_answer,       ///< The answer's head, and nothing of its body.
        corrupt_request,  ///< A bit of the request's body is turned over on the way.
        corrupt_answer,   ///< A bit of the answer's body is turned over on the way.
        answer,           ///< `status` and `code` instead of the server.
        answer_after,     ///< The server acts; `status` and `code` instead of its answer.
        twice,            ///< The server gets it twice; the second answer is given.
    };
    Kind kind = Kind::refuse;
    int status = 0;
    std::string code{};
    std::string headers{};  ///< Whole lines, each with its end.
};

/// A reverse proxy on loopback that knows S3's operations and breaks what a plan wants broken. One request for each connection. The plan is
/// called in order, never concurrently, with the number of the request from 0.
class FaultProxy {
public:
    using Plan = std::function<std::optional<WireFault>(const WireRequest& request, std::uint64_t number)>;

    explicit FaultProxy(const std::string& upstream_url);
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    /// From the next request on, which is number 0.
    void set_plan(Plan plan);
    /// How many requests came since then.
    [[nodiscard]] std::uint64_t requests() const { return number_; }

private:
    void serve(streamforge::testing::Connection& client);
    void spoil(streamforge::testing::Connection& client, const WireFault& fault, std::string head, std::uint64_t body_bytes);
    /// `whole`: the body arrived to its end.
    [[nodiscard]] std::string forward(const std::string& request, bool whole) const;

    std::uint16_t upstream_port_;
    std::mutex mutex_;  // guards the plan
    Plan plan_;
    std::atomic<std::uint64_t> number_ = 0;
    streamforge::testing::LoopbackServer server_;  // last: its threads use the rest
};

/// What S3 calls the request.
[[nodiscard]] WireRequest understand(std::string_view head);

}  // namespace streamforge::storage::testing
