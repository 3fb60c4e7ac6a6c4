#include <algorithm>
#include <functional>
#include <gtest/gtest.h>
#include <map>

#include <streamforge/manifest/hls_writer.hpp>
#include <streamforge/manifest/lint.hpp>
#include <streamforge/manifest/mpd_writer.hpp>
#include <streamforge/manifest/webvtt.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

// A folder that exists only as sizes and a few texts.
struct Folder {
    std::map<std::string, std::string> texts;
    std::map<std::string, std::uint64_t> sizes;
    std::vector<std::string> reads;

    LintReader reader() {
        LintReader reader;
        reader.read = [this](const std::string& path) -> Result<Bytes> {
            reads.push_back(path);
            const auto text = texts.find(path);
            if (text == texts.end()) return make_error(Errc::not_found, "test.read", "no such file");
            return Bytes(text->second.begin(), text->second.end());
        };
        reader.size = [this](const std::string& path) -> Result<std::uint64_t> {
            if (const auto text = texts.find(path); text != texts.end()) return std::uint64_t{text->second.size()};
            const auto size = sizes.find(path);
            if (size == sizes.end()) return make_error(Errc::not_found, "test.size", "no such file");
            return size->second;
        };
        return reader;
    }
};

void add_track(Folder& folder, const std::string& root, const TrackFacts& track) {
    if (!track.files.init.empty()) folder.sizes[root + track.files.init] = track.init_bytes;
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        const auto& segment = track.segments[i];
        auto& size = folder.sizes[root + segment_path(track, i).value()];
        size = segment.range ? segment.range->offset + segment.range->length : segment.bytes;
    }
}

Folder packaged(const Presentation& presentation, const std::string& root = "out/") {
    Folder folder;
    for (const auto& rendition : presentation.video) add_track(folder, root, rendition.track);
    for (const auto& rendition : presentation.audio) add_track(folder, root, rendition.track);
    for (const auto& rendition : presentation.text) {
        add_track(folder, root, rendition.track);
        folder.sizes[root + rendition.whole_file] = rendition.whole_file_bytes;
        // The first segment is read: its text must be real, and as long as the facts say.
        std::string text = segment_webvtt({}, std::vector<MediaTime>{{0, 1}, {1, 1}}).value()[0];
        text.resize(rendition.track.segments[0].bytes, '\n');
        folder.texts[root + segment_path(rendition.track, 0).value()] = text;
    }
    if (const auto& thumbnails = presentation.thumbnails) {
        for (std::size_t i = 0; i < thumbnails->sheets.size(); ++i) {
            folder.sizes[root + sheet_path(*thumbnails, i).value()] = thumbnails->sheets[i].bytes;
        }
    }
    const HlsFiles files = write_hls(presentation).value();
    folder.texts[root + files.master.path] = files.master.text;
    for (const auto& file : files.media) folder.texts[root + file.path] = file.text;
    folder.texts[root + "manifest.mpd"] = write_mpd(presentation).value();
    return folder;
}

std::string rules(const Result<std::vector<Finding>>& findings) {
    std::vector<std::string> found;
    for (const auto& finding : findings.value()) {
        if (std::find(found.begin(), found.end(), finding.rule) == found.end()) found.push_back(finding.rule);
    }
    std::string text;
    for (const auto& rule : found) text += rule + " ";
    return text;
}

std::string describe(const Result<std::vector<Finding>>& findings) {
    std::string text;
    for (const auto& finding : findings.value()) {
        text += finding.path + ":" + std::to_string(finding.line) + " " + finding.rule + " " + finding.message + "\n";
    }
    return text;
}

void change(std::string& text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
}

TEST(LintPresentation, finds_nothing_in_what_we_write) {
    for (const auto& presentation :
         {testing::full_presentation(), testing::classic_presentation(), testing::single_file_presentation(),
          testing::hdr_presentation(), testing::audio_only_presentation()}) {
        Folder folder = packaged(presentation);
        EXPECT_EQ(describe(lint_presentation("out/master.m3u8", folder.reader())), "");
        EXPECT_EQ(describe(lint_presentation("out/manifest.mpd", folder.reader())), "");
    }
}

TEST(LintPresentation, a_missing_entry_is_an_error) {
    Folder folder;
    EXPECT_EQ(lint_presentation("out/master.m3u8", folder.reader()).error().code, Errc::not_found);
    EXPECT_EQ(lint_presentation("x", {}).error().code, Errc::invalid_argument);
}

TEST(LintPresentation, reports_missing_files_once) {
    Folder folder = packaged(testing::full_presentation());
    folder.sizes.erase("out/video/1080p/seg_00003.m4s");
    folder.sizes.erase("out/video/720p/init.mp4");
    folder.texts.erase("out/audio/fr-2ch/playlist.m3u8");
    const auto hls = lint_presentation("out/master.m3u8", folder.reader());
    EXPECT_EQ(rules(hls), "presentation.missing ");
    EXPECT_EQ(hls.value().size(), 3U) << describe(hls);  // once each, though the I-frame playlists name them too
    EXPECT_FALSE(passes(*hls));
    const auto dash = lint_presentation("out/manifest.mpd", folder.reader());
    EXPECT_EQ(rules(dash), "presentation.missing ");
    EXPECT_EQ(dash.value().size(), 2U) << describe(dash);
}

TEST(LintPresentation, reports_ranges_past_the_end) {
    Folder folder = packaged(testing::single_file_presentation());
    folder.sizes["out/video/1080p.mp4"] -= 1;
    EXPECT_EQ(rules(lint_presentation("out/master.m3u8", folder.reader())), "presentation.range ");
    folder.sizes["out/video/1080p.mp4"] = 900;
    EXPECT_EQ(rules(lint_presentation("out/manifest.mpd", folder.reader())), "presentation.range ");
}

