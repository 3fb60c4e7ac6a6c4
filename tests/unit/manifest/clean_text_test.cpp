#include "manifest/clean_text.hpp"

#include <gtest/gtest.h>

namespace streamforge::manifest {
namespace {

TEST(CleanLabel, keeps_good_text) { EXPECT_EQ(clean_label("Français (Québec) 日本語 🎬"), "Français (Québec) 日本語 🎬"); }

TEST(CleanLabel, turns_controls_and_runs_of_blanks_into_one_space) {
    EXPECT_EQ(clean_label("  a\r\n\tb\x01\x7F c\xC2\x85" "d  "), "a b c d");
    EXPECT_EQ(clean_label("\n\r"), "");
}

TEST(CleanLabel, takes_out_marks_that_turn_the_text_around) { EXPECT_EQ(clean_label("a\xE2\x80\xAE" "b"), "a b"); }

TEST(CleanLabel, replaces_bad_utf8) {
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(clean_label("a\xFFz"), "a" + mark + "z");
    EXPECT_EQ(clean_label("\xC0\xAF"), mark + mark);              // overlong
    EXPECT_EQ(clean_label("\xED\xA0\x80"), mark + mark + mark);   // surrogate
    EXPECT_EQ(clean_label("\xF4\x90\x80\x80").substr(0, 3), mark);  // above U+10FFFF
    EXPECT_EQ(clean_label("\xE2\x82"), mark + mark);              // cut off
    EXPECT_EQ(clean_label("\xEF\xBF\xBF"), mark);                 // not a character
}

TEST(CleanLabel, is_bounded) { EXPECT_EQ(clean_label(std::string(10'000, 'x')).size(), 128U); }

TEST(CleanQuotedString, holds_no_quote_or_line_break) {
    EXPECT_EQ(clean_quoted_string("Say \"hi\",\nURI=\"x\""), "Say 'hi', URI='x'");
}

TEST(CleanLanguage, passes_tags_and_nothing_else) {
    for (const char* tag : {"en", "pt-BR", "zh-Hans-CN", "und", "es-419", "x-klingon"}) EXPECT_EQ(clean_language(tag), tag);
    for (const char* tag : {"", "-", "en-", "e n", "en\"", "toolonglanguage", "en--us", "1en", "é"}) {
        EXPECT_EQ(clean_language(tag), "und") << tag;
    }
}

}  // namespace
}  // namespace streamforge::manifest
