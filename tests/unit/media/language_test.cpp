#include "media/language.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include "media/language_table.hpp"

namespace streamforge::media {
namespace {

TEST(Bcp47Language, three_letter_codes_become_two_letters_where_there_are_two) {
    EXPECT_EQ(bcp47_language("eng"), "en");
    EXPECT_EQ(bcp47_language("deu"), "de");
    EXPECT_EQ(bcp47_language("ger"), "de");  // bibliographic
    EXPECT_EQ(bcp47_language("fre"), "fr");
    EXPECT_EQ(bcp47_language("chi"), "zh");
    EXPECT_EQ(bcp47_language("haw"), "haw");
}

TEST(Bcp47Language, special_codes_stay) {
    EXPECT_EQ(bcp47_language("und"), "und");
    EXPECT_EQ(bcp47_language("mul"), "mul");
    EXPECT_EQ(bcp47_language("zxx"), "zxx");
    EXPECT_EQ(bcp47_language("qaa"), "qaa");
}

TEST(Bcp47Language, tags_get_their_usual_case) {
    EXPECT_EQ(bcp47_language("EN-us"), "en-US");
    EXPECT_EQ(bcp47_language("pt_br"), "pt-BR");
    EXPECT_EQ(bcp47_language("zh-hant-TW"), "zh-Hant-TW");
    EXPECT_EQ(bcp47_language("por-BR"), "pt-BR");
    EXPECT_EQ(bcp47_language("es-419"), "es-419");
    EXPECT_EQ(bcp47_language("en-x-US"), "en-x-us");
}

TEST(Bcp47Language, what_is_no_tag_is_undetermined) {
    for (const char* tag : {"", "e", "english", "en--US", "en-", "-en", "e\"n", "12", "zz", "en-123456789", "\xC3\xA9n"}) {
        EXPECT_EQ(bcp47_language(tag), "und") << tag;
    }
    EXPECT_EQ(bcp47_language(std::string(400, 'a')), "und");
}

TEST(LanguageName, is_english_and_names_the_variant) {
    EXPECT_EQ(language_name("en"), "English");
    EXPECT_EQ(language_name("pt-BR"), "Portuguese (BR)");
    EXPECT_EQ(language_name("haw"), "haw");
    EXPECT_EQ(language_name("und"), "");
    EXPECT_EQ(language_name(""), "");
}

TEST(LanguageTable, is_sorted_for_the_search_and_complete_in_itself) {
    EXPECT_TRUE(std::ranges::is_sorted(two_letter_codes, {}, &LanguageEntry::code));
    EXPECT_TRUE(std::ranges::is_sorted(language_names, {}, &LanguageEntry::code));
    for (const auto& entry : two_letter_codes) EXPECT_NE(language_name(entry.value), entry.value) << entry.code;
}

}  // namespace
}  // namespace streamforge::media
