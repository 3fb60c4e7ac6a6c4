#include <streamforge/manifest/hls_parser.hpp>

#include <gtest/gtest.h>

#include <streamforge/manifest/hls_writer.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

TEST(ParseHls, reads_a_media_playlist) {
    const auto playlist = parse_hls(
        "#EXTM3U\r\n#EXT-X-VERSION:7\r\n#EXT-X-TARGETDURATION:6\r\n#EXT-X-MEDIA-SEQUENCE:5\r\n#EXT-X-DISCONTINUITY-SEQUENCE:2\r\n"
        "#EXT-X-PLAYLIST-TYPE:EVENT\r\n#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"800@0\"\r\n"
        "#EXT-X-CUSTOM:a=b\r\n#EXTINF:5.5,Title, with comma\r\n#EXT-X-BYTERANGE:100@800\r\nfile.mp4\r\n"
        "#EXTINF:6,\r\n#EXT-X-BYTERANGE:50\r\nfile.mp4\r\n# comment\r\n\r\n"
        "#EXT-X-DISCONTINUITY\r\n#EXT-X-GAP\r\n#EXTINF:1.25\r\nlast.mp4\r\n").value();
    ASSERT_NE(playlist.media(), nullptr);
    const HlsMedia& media = *playlist.media();
    EXPECT_EQ(playlist.version, 7);
    EXPECT_EQ(media.target_duration_s, 6);
    EXPECT_EQ(media.media_sequence, 5U);
    EXPECT_EQ(media.discontinuity_sequence, 2U);
    EXPECT_EQ(media.playlist_type, "EVENT");
    EXPECT_FALSE(media.end_list);
    ASSERT_EQ(media.segments.size(), 3U);
    EXPECT_EQ(media.segments[0].duration, (MediaTime{11, 2}));
    EXPECT_EQ(media.segments[0].title, "Title, with comma");
    EXPECT_EQ(media.segments[0].tags[0].name, "EXT-X-CUSTOM");
    EXPECT_EQ(media.segments[0].tags[0].value, "a=b");
    EXPECT_EQ(media.segments[0].line, 11U);
    EXPECT_EQ(media.segments[1].range, (ByteRange{900, 50}));
    EXPECT_TRUE(media.segments[2].discontinuity);
    EXPECT_TRUE(media.segments[2].gap);
    EXPECT_EQ(media.maps[*media.segments[2].map].range, (ByteRange{0, 800}));
    EXPECT_TRUE(playlist.problems.empty());
}

TEST(ParseHls, reads_a_multivariant_playlist) {
    const auto playlist = parse_hls(
        "#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"x, y=z\",URI=\"a.m3u8\"\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1000, AVERAGE-BANDWIDTH=900,CODECS=\"avc1.640028,mp4a.40.2\",AUDIO=\"a\"\n\nv.m3u8\n"
        "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100,URI=\"i.m3u8\"\n").value();
    ASSERT_NE(playlist.master(), nullptr);
    EXPECT_EQ(playlist.version, 1);
    EXPECT_FALSE(playlist.has_version);
    EXPECT_TRUE(playlist.independent_segments);
    EXPECT_EQ(*playlist.master()->media[0].attribute("NAME"), "x, y=z");
    ASSERT_EQ(playlist.master()->variants.size(), 2U);
    EXPECT_EQ(playlist.master()->variants[0].uri, "v.m3u8");
    EXPECT_EQ(playlist.master()->variants[0].average_bandwidth_bps, 900U);
    EXPECT_TRUE(playlist.master()->variants[1].i_frames);
    EXPECT_EQ(playlist.master()->variants[1].uri, "i.m3u8");
    EXPECT_TRUE(playlist.problems.empty());
}

TEST(ParseHls, refuses_what_is_not_a_playlist) {
    EXPECT_EQ(parse_hls("").error().code, Errc::malformed);
    EXPECT_EQ(parse_hls("#EXTM3U8\n").error().code, Errc::malformed);
    EXPECT_EQ(parse_hls(" #EXTM3U\n").error().code, Errc::malformed);
    EXPECT_EQ(parse_hls("\xEF\xBB\xBF#EXTM3U\n").error().code, Errc::malformed);
    EXPECT_EQ(parse_hls(std::string_view("#EXTM3U\na\0b", 11)).error().code, Errc::malformed);
    EXPECT_TRUE(parse_hls("#EXTM3U"));
}

TEST(ParseHls, keeps_to_its_limits) {
    ParseLimits limits;
    limits.max_bytes = 20;
    EXPECT_EQ(parse_hls("#EXTM3U\n#EXT-X-ENDLIST\n", limits).error().code, Errc::limit_exceeded);
    limits = {};
    limits.max_lines = 2;
    EXPECT_TRUE(parse_hls("#EXTM3U\na\n", limits));
    EXPECT_EQ(parse_hls("#EXTM3U\na\nb\n", limits).error().code, Errc::limit_exceeded);
    limits = {};
    limits.max_attributes = 1;
    EXPECT_EQ(parse_hls("#EXTM3U\n#EXT-X-MEDIA:A=1,B=2\n", limits).value().problems.size(), 1U);
}

