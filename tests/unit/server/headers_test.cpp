#include <streamforge/server/headers.hpp>

#include <gtest/gtest.h>

#include <streamforge/server/message.hpp>

namespace streamforge::server {
namespace {

TEST(Headers, names_are_compared_without_case_and_values_joined) {
    Headers headers{{"Accept", "a"}, {"X", "1"}};
    headers.add("ACCEPT", "b");
    EXPECT_EQ(headers.get("accept"), "a, b");
    EXPECT_TRUE(headers.contains("x"));
    EXPECT_FALSE(headers.contains("y"));
    EXPECT_EQ(headers.get("y"), "");
}

TEST(Headers, set_replaces_every_field_of_the_name) {
    Headers headers{{"A", "1"}, {"a", "2"}, {"B", "3"}};
    headers.set("A", "4");
    EXPECT_EQ(headers.get("a"), "4");
    EXPECT_EQ(headers.size(), 2U);
    headers.erase("b");
    EXPECT_EQ(headers.size(), 1U);
}

TEST(Request, query_parameters_are_decoded) {
    Request request;
    request.query = "a=1&b=x%20y+z&c&%64=%C3%A4&=empty&a=2";
    EXPECT_EQ(request.query_parameter("a"), "1");
    EXPECT_EQ(request.query_parameter("b"), "x y z");
    EXPECT_EQ(request.query_parameter("c"), "");
    EXPECT_EQ(request.query_parameter("d"), "ä");
    EXPECT_EQ(request.query_parameter("e"), std::nullopt);
    request.query = "bad=%zz";
    EXPECT_EQ(request.query_parameter("bad"), std::nullopt);
    request.query = "";
    EXPECT_EQ(request.query_parameter("a"), std::nullopt);
}

}  // namespace
}  // namespace streamforge::server
