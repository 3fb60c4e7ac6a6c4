#include "packaging/language.hpp"

#include <gtest/gtest.h>

namespace streamforge::packaging {
namespace {

TEST(Language, two_letter_tags_become_the_terminological_code_and_come_back) {
    EXPECT_EQ(pack_language("en"), 0x15C7);
    EXPECT_EQ(pack_language("de"), pack_language("deu"));
    for (const char* tag : {"en", "de", "fr", "zh", "ja", "cs", "aa", "zu"}) EXPECT_EQ(unpack_language(pack_language(tag)), tag);
}

TEST(Language, regions_and_case_do_not_matter) {
    EXPECT_EQ(pack_language("EN-us"), pack_language("en"));
    EXPECT_EQ(pack_language("zh-Hant-TW"), pack_language("zh"));
}

TEST(Language, bibliographic_codes_of_old_files_are_understood) {
    EXPECT_EQ(unpack_language(pack_language("ger")), "de");
    EXPECT_EQ(unpack_language(pack_language("fre")), "fr");
}

TEST(Language, three_letter_codes_without_a_short_form_stay) {
    EXPECT_EQ(unpack_language(pack_language("mul")), "mul");
    EXPECT_EQ(unpack_language(pack_language("gsw")), "gsw");
}

TEST(Language, everything_else_is_undetermined) {
    for (const char* tag : {"", "x", "e1", "xx", "-en", "english"}) EXPECT_EQ(unpack_language(pack_language(tag)), "und") << tag;
    EXPECT_EQ(unpack_language(0), "und");
    EXPECT_EQ(unpack_language(0x7FFF), "und");
}

}  // namespace
}  // namespace streamforge::packaging
