#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/unique_fd.hpp"

namespace streamforge::testing {

/// One accepted connection of a `LoopbackServer`, handled by a script that reads and writes what it likes.
class Connection {
public:
    explicit Connection(int fd) : fd_(fd) {}
    /// Everything up to and with the blank line; empty when the client closed.
    [[nodiscard]] std::string read_head();
    [[nodiscard]] std::string read_bytes(std::size_t count);
    /// The head, and as much body as its Content-Length says.
    [[nodiscard]] std::string read_request();
    /// False when the client is gone.
    bool write(std::string_view bytes);
    /// Closes so that the client sees a reset.
    void reset();
    void half_close();
    /// Blocks until the client closes or sends more.
    void wait_for_client();

private:
    int fd_;
    std::string held_;
};

/// A TCP server on a free loopback port that runs `script` for each connection, in a thread of its own.
class LoopbackServer {
public:
    using Script = std::function<void(Connection&, int number)>;
    explicit LoopbackServer(Script script);
    ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] int connections() const noexcept { return connections_; }

private:
    void accept_all();
    Script script_;
    std::uint16_t port_ = 0;  // before the listener, which sets it
    UniqueFd listener_;
    std::atomic<int> connections_ = 0;
    std::vector<std::jthread> handlers_;
    std::vector<std::shared_ptr<UniqueFd>> sockets_;
    std::jthread thread_;
};

/// A loopback port that nothing listens on.
[[nodiscard]] std::uint16_t closed_port();

}  // namespace streamforge::testing