TEST(LintPresentation, measures_bandwidth) {
    Folder folder = packaged(testing::classic_presentation());
    for (auto& [path, size] : folder.sizes) {
        if (path.find("720p/seg") != std::string::npos) size = size * 5 / 4;
    }
    EXPECT_EQ(rules(lint_presentation("out/master.m3u8", folder.reader())), "apple.1.27 apple.1.26 ");
    EXPECT_EQ(rules(lint_presentation("out/manifest.mpd", folder.reader())), "dash.bandwidth.measured ");
    for (auto& [path, size] : folder.sizes) {
        if (path.find("720p/seg") != std::string::npos) size /= 2;
    }
    const auto low = lint_presentation("out/master.m3u8", folder.reader());
    EXPECT_TRUE(passes(*low));
    EXPECT_NE(rules(low).find("apple.1.27 apple.1.26"), std::string::npos) << describe(low);
}

TEST(LintPresentation, tolerates_a_tenth) {
    Folder folder = packaged(testing::classic_presentation());
    for (auto& [path, size] : folder.sizes) {
        if (path.find("720p/seg") != std::string::npos) size = size * 109 / 100;
    }
    EXPECT_EQ(describe(lint_presentation("out/master.m3u8", folder.reader())), "");
    EXPECT_EQ(describe(lint_presentation("out/manifest.mpd", folder.reader())), "");
}

TEST(LintPresentation, compares_renditions) {
    Folder folder = packaged(testing::classic_presentation());
    std::string& playlist = folder.texts["out/video/720p/playlist.m3u8"];
    change(playlist, "TARGETDURATION:4", "TARGETDURATION:5");
    change(playlist, "#EXTINF:1.001000,\nseg_00008.m4s\n", "#EXT-X-DISCONTINUITY\n#EXTINF:0.400000,\nseg_00008.m4s\n");
    const std::string found = rules(lint_presentation("out/master.m3u8", folder.reader()));
    for (const char* rule : {"apple.8.2 ", "apple.8.3 ", "apple.8.13 "}) EXPECT_NE(found.find(rule), std::string::npos) << found;
}

TEST(LintPresentation, checks_what_kind_of_playlist_is_named) {
    Folder folder = packaged(testing::classic_presentation());
    change(folder.texts["out/video/720p/iframes.m3u8"], "#EXT-X-I-FRAMES-ONLY\n", "");
    EXPECT_NE(rules(lint_presentation("out/master.m3u8", folder.reader())).find("apple.6.8"), std::string::npos);
}

TEST(LintPresentation, checks_webvtt_headers) {
    Folder folder = packaged(testing::full_presentation());
    change(folder.texts["out/text/en/seg_00001.vtt"], "X-TIMESTAMP-MAP", "X-TIMESTAMP-NOT");
    change(folder.texts["out/text/en-sdh/seg_00001.vtt"], "WEBVTT", "BEWVTT");
    EXPECT_EQ(rules(lint_presentation("out/master.m3u8", folder.reader())), "apple.5.3 hls.webvtt ");
}

TEST(LintPresentation, never_reads_outside_the_folder) {
    Folder folder;
    folder.texts["out/master.m3u8"] =
        "#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/etc/passwd\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1\n../../etc/passwd\n#EXT-X-STREAM-INF:BANDWIDTH=1\n%2e%2e/secret\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://other/x.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\n//other/x.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:///etc/passwd\n";
    const auto findings = lint_presentation("out/master.m3u8", folder.reader());
    EXPECT_EQ(folder.reads, (std::vector<std::string>{"out/master.m3u8"}));
    int outside = 0;
    int external = 0;
    for (const auto& finding : findings.value()) {
        outside += finding.rule == "presentation.outside" ? 1 : 0;
        external += finding.rule == "presentation.external" ? 1 : 0;
    }
    EXPECT_EQ(outside, 3);
    EXPECT_EQ(external, 3);
}

TEST(LintPresentation, follows_encoded_names_and_queries) {
    Folder folder;
    folder.texts["a b?/m.m3u8"] = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:4,\ns%20%23.ts?token=1\n"
                                  "#EXT-X-ENDLIST\n";
    folder.sizes["a b?/s #.ts"] = 10;
    EXPECT_EQ(describe(lint_presentation("a b?/m.m3u8", folder.reader())), "");
}

TEST(LintPresentation, passes_the_readers_errors_on) {
    Folder folder = packaged(testing::classic_presentation());
    LintReader reader = folder.reader();
    reader.size = [](const std::string&) -> Result<std::uint64_t> { return make_error(Errc::io, "test.size", "disk on fire"); };
    EXPECT_EQ(lint_presentation("out/master.m3u8", reader).error().code, Errc::io);
    EXPECT_EQ(lint_presentation("out/manifest.mpd", reader).error().code, Errc::io);
}

TEST(LintPresentation, sizes_come_from_reading_when_there_is_no_size) {
    Folder folder;
    folder.texts["m.m3u8"] =
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n";
    folder.texts["a.ts"] = "media";
    LintReader reader = folder.reader();
    reader.size = nullptr;
    EXPECT_EQ(describe(lint_presentation("m.m3u8", reader)), "");
    EXPECT_EQ(folder.reads, (std::vector<std::string>{"m.m3u8", "a.ts"}));
}

TEST(LintPresentation, unreadable_manifests_are_findings) {
    Folder folder;
    folder.texts["a"] = "<html/>";
    folder.texts["b"] = "hello";
    EXPECT_EQ(rules(lint_presentation("a", folder.reader())), "dash.parse ");
    EXPECT_EQ(rules(lint_presentation("b", folder.reader())), "hls.parse ");
}

}  // namespace
}  // namespace streamforge::manifest
