#include <streamforge/server/http_server.hpp>

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include <streamforge/server/origin.hpp>
#include <streamforge/server/problem.hpp>
#include <streamforge/storage/local_store.hpp>

#include "unit/server/raw_client.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::server {
namespace {

using namespace std::chrono_literals;

/// Says what it was asked.
Response echo(const Request& request) {
    std::string text = request.method + " " + request.path + " " + request.query + " ";
    text.append(request.body.begin(), request.body.end());
    return make_response(200, "text/plain", text);
}

/// A gate that a handler waits at and the test opens.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void wait_for_visitors(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    int waiting_ = 0;
};

class HttpServerTest : public ::testing::Test {
protected:
    HttpServer& start(Handler handler, HttpServerOptions options = {}) {
        options.on_exchange = [this](const Exchange& exchange) {
            const std::lock_guard lock(mutex_);
            exchanges_.push_back(exchange);
            changed_.notify_all();
        };
        server_ = HttpServer::start(options, std::move(handler)).value();
        return *server_;
    }
    RawClient client(int receive_buffer_bytes = 0) { return RawClient(server_->port(), receive_buffer_bytes); }
    Exchange wait_for_exchange(std::size_t index) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return exchanges_.size() > index; });
        return exchanges_[index];
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Exchange> exchanges_;
    std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, answers_a_request_with_date_and_length) {
    start(echo);
    auto one = client();
    const auto response = one.ask("GET /a%20b?x=1 HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "GET /a b x=1 ");
    EXPECT_TRUE(response->headers.contains("Date"));
    EXPECT_EQ(response->headers.get("Content-Type"), "text/plain");
}

TEST_F(HttpServerTest, port_zero_finds_a_free_port_and_url_names_it) {
    auto& server = start(echo);
    EXPECT_GT(server.port(), 0);
    EXPECT_EQ(server.url(), "http://127.0.0.1:" + std::to_string(server.port()));
    const auto all = HttpServer::start({.address = "0.0.0.0"}, echo).value();
    EXPECT_EQ(all->url(), "http://127.0.0.1:" + std::to_string(all->port()));
}

TEST_F(HttpServerTest, connection_is_kept_for_the_next_request) {
    start(echo);
    auto one = client();
    for (int index = 0; index < 5; ++index) {
        const auto path = "/" + std::to_string(index);
        EXPECT_EQ(one.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")->body, "GET " + path + "  ");
    }
    EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(HttpServerTest, pipelined_requests_are_answered_in_order) {
    start(echo);
    auto one = client();
    std::string all;
    for (int index = 0; index < 50; ++index) {
        all += "POST /" + std::to_string(index) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
    }
    ASSERT_TRUE(one.send(all));
    for (int index = 0; index < 50; ++index) {
        const auto response = one.receive();
        ASSERT_TRUE(response) << index;
        EXPECT_EQ(response->body, "POST /" + std::to_string(index) + "  abc");
    }
}

TEST_F(HttpServerTest, request_arriving_byte_by_byte_is_whole) {
    start(echo);
    auto one = client();
    const std::string text = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char c : text) ASSERT_TRUE(one.send(std::string(1, c)));
    EXPECT_EQ(one.receive()->body, "POST /x  abcde");
}

TEST_F(HttpServerTest, connection_close_and_http_1_0_end_the_connection) {
    start(echo);
    for (const auto* text : {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
        auto one = client();
        const auto response = one.ask(text);
        ASSERT_TRUE(response);
        EXPECT_EQ(response->headers.get("Connection"), "close");
        EXPECT_TRUE(one.is_closed());
    }
    auto kept = client();
    EXPECT_EQ(kept.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->headers.get("Connection"), "keep-alive");
    EXPECT_TRUE(kept.ask("GET / HTTP/1.0\r\n\r\n"));
}

TEST_F(HttpServerTest, head_sends_the_length_but_no_body) {
    start(echo);
    auto one = client();
    ASSERT_TRUE(one.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\nGET /y HTTP/1.1\r\nHost: h\r\n\r\n"));
    const auto head = one.receive(true);
    ASSERT_TRUE(head);
    EXPECT_EQ(head->headers.get("Content-Length"), std::to_string(std::string("HEAD /x  ").size()));
    EXPECT_EQ(one.receive()->body, "GET /y  ");
}

TEST_F(HttpServerTest, expectation_of_100_is_met_before_the_body) {
    start(echo);
    auto one = client();
    ASSERT_TRUE(one.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(one.receive()->status, 100);
    EXPECT_EQ(one.ask("body")->body, "POST /x  body");
    EXPECT_EQ(one.ask("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: miracles\r\n\r\n")->status, 417);
}

TEST_F(HttpServerTest, malformed_and_ambiguous_requests_are_refused_and_closed) {
    start(echo);
    const std::pair<std::string, int> cases[] = {
        {"rubbish\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
        {"GET /  HTTP/1.1\r\nHost: h\r\n\r\n", 505},
        {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: h\n\n", 505},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 431},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n", 431},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n" + std::string(1048577, 'x'), 413},
    };
    for (const auto& [text, status] : cases) {
        auto one = client();
        const auto name = text.substr(0, 60);
        const auto response = one.ask(text);
        ASSERT_TRUE(response) << name;
        EXPECT_EQ(response->status, status) << name;
        EXPECT_EQ(response->headers.get("Connection"), "close") << name;
        EXPECT_EQ(response->headers.get("Content-Type"), "application/problem+json") << name;
    }
}

TEST_F(HttpServerTest, bad_target_is_refused_and_the_connection_goes_on) {
    start(echo);
    auto one = client();
    for (const auto* target : {"/../x", "/%2e%2e/x", "/a%2fb", "/a%00b", "/a\\b", "//x", "x"}) {
        const auto response = one.ask(std::string("GET ") + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(response) << target;
        EXPECT_EQ(response->status, 400) << target;
    }
    EXPECT_EQ(one.ask("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")->status, 200);
}

TEST_F(HttpServerTest, handler_that_throws_is_a_500_without_its_text) {
    start([](const Request& request) -> Response {
        if (request.path == "/std") throw std::runtime_error("secret");
        if (request.path == "/ours") throw Exception(make_error(Errc::not_found, "x", "no such job"));
        throw 7;
    });
    auto one = client();
    for (const auto* path : {"/std", "/int"}) {
        const auto response = one.ask(std::string("GET ") + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 500);
        EXPECT_EQ(response->body.find("secret"), std::string::npos);
    }
    EXPECT_EQ(one.ask("GET /ours HTTP/1.1\r\nHost: h\r\n\r\n")->status, 404);
}

TEST_F(HttpServerTest, large_file_is_streamed_whole_and_by_range) {
    const storage::TemporaryFolder folder;
    std::string content(5'000'000, '\0');
    for (std::size_t index = 0; index < content.size(); ++index) content[index] = static_cast<char>(index * 31 >> 3);
    storage::write_file(folder.path() / "big.mp4", content);
    start(make_origin(storage::open_local(folder.path()).value()).value(), {.chunk_bytes = 65'536});
    auto one = client();
    auto response = one.ask("GET /big.mp4 HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body == content);
    response = one.ask("GET /big.mp4 HTTP/1.1\r\nHost: h\r\nRange: bytes=1000000-3999999\r\n\r\n");
    EXPECT_EQ(response->status, 206);
    EXPECT_TRUE(response->body == content.substr(1'000'000, 3'000'000));
    EXPECT_EQ(wait_for_exchange(1).body_bytes, 3'000'000U);
}

TEST_F(HttpServerTest, body_of_unknown_length_is_chunked_or_ends_with_the_connection) {
    start([](const Request&) {
        Response response;
        auto left = std::make_shared<std::size_t>(100'000);
        response.body = storage::Body::stream([left](std::span<std::uint8_t> into) -> Result<std::size_t> {
            const auto count = std::min(*left, into.size());
            std::fill_n(into.begin(), count, std::uint8_t{'z'});
            *left -= count;
            return count;
        });
        return response;
    }, {.chunk_bytes = 4096});
    const std::string expected(100'000, 'z');
    auto modern = client();
    for (int round = 0; round < 2; ++round) {
        const auto response = modern.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_EQ(response->headers.get("Transfer-Encoding"), "chunked");
        EXPECT_TRUE(response->whole);
        EXPECT_EQ(response->body, expected);
    }
    auto old = client();
    const auto response = old.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(response->headers.get("Connection"), "close");
    EXPECT_EQ(response->body, expected);
}

TEST_F(HttpServerTest, body_that_fails_at_once_is_a_500_and_later_a_cut_connection) {
    std::size_t good_bytes = 0;
    start([&](const Request&) {
        Response response;
        auto left = std::make_shared<std::size_t>(good_bytes);
        response.body = storage::Body::stream(
            [left](std::span<std::uint8_t> into) -> Result<std::size_t> {
                if (*left == 0) return make_error(Errc::io, "test", "the disk broke");
                const auto count = std::min(*left, into.size());
                *left -= count;
                return count;
            },
            50'000);
        return response;
    }, {.chunk_bytes = 4096});
    auto one = client();
    EXPECT_EQ(one.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")->status, 500);
    good_bytes = 20'480;
    const auto response = one.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_FALSE(response->whole);
    EXPECT_EQ(response->body.size(), 20'480U);
    EXPECT_FALSE(wait_for_exchange(1).complete);
}

TEST_F(HttpServerTest, client_that_sends_its_header_too_slowly_is_dropped) {
    start(echo, {.header_timeout = 50ms});
    auto one = client();
    ASSERT_TRUE(one.send("GET / HTTP/1.1\r\nHost: h\r\n"));
    EXPECT_TRUE(one.is_closed());
}

TEST_F(HttpServerTest, client_that_drips_its_header_gains_no_time) {
    start(echo, {.header_timeout = 50ms});
    auto one = client();
    // Each byte resets nothing: the server closes although bytes keep coming, and the sends fail in the end.
    bool open = one.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
    while (open) open = one.send("a");
    SUCCEED();
}

TEST_F(HttpServerTest, client_that_sends_its_body_too_slowly_is_dropped) {
    start(echo, {.body_timeout = 50ms});
    auto one = client();
    ASSERT_TRUE(one.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"));
    EXPECT_TRUE(one.is_closed());
}

TEST_F(HttpServerTest, idle_connection_is_dropped) {
    start(echo, {.idle_timeout = 50ms});
    auto silent = client();
    EXPECT_TRUE(silent.is_closed());
    auto kept = client();
    ASSERT_TRUE(kept.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    EXPECT_TRUE(kept.is_closed());
}

TEST_F(HttpServerTest, client_that_does_not_read_is_dropped) {
    start([](const Request&) { return make_response(200, "a/b", std::string(64 << 20, 'x')); }, {.write_timeout = 50ms});
    auto one = client(4096);
    ASSERT_TRUE(one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    EXPECT_FALSE(wait_for_exchange(0).complete);
}

TEST_F(HttpServerTest, connections_beyond_the_limit_are_told_so) {
    start(echo, {.max_connections = 2});
    auto one = client();
    auto two = client();
    ASSERT_TRUE(one.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ASSERT_TRUE(two.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    auto three = client();
    const auto refused = three.receive();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503);
    EXPECT_EQ(refused->headers.get("Retry-After"), "1");
    EXPECT_EQ(one.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")->status, 200);
}

TEST_F(HttpServerTest, slow_handlers_do_not_hold_up_others) {
    Gate gate;
    start([&](const Request& request) {
        if (request.path == "/slow") gate.pass();
        return echo(request);
    }, {.threads = 3});
    auto slow_one = client();
    auto slow_two = client();
    ASSERT_TRUE(slow_one.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"));
    ASSERT_TRUE(slow_two.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"));
    gate.wait_for_visitors(2);
    auto quick = client();
    EXPECT_EQ(quick.ask("GET /quick HTTP/1.1\r\nHost: h\r\n\r\n")->status, 200);
    gate.open();
    EXPECT_EQ(slow_one.receive()->status, 200);
    EXPECT_EQ(slow_two.receive()->status, 200);
}

TEST_F(HttpServerTest, stop_lets_a_running_response_finish_and_closes_idle_connections) {
    Gate gate;
    start([&](const Request& request) {
        gate.pass();
        return echo(request);
    }, {.stop_grace = 20s});
    auto idle = client();
    auto busy = client();
    ASSERT_TRUE(busy.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n"));
    gate.wait_for_visitors(1);
    std::jthread stopper([&] { server_->stop(); });
    EXPECT_TRUE(idle.is_closed());
    gate.open();
    const auto response = busy.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "GET /busy  ");
    EXPECT_EQ(response->headers.get("Connection"), "close");
    EXPECT_TRUE(busy.is_closed());
    stopper.join();
    EXPECT_EQ(server_->connections(), 0U);
    EXPECT_FALSE(client().connected());
    server_->stop();
}

TEST_F(HttpServerTest, stop_cuts_what_outlasts_the_grace) {
    start([](const Request&) { return make_response(200, "a/b", std::string(64 << 20, 'x')); }, {.stop_grace = 20ms});
    auto one = client(4096);
    ASSERT_TRUE(one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    ASSERT_TRUE(one.receive(true)) << "the header came, so the response is under way";
    server_->stop();
    EXPECT_FALSE(wait_for_exchange(0).complete);
}

TEST_F(HttpServerTest, serve_until_returns_when_stop_is_requested) {
    auto& server = start(echo);
    std::stop_source source;
    std::jthread serving([&] { server.serve_until(source.get_token()); });
    auto one = client();
    EXPECT_EQ(one.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n")->status, 200);
    source.request_stop();
    serving.join();
    EXPECT_FALSE(client().connected());
}

TEST_F(HttpServerTest, many_clients_at_once_each_get_their_own_answers) {
    start(echo);
    constexpr int clients = 16;
    constexpr int requests = 40;
    std::atomic<int> good{0};
    std::vector<std::jthread> threads;
    for (int number = 0; number < clients; ++number) {
        threads.emplace_back([&, number] {
            auto one = client();
            for (int index = 0; index < requests; ++index) {
                const auto path = "/" + std::to_string(number) + "/" + std::to_string(index);
                const auto response = one.ask("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
                if (response && response->body == "GET " + path + "  ") ++good;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(good, clients * requests);
}

TEST_F(HttpServerTest, exchange_names_the_path_without_the_query) {
    start(echo);
    auto one = client();
    ASSERT_TRUE(one.ask("GET /a%20b?token=secret HTTP/1.1\r\nHost: h\r\n\r\n"));
    const auto exchange = wait_for_exchange(0);
    EXPECT_EQ(exchange.method, "GET");
    EXPECT_EQ(exchange.target, "/a%20b");
    EXPECT_EQ(exchange.status, 200);
    EXPECT_EQ(exchange.remote, "127.0.0.1");
    EXPECT_TRUE(exchange.complete);
}

TEST_F(HttpServerTest, two_servers_cannot_share_a_port_and_addresses_are_checked) {
    auto& server = start(echo);
    EXPECT_EQ(HttpServer::start({.port = server.port()}, echo).error().code, Errc::already_exists);
    EXPECT_EQ(HttpServer::start({.address = "not an address"}, echo).error().code, Errc::invalid_argument);
    EXPECT_EQ(HttpServer::start({.address = "192.0.2.1"}, echo).error().code, Errc::invalid_argument);
    EXPECT_EQ(HttpServer::start({}, nullptr).error().code, Errc::invalid_argument);
}

TEST(HttpServerOptions, each_field_is_named_when_it_is_out_of_range) {
    const auto field_of = [](const HttpServerOptions& options) {
        const auto result = options.validate();
        return result ? std::string() : result.error().message.substr(0, result.error().message.find(' '));
    };
    EXPECT_EQ(field_of({}), "");
    EXPECT_EQ(field_of({.threads = 5000}), "threads");
    EXPECT_EQ(field_of({.max_connections = 0}), "max_connections");
    EXPECT_EQ(field_of({.max_header_bytes = 10}), "max_header_bytes");
    EXPECT_EQ(field_of({.header_timeout = 0ms}), "header_timeout");
    EXPECT_EQ(field_of({.body_timeout = 0ms}), "body_timeout");
    EXPECT_EQ(field_of({.idle_timeout = -1ms}), "idle_timeout");
    EXPECT_EQ(field_of({.write_timeout = 0ms}), "write_timeout");
    EXPECT_EQ(field_of({.stop_grace = -1ms}), "stop_grace");
    EXPECT_EQ(field_of({.chunk_bytes = 1}), "chunk_bytes");
}

}  // namespace
}  // namespace streamforge::server
