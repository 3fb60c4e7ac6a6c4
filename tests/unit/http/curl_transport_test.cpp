#include <streamforge/http/transport.hpp>

#include <gtest/gtest.h>

#include "support/http/loopback_server.hpp"

namespace streamforge::http {
namespace {

using streamforge::testing::Connection;
using streamforge::testing::LoopbackServer;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

std::string answer(std::string_view body, std::string_view status = "200 OK", std::string_view more = "") {
    return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" +
           std::string(body);
}

Request request_to(const LoopbackServer& server, std::string method = "GET", std::string target = "/") {
    Request request{.method = std::move(method)};
    request.url = parse_url("http://127.0.0.1:" + std::to_string(server.port()) + target).value();
    return request;
}

std::shared_ptr<Transport> transport(TransportOptions options = {}) {
    options.proxy = "none";
    return make_curl_transport(options).value();
}

TEST(CurlTransport, sends_exactly_what_it_is_told) {
    std::string seen;
    const LoopbackServer server([&](Connection& connection, int) {
        seen = connection.read_request();
        connection.write(answer("hi", "200 OK", "X-A: b\r\n"));
        connection.wait_for_client();
    });
    auto request = request_to(server, "PUT", "/a/../b//c%2F?x=%20&y");
    request.headers = {{"x-amz-date", "now"}, {"x-empty", ""}};
    const std::string body = "hello";
    request.body = ByteView(reinterpret_cast<const std::uint8_t*>(body.data()), body.size());
    const auto got = transport({.user_agent = "test"})->send(request);
    ASSERT_TRUE(got) << got.error().describe();
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(got->headers.get("x-a"), "b");
    EXPECT_EQ(text_of(got->body), "hi");
    EXPECT_EQ(seen, "PUT /a/../b//c%2F?x=%20&y HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                        "\r\nUser-Agent: test\r\nx-amz-date: now\r\nx-empty:\r\nContent-Length: 5\r\n\r\nhello");
}

TEST(CurlTransport, methods_without_a_body_are_framed_right) {
    std::vector<std::string> seen;
    const LoopbackServer server([&](Connection& connection, int) {
        for (auto head = connection.read_head(); !head.empty(); head = connection.read_head()) {
            seen.push_back(head);
            connection.write(answer(""));
        }
    });
    const auto http = transport();
    for (const auto* method : {"GET", "HEAD", "DELETE", "PUT", "POST"}) {
        const auto got = http->send(request_to(server, method));
        ASSERT_TRUE(got) << method << got.error().describe();
        EXPECT_EQ(seen.back().substr(0, std::string(method).size() + 1), std::string(method) + " ");
        const bool framed = std::string(method) == "PUT" || std::string(method) == "POST";
        EXPECT_EQ(seen.back().find("Content-Length: 0") != std::string::npos, framed) << seen.back();
    }
    EXPECT_EQ(server.connections(), 1) << "connections are reused";
}

TEST(CurlTransport, every_status_is_an_answer) {
    const LoopbackServer server([&](Connection& connection, int) {
        for (const auto* status : {"204 No Content", "301 Moved", "404 Not Found", "503 Slow Down"}) {
            if (connection.read_head().empty()) return;
            connection.write(answer("", status, "Location: http://elsewhere/\r\n"));
        }
    });
    const auto http = transport();
    for (const int status : {204, 301, 404, 503}) EXPECT_EQ(http->send(request_to(server)).value().status, status);
}

TEST(CurlTransport, interim_answers_are_passed_over) {
    const LoopbackServer server([&](Connection& connection, int) {
        (void)connection.read_head();
        connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n");
        connection.write(answer("done"));
        connection.wait_for_client();
    });
    const auto got = transport()->send(request_to(server)).value();
    EXPECT_EQ(text_of(got.body), "done");
    EXPECT_FALSE(got.headers.find("x-interim"));
}

TEST(CurlTransport, large_bodies_pass_both_ways_with_a_slow_reader) {
    std::string big(5'000'000, 'x');
    for (std::size_t at = 0; at < big.size(); ++at) big[at] = static_cast<char>(at * 31 >> 3);
    std::string received;
    const LoopbackServer server([&](Connection& connection, int) {
        const auto request = connection.read_request();
        received = request.substr(request.find("\r\n\r\n") + 4);
        connection.write(answer(big));
        connection.wait_for_client();
    });
    auto request = request_to(server, "PUT");
    std::size_t sent = 0;
    const auto reader = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
        const auto count = std::min({into.size(), big.size() - sent, std::size_t{33'333}});
        std::copy_n(big.begin() + static_cast<std::ptrdiff_t>(sent), count, into.begin());
        sent += count;
        return count;
    };
    request.body = RequestBody::stream(big.size(), reader, [&]() -> Result<void> {
        sent = 0;
        return {};
    });
    const auto http = transport();
    const auto stream = http->open(request).value();
    std::string got;
    Bytes slice(7001);
    for (std::size_t count = 1; count != 0;) {
        count = stream->read(slice).value();
        got.append(slice.begin(), slice.begin() + static_cast<std::ptrdiff_t>(count));
    }
    EXPECT_TRUE(got == big);
    EXPECT_TRUE(received == big);
}

TEST(CurlTransport, a_good_body_goes_straight_into_the_callers_room) {
    const LoopbackServer server([&](Connection& connection, int number) {
        (void)connection.read_head();
        connection.write(answer("abcdef", number == 1 ? "404 Not Found" : "206 Partial Content", "Connection: close\r\n"));
    });
    const auto http = transport();
    Bytes room(6);
    auto request = request_to(server);
    request.receive_into = room;
    auto got = http->send(request).value();
    EXPECT_EQ(got.received_into_bytes, 6U);
    EXPECT_EQ(text_of(room), "abcdef");
    EXPECT_TRUE(got.body.empty());
    got = http->send(request).value();
    EXPECT_EQ(got.received_into_bytes, 0U);
    EXPECT_EQ(text_of(got.body), "abcdef") << "an error's text is not an object's bytes";
    Bytes small(5);
    request.receive_into = small;
    EXPECT_EQ(http->send(request).error().code, Errc::integrity);
}

TEST(CurlTransport, broken_exchanges_are_typed_and_may_be_repeated) {
    const auto code_of = [](LoopbackServer::Script script) {
        const LoopbackServer server(std::move(script));
        const auto got = transport()->send(request_to(server));
        EXPECT_FALSE(got);
        EXPECT_EQ(got.error().retry, Retry::later);
        return got.error().code;
    };
    EXPECT_EQ(code_of([](Connection& connection, int) { (void)connection.read_head(); }), Errc::network) << "closed";
    EXPECT_EQ(code_of([](Connection& connection, int) {
                  (void)connection.read_head();
                  connection.reset();
              }),
              Errc::network)
        << "reset";
    EXPECT_EQ(code_of([](Connection& connection, int) {
                  (void)connection.read_head();
                  connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
              }),
              Errc::network)
        << "cut short";
    EXPECT_EQ(code_of([](Connection& connection, int) {
                  (void)connection.read_head();
                  connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
              }),
              Errc::network)
        << "no last chunk";
}

TEST(CurlTransport, an_endless_head_is_refused) {
    const LoopbackServer server([](Connection& connection, int) {
        (void)connection.read_head();
        std::string head = "HTTP/1.1 200 OK\r\n";
        for (int line = 0; line < 400; ++line) head += "x-line: " + std::string(1000, 'a') + "\r\n";
        connection.write(head);
        connection.wait_for_client();
    });
    const auto got = transport()->send(request_to(server));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::malformed) << got.error().describe();
}

TEST(CurlTransport, a_closed_port_is_a_network_error_that_names_the_host_only) {
    const auto port = std::to_string(streamforge::testing::closed_port());
    Request request;
    request.url = parse_url("http://127.0.0.1:" + port + "/?X-Amz-Signature=secret").value();
    const auto got = transport()->send(request);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::network);
    EXPECT_EQ(got.error().retry, Retry::later);
    EXPECT_EQ(got.error().describe().find("secret"), std::string::npos);
    EXPECT_NE(got.error().describe().find(port), std::string::npos);
}

TEST(CurlTransport, a_dead_reused_connection_is_replaced_and_the_body_sent_again) {
    std::vector<std::string> bodies;
    const LoopbackServer server([&](Connection& connection, int) {
        const auto request = connection.read_request();
        bodies.push_back(request.substr(request.find("\r\n\r\n") + 4));
        connection.write(answer("ok"));  // and closes without saying so
    });
    const auto http = transport();
    const Bytes body(100'000, 'b');
    for (int round = 0; round < 3; ++round) {
        auto request = request_to(server, "PUT");
        request.body = ByteView(body);
        auto got = http->send(request);
        // Where the close was not seen before sending, the exchange may break once; then it says that it may be repeated.
        if (!got && got.error().retry == Retry::later) got = http->send(request);
        ASSERT_TRUE(got) << got.error().describe();
    }
    for (const auto& seen : bodies) EXPECT_EQ(seen.size(), body.size());
}

TEST(CurlTransport, a_failing_body_reports_its_own_error) {
    const LoopbackServer server([](Connection& connection, int) { (void)connection.read_request(); });
    auto request = request_to(server, "PUT");
    request.body = RequestBody::stream(
        10, [](std::span<std::uint8_t>) -> Result<std::size_t> { return make_error(Errc::no_space, "test", "the source broke"); },
        []() -> Result<void> { return {}; });
    EXPECT_EQ(transport()->send(request).error().code, Errc::no_space);
    request.body = RequestBody::stream(
        10, [](std::span<std::uint8_t>) -> Result<std::size_t> { return std::size_t{0}; }, []() -> Result<void> { return {}; });
    EXPECT_EQ(transport()->send(request).error().code, Errc::integrity);
}

TEST(CurlTransport, a_stop_ends_the_wait_for_an_answer) {
    std::stop_source stop;
    const LoopbackServer server([&](Connection& connection, int) {
        (void)connection.read_head();
        stop.request_stop();
        connection.wait_for_client();
    });
    EXPECT_EQ(transport()->send(request_to(server), stop.get_token()).error().code, Errc::cancelled);
}

TEST(CurlTransport, a_stop_ends_the_reading_of_a_body) {
    std::stop_source stop;
    const LoopbackServer server([&](Connection& connection, int) {
        (void)connection.read_head();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        connection.wait_for_client();
    });
    const auto http = transport();
    const auto stream = http->open(request_to(server), stop.get_token()).value();
    Bytes slice(3);
    EXPECT_EQ(stream->read(slice).value(), 3U);
    stop.request_stop();
    EXPECT_EQ(stream->read(slice).error().code, Errc::cancelled);
}

TEST(CurlTransport, a_stream_outlives_its_transport_and_may_be_dropped_unread) {
    const LoopbackServer server([&](Connection& connection, int) {
        (void)connection.read_head();
        connection.write(answer(std::string(3'000'000, 'x')));
    });
    auto http = transport();
    auto read_whole = http->open(request_to(server)).value();
    const auto dropped = http->open(request_to(server)).value();
    http.reset();
    EXPECT_EQ(read_whole->read_all(4'000'000).value().size(), 3'000'000U);
}

TEST(CurlTransport, many_exchanges_go_on_at_once) {
    const LoopbackServer server([&](Connection& connection, int) {
        for (auto head = connection.read_head(); !head.empty(); head = connection.read_head()) {
            connection.write(answer(head.substr(0, head.find(" HTTP"))));
        }
    });
    const auto http = transport({.max_connections = 8});
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int thread = 0; thread < 12; ++thread) {
        threads.emplace_back([&, thread] {
            for (int round = 0; round < 25; ++round) {
                const auto target = "/" + std::to_string(thread) + "/" + std::to_string(round);
                if (text_of(http->send(request_to(server, "GET", target)).value().body) == "GET " + target) ++good;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(good, 300);
    EXPECT_LE(server.connections(), 8);
}

TEST(CurlTransport, one_request_after_the_other_stays_on_one_connection_whatever_the_threads) {
    const LoopbackServer server([](Connection& connection, int) {
        for (auto head = connection.read_head(); !head.empty(); head = connection.read_head()) connection.write(answer("x"));
    });
    const auto http = transport({.threads = 5});
    for (int round = 0; round < 20; ++round) EXPECT_TRUE(http->send(request_to(server)));
    EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, few_connections_are_shared_out_among_many_threads) {
    const LoopbackServer server([](Connection& connection, int) {
        for (auto head = connection.read_head(); !head.empty(); head = connection.read_head()) connection.write(answer("x"));
    });
    const auto http = transport({.max_connections = 3, .threads = 64});
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int thread = 0; thread < 10; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < 10; ++round) good += http->send(request_to(server)).has_value() ? 1 : 0;
        });
    }
    threads.clear();
    EXPECT_EQ(good, 100);
    EXPECT_LE(server.connections(), 3);
    EXPECT_NE(make_curl_transport({.threads = 65}).error().message.find("threads"), std::string::npos);
}

TEST(CurlTransport, header_injection_is_refused) {
    const LoopbackServer server([](Connection&, int) {});
    for (const auto& [name, value] : {std::pair("a", "b\r\nc: d"), {"a b", "c"}, {"", "c"}, {"a:", "c"}}) {
        auto request = request_to(server);
        request.headers.add(name, value);
        EXPECT_EQ(transport()->send(request).error().code, Errc::invalid_argument) << name;
    }
    EXPECT_EQ(server.connections(), 0);
}

TEST(CurlTransport, too_long_answers_are_refused) {
    const LoopbackServer server([](Connection& connection, int) {
        (void)connection.read_head();
        connection.write(answer(std::string(1000, 'x')));
    });
    EXPECT_EQ(transport()->send(request_to(server), {}, 999).error().code, Errc::limit_exceeded);
    EXPECT_TRUE(transport()->send(request_to(server), {}, 1000));
}

TEST(CurlTransport, bad_options_are_named) {
    EXPECT_NE(make_curl_transport({.stall = std::chrono::seconds(0)}).error().message.find("stall"), std::string::npos);
    EXPECT_NE(make_curl_transport({.max_connections = 0}).error().message.find("max_connections"), std::string::npos);
    EXPECT_NE(make_curl_transport({.user_agent = "a\nb"}).error().message.find("user_agent"), std::string::npos);
}

}  // namespace
}  // namespace streamforge::http
