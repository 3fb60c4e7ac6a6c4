#include <streamforge/http/fault_transport.hpp>

#include <gtest/gtest.h>

namespace streamforge::http {
namespace {

class FaultTransport : public ::testing::Test {
protected:
    Result<Response> send(Fault fault, std::span<std::uint8_t> into = {}) {
        auto transport = make_fault_transport(inner_, [fault](const Request&, std::uint64_t number) {
            return number == 0 ? std::optional(fault) : std::nullopt;
        });
        Request request{.method = "PUT", .url = parse_url("http://a/").value(), .receive_into = into};
        request.body = ByteView(body_);
        return transport->send(request);
    }

    Bytes body_{'x', 'y'};
    int seen_ = 0;
    std::shared_ptr<Transport> inner_ = make_fake_transport([this](const Request&, ByteView body) -> Result<Response> {
        ++seen_;
        EXPECT_EQ(Bytes(body.begin(), body.end()), body_);
        return Response{.status = 200, .headers = {{"n", std::to_string(seen_)}}, .body = {'a', 'b', 'c'}};
    });
};

TEST_F(FaultTransport, a_refused_request_is_never_seen) {
    const auto answer = send({.kind = Fault::Kind::refuse});
    EXPECT_EQ(answer.error().code, Errc::network);
    EXPECT_EQ(answer.error().retry, Retry::later);
    EXPECT_EQ(seen_, 0);
}

TEST_F(FaultTransport, a_lost_answer_hides_what_was_done) {
    EXPECT_EQ(send({.kind = Fault::Kind::lose_answer}).error().code, Errc::network);
    EXPECT_EQ(send({.kind = Fault::Kind::time_out}).error().code, Errc::timed_out);
    EXPECT_EQ(seen_, 2);
}

TEST_F(FaultTransport, answers_are_replaced_with_or_without_the_deed) {
    EXPECT_EQ(send({.kind = Fault::Kind::replace_answer, .answer = {.status = 503}})->status, 503);
    EXPECT_EQ(seen_, 0);
    EXPECT_EQ(send({.kind = Fault::Kind::rewrite_answer, .answer = {.status = 500}})->status, 500);
    EXPECT_EQ(seen_, 1);
}

TEST_F(FaultTransport, bodies_are_cut_and_corrupted) {
    EXPECT_EQ(send({.kind = Fault::Kind::truncate_body, .at = 2}).error().code, Errc::network);
    EXPECT_EQ(send({.kind = Fault::Kind::corrupt_body, .at = 1})->body, (Bytes{'a', 'b' ^ 1, 'c'}));
    Bytes room(3);
    EXPECT_EQ(send({.kind = Fault::Kind::corrupt_body, .at = 0}, room)->received_into_bytes, 3U);
    EXPECT_EQ(room[0], 'a' ^ 1);
    Bytes small(2);
    EXPECT_EQ(send({.kind = Fault::Kind::corrupt_body, .at = 0}, small).error().code, Errc::integrity);
}

TEST_F(FaultTransport, a_double_delivery_gives_the_second_answer) {
    EXPECT_EQ(send({.kind = Fault::Kind::deliver_twice})->headers.get("n"), "2");
}

}  // namespace
}  // namespace streamforge::http