TEST(ParseHls, notes_problems_with_their_lines) {
    const std::pair<const char*, std::size_t> cases[] = {
        {"#EXTM3U\nseg.ts\n", 2},                                                  // no EXTINF
        {"#EXTM3U\n#EXTINF:abc,\nseg.ts\n", 2},
        {"#EXTM3U\n#EXTINF:-1,\nseg.ts\n", 2},
        {"#EXTM3U\n#EXTINF:99999999999,\nseg.ts\n", 2},
        {"#EXTM3U\n#EXTINF:4,\n", 2},                                               // no URI
        {"#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:x@1\nseg.ts\n", 3},
        {"#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:5\nseg.ts\n", 4},                    // no offset to go on from
        {"#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:18446744073709551615@2\nseg.ts\n", 4},
        {"#EXTM3U\n#EXT-X-MAP:BYTERANGE=\"1@0\"\n", 2},
        {"#EXTM3U\n#EXT-X-MAP:URI=\"i\",BYTERANGE=\"x\"\n", 2},
        {"#EXTM3U\n#EXT-X-TARGETDURATION:4.5\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:18446744073709551616\n", 2},
        {"#EXTM3U\n#EXT-X-VERSION:0\n", 2},
        {"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-VERSION:3\n", 3},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n", 2},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO\nstray.m3u8\n", 3},
        {"#EXTM3U\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,TYPE=AUDIO\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:NAME=\"open\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:TYPE\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:NAME=\"a\"b\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:type=AUDIO\n", 2},
        {"#EXTM3U\n#EXT-X-MEDIA:\n", 2},
    };
    for (const auto& [text, line] : cases) {
        const auto playlist = parse_hls(text).value();
        ASSERT_EQ(playlist.problems.size(), 1U) << text;
        EXPECT_EQ(playlist.problems[0].line, line) << text << playlist.problems[0].message;
    }
}

TEST(ParseHls, durations_are_exact_to_nine_decimals) {
    const auto playlist = parse_hls("#EXTM3U\n#EXTINF:4.0040000019,\na\n#EXTINF:0.000000001\nb\n").value();
    EXPECT_EQ(playlist.media()->segments[0].duration, (MediaTime{4'004'000'001, 1'000'000'000}));
    EXPECT_EQ(playlist.media()->segments[1].duration, (MediaTime{1, 1'000'000'000}));
}

TEST(ParseHls, reads_back_what_is_written) {
    for (const auto& presentation : {testing::full_presentation(), testing::single_file_presentation()}) {
        const HlsFiles files = write_hls(presentation).value();
        const auto master = parse_hls(files.master.text).value();
        EXPECT_TRUE(master.problems.empty());
        for (const auto& file : files.media) {
            const auto playlist = parse_hls(file.text).value();
            EXPECT_TRUE(playlist.problems.empty()) << file.path;
            ASSERT_NE(playlist.media(), nullptr) << file.path;
            EXPECT_TRUE(playlist.media()->end_list);
            EXPECT_EQ(rewrite_hls_uris(playlist, [](auto, auto) { return std::nullopt; }).value(), file.text);
        }
    }
}

TEST(RewriteHlsUris, replaces_every_kind_and_nothing_else) {
    const std::string text =
        "#EXTM3U\n#EXT-X-MEDIA:NAME=\"URI=\",TYPE=AUDIO,URI=\"a.m3u8\",X=1\n#EXT-X-SESSION-KEY:METHOD=NONE,URI=\"k\"\n"
        "# URI=\"comment\"\n#EXT-X-STREAM-INF:BANDWIDTH=1,STABLE-URI=\"no\"\nv.m3u8\n#EXT-X-I-FRAME-STREAM-INF:URI=\"i.m3u8\"\n"
        "#EXT-X-NEW:URI=\"n\"\n";
    std::vector<std::pair<HlsUriKind, std::string>> seen;
    const auto rewritten = rewrite_hls_uris(parse_hls(text).value(), [&](HlsUriKind kind, std::string_view uri) {
        seen.emplace_back(kind, uri);
        return std::optional<std::string>(std::string(uri) + "?token");
    });
    EXPECT_EQ(seen, (std::vector<std::pair<HlsUriKind, std::string>>{{HlsUriKind::rendition, "a.m3u8"}, {HlsUriKind::key, "k"},
                                                                     {HlsUriKind::variant, "v.m3u8"},
                                                                     {HlsUriKind::i_frame_variant, "i.m3u8"},
                                                                     {HlsUriKind::other, "n"}}));
    EXPECT_EQ(rewritten.value(),
              "#EXTM3U\n#EXT-X-MEDIA:NAME=\"URI=\",TYPE=AUDIO,URI=\"a.m3u8?token\",X=1\n"
              "#EXT-X-SESSION-KEY:METHOD=NONE,URI=\"k?token\"\n# URI=\"comment\"\n"
              "#EXT-X-STREAM-INF:BANDWIDTH=1,STABLE-URI=\"no\"\nv.m3u8?token\n"
              "#EXT-X-I-FRAME-STREAM-INF:URI=\"i.m3u8?token\"\n#EXT-X-NEW:URI=\"n?token\"\n");
}

TEST(RewriteHlsUris, knows_maps_and_segments) {
    std::vector<HlsUriKind> kinds;
    const auto playlist = parse_hls("#EXTM3U\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:1,\ns\n").value();
    (void)rewrite_hls_uris(playlist, [&](HlsUriKind kind, std::string_view) {
        kinds.push_back(kind);
        return std::nullopt;
    });
    EXPECT_EQ(kinds, (std::vector<HlsUriKind>{HlsUriKind::map, HlsUriKind::segment}));
}

TEST(RewriteHlsUris, refuses_replacements_that_break_the_playlist) {
    const auto playlist = parse_hls("#EXTM3U\n#EXTINF:1,\nseg.ts\n").value();
    for (const char* bad : {"", "a\nb", "a\"b", "#EXT-X-ENDLIST", "a\r"}) {
        const auto result = rewrite_hls_uris(playlist, [&](auto, auto) { return std::optional<std::string>(bad); });
        EXPECT_EQ(result.error().code, Errc::invalid_argument);
    }
}

}  // namespace
}  // namespace streamforge::manifest
