// An S3 server that throws away what it gets and gives zeros: the bound of what a client can do, not of a disk.
// Usage: null_s3_server [PORT]. Prints its port, and serves until it is killed.
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::string_view etag = "\"d41d8cd98f00b204e9800998ecf8427e\"";

std::string_view header(std::string_view head, std::string_view name) {
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2);
        if (line.size() < name.size() + 1 || line[name.size()] != ':') continue;
        bool same = true;
        for (std::size_t i = 0; i < name.size() && same; ++i) same = (line[i] | 0x20) == (name[i] | 0x20);
        if (!same) continue;
        auto value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
        while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
        return value;
    }
    return {};
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

struct Connection {
    int fd;
    std::string held{};

    bool fill() {
        std::array<char, 65536> slice;
        const auto got = ::recv(fd, slice.data(), slice.size(), 0);
        if (got <= 0) return false;
        held.append(slice.data(), static_cast<std::size_t>(got));
        return true;
    }
    bool discard(std::uint64_t count) {
        const auto here = std::min<std::uint64_t>(count, held.size());
        held.erase(0, static_cast<std::size_t>(here));
        count -= here;
        while (count > 0) {
            // The kernel drops the bytes without copying them.
            const auto got = ::recv(fd, nullptr, std::min<std::uint64_t>(count, 1 << 20), MSG_TRUNC);
            if (got <= 0) return false;
            count -= static_cast<std::uint64_t>(got);
        }
        return true;
    }
    bool send(std::string_view text) {
        while (!text.empty()) {
            const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    bool answer(std::string_view body, std::string_view more = {}) {
        std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\nETag: " + std::string(etag) + "\r\n";
        text += more;
        return send(text.append("\r\n").append(body));
    }
};

constexpr std::uint64_t object_bytes = std::uint64_t{1} << 30;

bool serve_get(Connection& connection, std::string_view head) {
    static const std::vector<char> zeros(1 << 20);
    std::uint64_t first = 0;
    std::uint64_t last = object_bytes - 1;
    const auto range = header(head, "range");
    if (range.starts_with("bytes=")) {
        const auto dash = range.find('-');
        first = number(range.substr(6, dash - 6));
        if (dash + 1 < range.size()) last = std::min(last, number(range.substr(dash + 1)));
    }
    auto left = last - first + 1;
    if (!connection.send("HTTP/1.1 " + std::string(range.empty() ? "200 OK" : "206 Partial Content") +
                         "\r\nContent-Length: " + std::to_string(left) + "\r\nETag: " + std::string(etag) + "\r\nContent-Range: bytes " +
                         std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(object_bytes) + "\r\n\r\n")) {
        return false;
    }
    for (; left > 0; left -= std::min<std::uint64_t>(left, zeros.size())) {
        if (!connection.send({zeros.data(), static_cast<std::size_t>(std::min<std::uint64_t>(left, zeros.size()))})) return false;
    }
    return true;
}

bool serve_one(Connection& connection) {
    std::size_t end = 0;
    while ((end = connection.held.find("\r\n\r\n")) == std::string::npos) {
        if (!connection.fill()) return false;
    }
    const auto head = connection.held.substr(0, end + 2);
    connection.held.erase(0, end + 4);
    const auto method = head.substr(0, head.find(' '));
    const auto target = head.substr(method.size() + 1, head.find(' ', method.size() + 1) - method.size() - 1);
    if (header(head, "expect").starts_with("100") && !connection.send("HTTP/1.1 100 Continue\r\n\r\n")) return false;
    if (!connection.discard(number(header(head, "content-length")))) return false;
    if (method == "GET" && target.find("list-type=2") == std::string::npos && target.find('?') == std::string::npos)
        return serve_get(connection, head);
    if (method == "HEAD") {
        return connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(object_bytes) + "\r\nETag: " + std::string(etag) +
                               "\r\n\r\n");
    }
    if (method == "POST" && (target.ends_with("?uploads") || target.find("uploads=") != std::string::npos)) {
        return connection.answer(
            "<?xml "
            "version=\"1.0\"?><InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></"
            "InitiateMultipartUploadResult>");
    }
    if (method == "POST") {
        return connection.answer(
            "<?xml "
            "version=\"1.0\"?><CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>&quot;e-1&quot;</ETag></"
            "CompleteMultipartUploadResult>");
    }
    if (method == "GET")
        return connection.answer("<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
    return connection.answer("");
}

}  // namespace

int main(int argc, char** argv) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0));
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, generic, size) != 0 || ::listen(listener, 512) != 0 || ::getsockname(listener, generic, &size) != 0) return 1;
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    while (true) {
        const int fd = ::accept(listener, nullptr, nullptr);
        if (fd < 0) return 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::thread([fd] {
            Connection connection{fd};
            while (serve_one(connection)) continue;
            ::close(fd);
        }).detach();
    }
}
