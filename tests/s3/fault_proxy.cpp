#include "s3/fault_proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/unique_fd.hpp"

namespace streamforge::storage::testing {
namespace {

using streamforge::testing::Connection;
using Kind = WireFault::Kind;

std::uint64_t number_after(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    std::uint64_t value = 0;
    if (at != std::string_view::npos) std::from_chars(text.data() + at + name.size(), text.data() + text.size(), value);
    return value;
}

std::string made_up(const WireFault& fault) {
    const auto body = fault.code.empty() ? std::string{} : "<?xml version=\"1.0\"?><Error><Code>" + fault.code + "</Code><Message>injected</Message></Error>";
    return "HTTP/1.1 " + std::to_string(fault.status) + " Injected\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           fault.headers + "\r\n" + body;
}

}  // namespace

WireRequest understand(std::string_view head) {
    WireRequest request;
    const auto method = head.substr(0, head.find(' '));
    const auto line = head.substr(0, head.find("\r\n"));
    const auto has = [&](std::string_view text) { return line.find(text) != std::string_view::npos; };
    const bool of_upload = has("uploadId=");
    request.part = static_cast<std::uint32_t>(number_after(line, "partNumber="));
    request.body_bytes = number_after(head, "Content-Length: ");
    if (method == "PUT") request.operation = of_upload ? "UploadPart" : "PutObject";
    else if (method == "POST") request.operation = of_upload ? "CompleteMultipartUpload" : has("uploads") ? "CreateMultipartUpload" : "DeleteObjects";
    else if (method == "DELETE") request.operation = of_upload ? "AbortMultipartUpload" : "DeleteObject";
    else if (method == "HEAD") request.operation = "HeadObject";
    else if (of_upload) request.operation = "ListParts";
    else if (has("uploads")) request.operation = "ListMultipartUploads";
    else request.operation = has("list-type") ? "ListObjectsV2" : "GetObject";
    return request;
}

FaultProxy::FaultProxy(const std::string& upstream_url)
    : upstream_port_(static_cast<std::uint16_t>(std::stoi(upstream_url.substr(upstream_url.rfind(':') + 1)))),
      server_([this](Connection& client, int) { serve(client); }) {}

void FaultProxy::set_plan(Plan plan) {
    const std::lock_guard lock(mutex_);
    plan_ = std::move(plan);
    number_ = 0;
}

std::string FaultProxy::forward(const std::string& request, bool whole) const {
    const UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(upstream_port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    Connection connection(server.get());
    connection.write(request);
    // A client that gave up left a short body, for whose rest the server waits: with the end it waits no more.
    if (!whole) ::shutdown(server.get(), SHUT_WR);
    const timeval patience{10, 0};
    ::setsockopt(server.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string answer;
    std::array<char, 65536> slice;
    while (true) {
        const auto got = ::recv(server.get(), slice.data(), slice.size(), 0);
        if (got <= 0) return answer;
        answer.append(slice.data(), static_cast<std::size_t>(got));
    }
}

void FaultProxy::serve(Connection& client) {
    auto head = client.read_head();
    if (head.empty()) return;
    const auto request = understand(head);
    std::optional<WireFault> fault;
    {
        const std::lock_guard lock(mutex_);
        const auto number = number_++;
        if (plan_) fault = plan_(request, number);
    }
    // Never signed, and it spares us the framing of answers.
    head.insert(head.size() - 2, "Connection: close\r\n");
    if (fault) return spoil(client, *fault, std::move(head), request.body_bytes);
    auto body = client.read_bytes(request.body_bytes);
    client.write(forward(head + body, body.size() == request.body_bytes));
}

void FaultProxy::spoil(Connection& client, const WireFault& fault, std::string head, std::uint64_t body_bytes) {
    if (fault.kind == Kind::refuse) return client.reset();
    if (fault.kind == Kind::reset_in_body) {
        (void)client.read_bytes(body_bytes / 2);
        return client.reset();
    }
    auto body = client.read_bytes(body_bytes);
    if (fault.kind == Kind::stall_before) return client.wait_for_client();
    if (fault.kind == Kind::answer) {
        client.write(made_up(fault));
        return;
    }
    if (fault.kind == Kind::corrupt_request && !body.empty()) body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
    const bool whole = body.size() == body_bytes;
    auto answer = forward(head + body, whole);
    if (fault.kind == Kind::twice) answer = forward(head + body, whole);
    const auto head_end = answer.find("\r\n\r\n") + 4;
    switch (fault.kind) {
        case Kind::lose_answer: return client.reset();
        case Kind::stall: return client.wait_for_client();
        case Kind::half_close:
            client.write(std::string_view(answer).substr(0, answer.size() / 2));
            return client.half_close();
        case Kind::cut_answer: client.write(std::string_view(answer).substr(0, head_end)); return;
        case Kind::answer_after: client.write(made_up(fault)); return;
        case Kind::corrupt_answer:
            if (answer.size() > head_end) answer[head_end + (answer.size() - head_end) / 2] = static_cast<char>(answer[head_end + (answer.size() - head_end) / 2] ^ 1);
            break;
        default: break;
    }
    client.write(answer);
}

}  // namespace streamforge::storage::testing
