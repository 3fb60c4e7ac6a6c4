#include <streamforge/server/router.hpp>

#include <gtest/gtest.h>

namespace streamforge::server {
namespace {

Router::RouteHandler named(std::string name) {
    return [name = std::move(name)](const Request&, const RouteParameters& parameters) {
        std::string text = name;
        for (const auto& [key, value] : parameters) text += " " + key + "=" + value;
        return make_response(200, "text/plain", text);
    };
}

std::string text_of(const Response& response) {
    const auto bytes = *response.body.in_memory();
    return {bytes.begin(), bytes.end()};
}

Request ask(std::string method, std::string path) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    return request;
}

Router sample() {
    Router router;
    router.add("GET", "/{path...}", named("any"));
    router.add("GET", "/", named("home"));
    router.add("GET", "/jobs/{id}", named("job"));
    router.add("DELETE", "/jobs/{id}", named("cancel"));
    router.add("GET", "/jobs/active", named("active"));
    router.add("POST", "/jobs", named("create"));
    router.add("GET", "/jobs/{job}/parts/{part}", named("part"));
    router.mount("/media/{path...}", named("media"));
    return router;
}

TEST(Router, the_more_literal_route_wins) {
    const auto router = sample();
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {"GET", "/", "home"},
        {"GET", "/jobs/7", "job id=7"},
        {"GET", "/jobs/active", "active"},
        {"DELETE", "/jobs/7", "cancel id=7"},
        {"POST", "/jobs", "create"},
        {"GET", "/jobs/7/parts/3", "part job=7 part=3"},
        {"GET", "/jobs/7/parts", "any path=jobs/7/parts"},
        {"GET", "/jobs/", "any path=jobs/"},
        {"GET", "/media/", "media path="},
        {"GET", "/media/a/b.m4s", "media path=a/b.m4s"},
        {"PUT", "/media/a", "media path=a"},
        {"OPTIONS", "/media/a", "media path=a"},
        {"GET", "/media", "any path=media"},
        {"HEAD", "/jobs/7", "job id=7"},
        {"HEAD", "/x/y", "any path=x/y"},
    };
    for (const auto& [method, path, expected] : cases) {
        const auto response = router.handle(ask(method, path));
        EXPECT_EQ(response.status, 200) << method << " " << path;
        EXPECT_EQ(text_of(response), expected) << method << " " << path;
    }
}

TEST(Router, order_of_adding_does_not_matter) {
    Router router;
    router.add("GET", "/a/b", named("literal"));
    router.add("GET", "/{x}/b", named("parameter"));
    Router reversed;
    reversed.add("GET", "/{x}/b", named("parameter"));
    reversed.add("GET", "/a/b", named("literal"));
    for (const auto* one : {&router, &reversed}) {
        EXPECT_EQ(text_of(one->handle(ask("GET", "/a/b"))), "literal");
        EXPECT_EQ(text_of(one->handle(ask("GET", "/c/b"))), "parameter x=c");
    }
}

TEST(Router, known_path_with_another_method_names_what_is_allowed) {
    Router router;
    router.add("GET", "/jobs/{id}", named("get"));
    router.add("DELETE", "/jobs/{job}", named("delete"));
    const auto refused = router.handle(ask("PUT", "/jobs/1"));
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.headers.get("Allow"), "DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(refused.headers.get("Content-Type"), "application/problem+json");
    const auto options = router.handle(ask("OPTIONS", "/jobs/1"));
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.headers.get("Allow"), "DELETE, GET, HEAD, OPTIONS");
    EXPECT_EQ(router.handle(ask("OPTIONS", "*")).status, 204);
}

TEST(Router, unknown_path_is_a_problem_404) {
    Router router;
    router.add("GET", "/a", named("a"));
    for (const auto* path : {"/", "/b", "/a/", "/a/b", "*", ""}) {
        const auto response = router.handle(ask("GET", path));
        EXPECT_TRUE(response.status == 404 || response.status == 400) << path;
        EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
    }
}

TEST(Router, empty_segment_is_no_parameter) {
    Router router;
    router.add("GET", "/jobs/{id}", named("job"));
    EXPECT_EQ(router.handle(ask("GET", "/jobs/")).status, 404);
}

TEST(Router, malformed_patterns_throw) {
    Router router;
    router.add("GET", "/a", named("a"));
    for (const auto* pattern : {"", "a", "/{}", "/{...}", "/{a...}/b", "/x{a}", "/{a", "/a}", "/a"}) {
        EXPECT_THROW(router.add("GET", pattern, named("x")), Exception) << pattern;
    }
}

TEST(Router, becomes_a_handler) {
    Router router;
    router.add("GET", "/a", named("a"));
    const auto handler = std::move(router).into_handler();
    EXPECT_EQ(text_of(handler(ask("GET", "/a"))), "a");
}

}  // namespace
}  // namespace streamforge::server
