#include "unit/manifest/golden.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string_view>
#include <unistd.h>

#include <streamforge/manifest/hls_writer.hpp>
#include <streamforge/manifest/manifest_json.hpp>
#include <streamforge/manifest/mpd_writer.hpp>
#include <streamforge/manifest/webvtt.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest::testing {
namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

// All playlists of a presentation one after the other, each under its path.
std::string all_playlists(const Presentation& presentation) {
    const HlsFiles files = write_hls(presentation).value();
    std::string text = "== " + files.master.path + "\n" + files.master.text;
    for (const auto& file : files.media) text += "== " + file.path + "\n" + file.text;
    return text;
}

}  // namespace

void expect_golden(const std::string& name, const std::string& actual) {
    const auto path = std::filesystem::path(STREAMFORGE_TEST_SOURCE_DIR) / "golden/manifest" / name;
    const char* update = std::getenv("STREAMFORGE_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        write_file(path, actual);
        return;
    }
    ASSERT_TRUE(std::filesystem::exists(path)) << path << " is missing; run with STREAMFORGE_UPDATE_GOLDEN=1";
    EXPECT_EQ(read_file(path), actual) << "differs from " << path;
}

bool expect_valid_by_schema(const std::string& mpd) {
    const std::filesystem::path schema = std::filesystem::path(STREAMFORGE_SHARED_DIR) / "schema";
    if (!std::filesystem::exists(schema / "DASH-MPD.xsd") || std::system("xmllint --version >/dev/null 2>&1") != 0) return false;
    const auto folder = std::filesystem::temp_directory_path() / ("streamforge-mpd-" + std::to_string(::getpid()));
    write_file(folder / "manifest.mpd", mpd);
    const std::string command = "XML_CATALOG_FILES='" + (schema / "catalog.xml").string() + "' xmllint --nonet --noout --schema '" +
                                (schema / "DASH-MPD.xsd").string() + "' '" + (folder / "manifest.mpd").string() + "' >'" +
                                (folder / "log").string() + "' 2>&1";
    const int status = std::system(command.c_str());
    EXPECT_EQ(status, 0) << read_file(folder / "log") << mpd;
    std::filesystem::remove_all(folder);
    return true;
}

TEST(Golden, hls_of_a_full_presentation) { expect_golden("full.m3u8.txt", all_playlists(full_presentation())); }
TEST(Golden, hls_of_the_classic_ladder) { expect_golden("classic.m3u8.txt", all_playlists(classic_presentation())); }
TEST(Golden, hls_in_single_files) { expect_golden("single-file.m3u8.txt", all_playlists(single_file_presentation())); }
TEST(Golden, hls_of_hdr) { expect_golden("hdr.m3u8.txt", all_playlists(hdr_presentation())); }
TEST(Golden, hls_of_audio_only) { expect_golden("audio-only.m3u8.txt", all_playlists(audio_only_presentation())); }
TEST(Golden, mpd_of_a_full_presentation) { expect_golden("full.mpd", write_mpd(full_presentation()).value()); }
TEST(Golden, mpd_of_the_classic_ladder) { expect_golden("classic.mpd", write_mpd(classic_presentation()).value()); }
TEST(Golden, mpd_in_single_files) { expect_golden("single-file.mpd", write_mpd(single_file_presentation()).value()); }
TEST(Golden, mpd_of_hdr) { expect_golden("hdr.mpd", write_mpd(hdr_presentation()).value()); }
TEST(Golden, mpd_of_audio_only) { expect_golden("audio-only.mpd", write_mpd(audio_only_presentation()).value()); }

TEST(Golden, json_of_a_full_presentation) {
    ManifestJsonExtra extra;
    extra.generator = "streamforge 0.1.0";
    extra.source_name = "movie.mov";
    extra.members = {{"note", "{\"a\": [1, 2]}"}};
    expect_golden("full.json", write_manifest_json(full_presentation(), extra).value());
}

TEST(Golden, thumbnails_index) {
    const Presentation presentation = full_presentation();
    expect_golden("thumbnails.vtt", write_thumbnails_webvtt(*presentation.thumbnails, presentation.duration()).value());
}

TEST(Golden, every_mpd_is_valid_by_the_schema) {
    for (const auto& presentation : {full_presentation(), classic_presentation(), single_file_presentation(),
                                     hdr_presentation(), audio_only_presentation()}) {
        if (!expect_valid_by_schema(write_mpd(presentation).value())) {
            GTEST_SKIP() << "no xmllint, or no DASH schema in " << STREAMFORGE_SHARED_DIR << "/schema";
        }
    }
}

}  // namespace streamforge::manifest::testing
