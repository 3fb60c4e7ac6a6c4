#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/server/headers.hpp>

#include "core/unique_fd.hpp"

namespace streamforge::server {

struct RawResponse {
    int status = 0;
    Headers headers;
    std::string body;
    bool whole = true;  // the body came to the end that its framing promised
};

/// A client that sends exactly the bytes it is given. Gives up after some seconds, so that a broken test fails and does not hang.
class RawClient {
public:
    explicit RawClient(std::uint16_t port, int receive_buffer_bytes = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval patience{20, 0};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        if (receive_buffer_bytes > 0) {
            ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(receive_buffer_bytes));
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    }

    [[nodiscard]] bool connected() const noexcept { return connected_; }

    bool send(std::string_view text) {
        while (!text.empty()) {
            const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void finish_sending() { ::shutdown(fd_.get(), SHUT_WR); }

    /// Reads one response; nothing when the connection ended first.
    std::optional<RawResponse> receive(bool head_request = false) {
        const auto header_end = fill_until("\r\n\r\n");
        if (!header_end) return std::nullopt;
        auto response = parse_header(std::string_view(buffer_).substr(0, *header_end));
        buffer_.erase(0, *header_end + 4);
        if (head_request || response.status == 204 || response.status == 304 || response.status < 200) return response;
        if (response.headers.get("Transfer-Encoding") == "chunked") read_chunks(response);
        else if (response.headers.contains("Content-Length")) read_length(response);
        else read_to_end(response);
        return response;
    }

    std::optional<RawResponse> ask(std::string_view text) { return send(text) ? receive() : std::nullopt; }

    /// Whether the server closes without sending anything more.
    bool is_closed() { return buffer_.empty() && !fill(); }

private:
    bool fill() {
        char bytes[65536];
        const auto got = ::recv(fd_.get(), bytes, sizeof(bytes), 0);
        if (got > 0) buffer_.append(bytes, static_cast<std::size_t>(got));
        return got > 0;
    }

    std::optional<std::size_t> fill_until(std::string_view end) {
        while (true) {
            if (const auto at = buffer_.find(end); at != std::string::npos) return at;
            if (!fill()) return std::nullopt;
        }
    }

    static RawResponse parse_header(std::string_view text) {
        RawResponse response;
        const auto line_end = text.find("\r\n");
        response.status = std::atoi(std::string(text.substr(9, 3)).c_str());
        text.remove_prefix(line_end == std::string_view::npos ? text.size() : line_end + 2);
        while (!text.empty()) {
            const auto line = text.substr(0, text.find("\r\n"));
            const auto colon = line.find(':');
            response.headers.add(line.substr(0, colon), std::string(line.substr(colon + 2)));
            text.remove_prefix(std::min(text.size(), line.size() + 2));
        }
        return response;
    }

    void read_length(RawResponse& response) {
        const auto length = static_cast<std::size_t>(std::atoll(response.headers.get("Content-Length").c_str()));
        while (buffer_.size() < length && response.whole) response.whole = fill();
        response.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
    }

    void read_chunks(RawResponse& response) {
        while (true) {
            const auto line_end = fill_until("\r\n");
            if (!line_end) break;
            const auto size = static_cast<std::size_t>(std::strtoull(buffer_.c_str(), nullptr, 16));
            while (buffer_.size() < *line_end + size + 4) {
                if (!fill()) {
                    response.whole = false;
                    return;
                }
            }
            response.body += buffer_.substr(*line_end + 2, size);
            buffer_.erase(0, *line_end + size + 4);
            if (size == 0) return;
        }
        response.whole = false;
    }

    void read_to_end(RawResponse& response) {
        while (fill()) {
        }
        response.body = std::move(buffer_);
        buffer_.clear();
    }

    UniqueFd fd_;
    bool connected_ = false;
    std::string buffer_;
};

}  // namespace streamforge::server
