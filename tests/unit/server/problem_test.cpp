#include <streamforge/server/problem.hpp>

#include <gtest/gtest.h>

#include <streamforge/server/cors.hpp>

namespace streamforge::server {
namespace {

std::string text_of(const Response& response) {
    const auto bytes = *response.body.in_memory();
    return {bytes.begin(), bytes.end()};
}

TEST(Problem, names_what_is_wrong_with_the_request) {
    const auto response = make_problem(make_error(Errc::not_found, "storage.get", "there is no such job").with("path", "/etc/secret"));
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(text_of(response),
              R"({"detail":"there is no such job","status":404,"title":"Not Found","type":"urn:streamforge:problem:not_found"})");
}

TEST(Problem, keeps_the_servers_own_troubles_to_itself) {
    for (const auto code : {Errc::io, Errc::internal, Errc::no_space, Errc::unavailable, Errc::integrity}) {
        auto error = make_error(code, "x", "disk /dev/sda1 broke");
        error.remote_text = "remote secret";
        const auto text = text_of(make_problem(error));
        EXPECT_EQ(text.find("sda1"), std::string::npos);
        EXPECT_EQ(text.find("secret"), std::string::npos);
        EXPECT_GE(status_of(code), 500);
    }
}

TEST(Problem, every_code_has_an_error_status_with_a_phrase) {
    for (int value = 0; value < 256; ++value) {
        const auto code = static_cast<Errc>(value);
        const auto status = status_of(code);
        EXPECT_GE(status, 400) << value;
        EXPECT_FALSE(reason_phrase(status).empty()) << status;
    }
    EXPECT_TRUE(reason_phrase(299).empty());
}

TEST(Problem, text_that_is_not_utf8_does_not_throw) {
    EXPECT_NE(text_of(make_problem(400, "invalid_argument", "bad \xff byte")).find("bad"), std::string::npos);
}

TEST(Cors, every_answer_carries_the_fields) {
    const auto handler = with_cors([](const Request&) { return make_problem(404, "not_found", "x"); });
    const auto response = handler({});
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_NE(response.headers.get("Access-Control-Expose-Headers").find("Content-Range"), std::string::npos);
    EXPECT_FALSE(response.headers.contains("Vary"));
}

TEST(Cors, preflight_is_answered_without_the_handler) {
    bool called = false;
    const auto handler = with_cors(
        [&](const Request&) {
            called = true;
            return Response{};
        },
        {.allow_origin = "https://example.com", .max_age = std::chrono::seconds(60)});
    Request request;
    request.method = "OPTIONS";
    request.headers = {{"Origin", "https://example.com"}, {"Access-Control-Request-Method", "GET"}};
    const auto response = handler(request);
    EXPECT_FALSE(called);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.headers.get("Access-Control-Max-Age"), "60");
    EXPECT_EQ(response.headers.get("Vary"), "Origin");
    EXPECT_NE(response.headers.get("Access-Control-Allow-Headers").find("Range"), std::string::npos);

    request.headers = {};
    EXPECT_EQ(handler(request).status, 200);
    EXPECT_TRUE(called) << "OPTIONS that is no preflight belongs to the handler";
}

}  // namespace
}  // namespace streamforge::server
