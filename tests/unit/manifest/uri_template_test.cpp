#include "manifest/uri_template.hpp"

#include <gtest/gtest.h>

namespace streamforge::manifest {
namespace {

const TemplateValues values{.representation_id = "v1", .number = 7, .time = 180180, .bandwidth = 5000};

TEST(ExpandTemplate, replaces_every_identifier) {
    EXPECT_EQ(expand_template("$RepresentationID$/$Number$-$Time$-$Bandwidth$.m4s", values).value(), "v1/7-180180-5000.m4s");
    EXPECT_EQ(expand_template("seg_$Number%05d$.m4s", values).value(), "seg_00007.m4s");
    EXPECT_EQ(expand_template("$Time%03d$", values).value(), "180180");
    EXPECT_EQ(expand_template("cost$$.mp4", values).value(), "cost$.mp4");
    EXPECT_EQ(expand_template("", values).value(), "");
}

TEST(ExpandTemplate, refuses_what_is_not_a_template) {
    for (const char* text : {"$Number", "a$b", "$Unknown$", "$Number%5d$", "$Number%0d$", "$Number%0x$", "$Number%099d$",
                             "$Number%05s$", "$SubNumber$", "$Number%$"}) {
        const auto result = expand_template(text, values);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, Errc::malformed);
    }
}

TEST(ExpandTemplate, refuses_an_identifier_without_value) {
    EXPECT_FALSE(expand_template("$Number$", {.representation_id = "v"}));
}

TEST(PercentEncodeTemplate, keeps_identifiers) {
    EXPECT_EQ(percent_encode_template("a b/$Number%05d$.m4s").value(), "a%20b/$Number%05d$.m4s");
    EXPECT_EQ(percent_encode_template("50%$$").value(), "50%25$$");
    EXPECT_FALSE(percent_encode_template("$Number%5$"));
}

TEST(NamesEachSegment, needs_number_or_time) {
    EXPECT_TRUE(names_each_segment("s_$Number$.m4s"));
    EXPECT_TRUE(names_each_segment("s_$Time%09d$.m4s"));
    EXPECT_FALSE(names_each_segment("s_$RepresentationID$.m4s"));
}

}  // namespace
}  // namespace streamforge::manifest
