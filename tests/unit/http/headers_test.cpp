#include <streamforge/http/headers.hpp>

#include <gtest/gtest.h>

namespace streamforge::http {
namespace {

TEST(Headers, names_are_found_without_regard_to_case) {
    Headers headers{{"Content-Type", "text/plain"}, {"X-A", "1"}};
    headers.add("x-a", "2");
    EXPECT_EQ(headers.find("CONTENT-type"), "text/plain");
    EXPECT_EQ(headers.get("x-A"), "1");
    EXPECT_FALSE(headers.find("content"));
    EXPECT_EQ(headers.get("absent"), "");
}

TEST(Headers, set_replaces_every_field_of_that_name) {
    Headers headers{{"X-A", "1"}, {"B", "b"}, {"x-a", "2"}};
    headers.set("X-a", "3");
    ASSERT_EQ(headers.fields().size(), 2U);
    EXPECT_EQ(headers.get("X-A"), "3");
    headers.remove("b");
    EXPECT_FALSE(headers.find("B"));
}

TEST(Headers, names_differ_in_length_and_letters) {
    EXPECT_TRUE(equal_names("ETag", "etag"));
    EXPECT_FALSE(equal_names("etag", "etags"));
    EXPECT_FALSE(equal_names("a-b", "a_b"));
}

}  // namespace
}  // namespace streamforge::http
