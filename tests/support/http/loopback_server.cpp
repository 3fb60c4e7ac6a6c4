#include "support/http/loopback_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>

namespace streamforge::testing {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

UniqueFd bound_socket(std::uint16_t& port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto address = loopback(0);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (!fd || ::bind(fd.get(), generic, size) != 0 || ::getsockname(fd.get(), generic, &size) != 0) {
        throw std::runtime_error("no loopback socket");
    }
    port = ntohs(address.sin_port);
    return fd;
}

std::size_t content_length(std::string_view head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string_view::npos ? 0 : static_cast<std::size_t>(std::stoull(std::string(head.substr(at + 16, 20))));
}

}  // namespace

std::string Connection::read_head() {
    std::array<char, 4096> slice;
    while (true) {
        const auto end = held_.find("\r\n\r\n");
        if (end != std::string::npos) {
            auto head = held_.substr(0, end + 4);
            held_.erase(0, end + 4);
            return head;
        }
        const auto got = ::recv(fd_, slice.data(), slice.size(), 0);
        if (got <= 0) return {};
        held_.append(slice.data(), static_cast<std::size_t>(got));
    }
}

std::string Connection::read_bytes(std::size_t count) {
    std::array<char, 65536> slice;
    while (held_.size() < count) {
        const auto got = ::recv(fd_, slice.data(), slice.size(), 0);
        if (got <= 0) break;
        held_.append(slice.data(), static_cast<std::size_t>(got));
    }
    const auto length = std::min(count, held_.size());
    auto bytes = held_.substr(0, length);
    held_.erase(0, length);
    return bytes;
}

std::string Connection::read_request() {
    auto head = read_head();
    const auto length = content_length(head);
    return head + read_bytes(length);
}

bool Connection::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Connection::reset() {
    const linger now{1, 0};
    (void)::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Connection::half_close() { (void)::shutdown(fd_, SHUT_WR); }

void Connection::wait_for_client() {
    char byte = 0;
    (void)::recv(fd_, &byte, 1, 0);
}

LoopbackServer::LoopbackServer(Script script) : script_(std::move(script)), listener_(bound_socket(port_)) {
    if (::listen(listener_.get(), 64) != 0) throw std::runtime_error("cannot listen on loopback");
    thread_ = std::jthread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
    (void)::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
    for (const auto& socket : sockets_) {
        if (*socket) (void)::shutdown(socket->get(), SHUT_RDWR);
    }
    handlers_.clear();
}

void LoopbackServer::accept_all() {
    while (true) {
        auto socket = std::make_shared<UniqueFd>(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!*socket) return;
        sockets_.push_back(socket);
        const int number = connections_++;
        handlers_.emplace_back([this, socket, number] {
            Connection connection(socket->get());
            script_(connection, number);
            // Closed here, so that the client sees the end; the descriptor itself stays ours until the server goes.
            const UniqueFd replacement(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            (void)::dup3(replacement.get(), socket->get(), O_CLOEXEC);
        });
    }
}

std::uint16_t closed_port() {
    std::uint16_t port = 0;
    const auto socket = bound_socket(port);
    return port;
}

}  // namespace streamforge::testing
