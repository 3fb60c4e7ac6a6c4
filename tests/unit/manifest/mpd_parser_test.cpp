#include <streamforge/manifest/mpd_parser.hpp>

#include <gtest/gtest.h>

#include <streamforge/manifest/mpd_writer.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

TEST(ParseMpd, keeps_structure_attributes_and_lines) {
    const Mpd mpd = parse_mpd("<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:x\" a=\"1\">\n  <!-- gone -->\n  <BaseURL> http://h/ </BaseURL>\n"
                              "  <Period>\n    <x:Own xmlns:x=\"u\" b=\"&lt;2&#10;\"/>\n  </Period>\n</MPD>\n").value();
    EXPECT_EQ(*mpd.root.attribute("a"), "1");
    EXPECT_EQ(mpd.root.attribute("missing"), nullptr);
    EXPECT_EQ(mpd.root.line, 2U);
    EXPECT_EQ(mpd.root.child("BaseURL")->text, "http://h/");
    const XmlElement& own = mpd.root.child("Period")->children[0];
    EXPECT_EQ(own.name, "x:Own");
    EXPECT_EQ(*own.attribute("b"), "<2\n");
    EXPECT_EQ(own.line, 6U);
}

TEST(ParseMpd, refuses_what_is_no_mpd) {
    for (const char* text : {"", "   ", "<MPD>", "<Other/>", "not xml", "<MPD a='1' a='2'/>", "<MPD></Period>"}) {
        const auto mpd = parse_mpd(text);
        ASSERT_FALSE(mpd) << text;
        EXPECT_EQ(mpd.error().code, Errc::malformed) << text;
    }
}

TEST(ParseMpd, refuses_a_doctype) {
    const auto mpd = parse_mpd("<!DOCTYPE MPD [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><MPD>&b;</MPD>");
    ASSERT_FALSE(mpd);
    EXPECT_EQ(mpd.error().code, Errc::malformed);
    EXPECT_NE(mpd.error().message.find("DOCTYPE"), std::string::npos);
    EXPECT_FALSE(parse_mpd("<!DOCTYPE MPD SYSTEM \"file:///etc/passwd\"><MPD/>"));
}

TEST(ParseMpd, unknown_entities_stay_text) { EXPECT_EQ(parse_mpd("<MPD>&evil;</MPD>").value().root.text, "&evil;"); }

TEST(ParseMpd, keeps_to_its_limits) {
    ParseLimits limits;
    limits.max_bytes = 5;
    EXPECT_EQ(parse_mpd("<MPD/>", limits).error().code, Errc::limit_exceeded);
    limits = {};
    limits.max_elements = 3;
    EXPECT_TRUE(parse_mpd("<MPD><a/><a/></MPD>", limits));
    EXPECT_EQ(parse_mpd("<MPD><a/><a/><a/></MPD>", limits).error().code, Errc::limit_exceeded);
    limits = {};
    limits.max_attributes = 1;
    EXPECT_EQ(parse_mpd("<MPD a='1' b='2'/>", limits).error().code, Errc::limit_exceeded);
    std::string deep = "<MPD>";
    for (int i = 0; i < 100'000; ++i) deep += "<a>";
    for (int i = 0; i < 100'000; ++i) deep += "</a>";
    EXPECT_EQ(parse_mpd(deep + "</MPD>").error().code, Errc::limit_exceeded);
}

TEST(WriteMpdDocument, gives_the_same_document_again) {
    for (const auto& presentation : {testing::full_presentation(), testing::single_file_presentation()}) {
        const std::string text = write_mpd(presentation).value();
        EXPECT_EQ(write_mpd(parse_mpd(text).value()), text);
    }
}

TEST(XmlElement, sets_and_adds_attributes) {
    Mpd mpd = parse_mpd("<MPD a='1'><Period/></MPD>").value();
    mpd.root.set_attribute("a", "2");
    mpd.root.set_attribute("b", "<3>");
    mpd.root.child("Period")->set_attribute("id", "p");
    EXPECT_EQ(write_mpd(mpd),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD a=\"2\" b=\"&lt;3&gt;\">\n  <Period id=\"p\"/>\n</MPD>\n");
}

TEST(RewriteMpdUris, reaches_every_uri) {
    Mpd mpd = parse_mpd("<MPD media='no'><Location>loc</Location><BaseURL>base</BaseURL><Period>"
                        "<SegmentTemplate media='m' initialization='i' index='x'/>"
                        "<SegmentList><Initialization sourceURL='s'/><RepresentationIndex sourceURL='r'/>"
                        "<SegmentURL media='u' index='y'/></SegmentList></Period></MPD>").value();
    std::vector<std::pair<MpdUriKind, std::string>> seen;
    rewrite_mpd_uris(mpd, [&](MpdUriKind kind, std::string_view uri) -> std::optional<std::string> {
        seen.emplace_back(kind, uri);
        if (uri == "m") return "M?a&b";
        return std::nullopt;
    });
    using Kind = MpdUriKind;
    EXPECT_EQ(seen, (std::vector<std::pair<Kind, std::string>>{
                        {Kind::location, "loc"}, {Kind::base_url, "base"}, {Kind::media, "m"}, {Kind::initialization, "i"},
                        {Kind::index, "x"}, {Kind::initialization, "s"}, {Kind::index, "r"}, {Kind::media, "u"}, {Kind::index, "y"}}));
    EXPECT_NE(write_mpd(mpd).find("media=\"M?a&amp;b\""), std::string::npos);
    EXPECT_EQ(*mpd.root.attribute("media"), "no");
}

}  // namespace
}  // namespace streamforge::manifest
