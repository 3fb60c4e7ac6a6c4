#include "crypto/flat_json.hpp"

#include <gtest/gtest.h>
#include <string>

namespace streamforge::crypto {
namespace {

TEST(FlatJson, gives_members_as_they_stand) {
    const auto json = FlatJson::parse(R"( { "kty" : "EC", "n":[1, {"a":"}"}], "t":true, "z": -0.5e+3, "o":{} } )").value();
    EXPECT_EQ(json.find_string("kty"), "EC");
    EXPECT_EQ(json.find_member("n"), R"([1, {"a":"}"}])");
    EXPECT_EQ(json.find_member("t"), "true");
    EXPECT_EQ(json.find_member("z"), "-0.5e+3");
    EXPECT_EQ(json.find_member("o"), "{}");
    EXPECT_FALSE(json.find_member("missing"));
    EXPECT_FALSE(json.find_string("t"));
}

TEST(FlatJson, string_with_an_escape_is_not_given_as_text) {
    const auto json = FlatJson::parse(R"({"a":"x\u0041\n\"","b":"\\"})").value();
    EXPECT_TRUE(json.find_member("a"));
    EXPECT_FALSE(json.find_string("a"));
    EXPECT_FALSE(json.find_string("b"));
}

TEST(FlatJson, empty_object_is_fine) { EXPECT_TRUE(FlatJson::parse("{}")); }

TEST(FlatJson, refuses_what_is_not_one_strict_object) {
    for (const auto* text : {"", "[]", "1", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":1}x", "{\"a\":01}", "{\"a\":-}",
                             "{\"a\":1.}", "{\"a\":1e}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\u12",
                             "{\"a\":tru}", "{a:1}", "{\"a\":1 \"b\":2}", "{\"a\":[1,]}", "{\"a\":[}", "{\"a\":\"", "{\"a\":\"\\",
                             "{\"a\":1,\"a\":2}"}) {
        EXPECT_FALSE(FlatJson::parse(text)) << text;
    }
}

TEST(FlatJson, depth_is_bounded) {
    const auto nested = [](std::size_t depth) { return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}"; };
    EXPECT_TRUE(FlatJson::parse(nested(10)));
    EXPECT_FALSE(FlatJson::parse(nested(100'000)));
}

}  // namespace
}  // namespace streamforge::crypto
