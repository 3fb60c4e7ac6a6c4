#include "media/mp4_facts.hpp"

#include <gtest/gtest.h>
#include <string>

namespace streamforge::media {
namespace {

std::string u32(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift & 0xFF));
    return bytes;
}

std::string box(const std::string& type, const std::string& content) {
    return u32(static_cast<std::uint32_t>(content.size() + 8)) + type + content;
}

std::string large_box(const std::string& type, const std::string& content) {
    return u32(1) + type + u32(0) + u32(static_cast<std::uint32_t>(content.size() + 16)) + content;
}

std::string tkhd(std::uint32_t id) { return box("tkhd", u32(7) + u32(0) + u32(0) + u32(id) + std::string(68, '\0')); }
std::string tkhd_v1(std::uint32_t id) {
    return box("tkhd", u32(0x01000007) + std::string(16, '\0') + u32(id) + std::string(80, '\0'));
}

std::string elst(std::uint32_t entries, std::uint32_t media_time) {
    std::string content = u32(0) + u32(entries);
    for (std::uint32_t i = 0; i < entries; ++i) content += u32(1000) + u32(media_time) + u32(0x00010000);
    return box("edts", box("elst", content));
}

std::string stsd(const std::string& entry) {
    return box("mdia", box("minf", box("stbl", box("stsd", u32(0) + u32(1) + box(entry, std::string(70, '\0'))))));
}

std::string trak(std::uint32_t id, const std::string& entry, const std::string& more = "") {
    return box("trak", tkhd(id) + more + stsd(entry));
}

Mp4Facts facts_of(const std::string& bytes) { return read_mp4_facts(*bytes_source(Bytes(bytes.begin(), bytes.end()))); }

TEST(Mp4Facts, tracks_protection_and_fragments_are_found) {
    const auto facts = facts_of(box("ftyp", "isom") + large_box("mdat", "....") +
                                box("moov", box("mvhd", "x") + trak(3, "avc1") + trak(7, "enca") + box("mvex", "") + trak(9, "encv")));
    EXPECT_TRUE(facts.has_moov);
    EXPECT_TRUE(facts.fragmented);
    EXPECT_EQ(facts.tracks, 3U);
    EXPECT_EQ(facts.protected_tracks, (std::vector<std::uint32_t>{7, 9}));
    EXPECT_FALSE(facts.has_edit_list);
}

TEST(Mp4Facts, track_id_is_read_from_both_versions_of_its_header) {
    const auto facts = facts_of(box("moov", box("trak", tkhd_v1(42) + stsd("encv"))));
    EXPECT_EQ(facts.protected_tracks, (std::vector<std::uint32_t>{42}));
}

TEST(Mp4Facts, only_edit_lists_that_change_something_count) {
    EXPECT_FALSE(facts_of(box("moov", trak(1, "avc1", elst(1, 0)))).has_edit_list);
    EXPECT_FALSE(facts_of(box("moov", trak(1, "avc1", elst(0, 0)))).has_edit_list);
    EXPECT_TRUE(facts_of(box("moov", trak(1, "avc1", elst(1, 1024)))).has_edit_list);
    EXPECT_TRUE(facts_of(box("moov", trak(1, "avc1", elst(2, 0)))).has_edit_list);
    EXPECT_TRUE(facts_of(box("moov", trak(1, "avc1", elst(1, 0xFFFFFFFF)))).has_edit_list) << "an empty edit";
    const std::string wide_zero = box("edts", box("elst", u32(0x01000000) + u32(1) + std::string(20, '\0')));
    EXPECT_FALSE(facts_of(box("moov", trak(1, "avc1", wide_zero))).has_edit_list);
}

TEST(Mp4Facts, other_files_and_cut_ones_give_what_there_is) {
    EXPECT_FALSE(facts_of("").has_moov);
    EXPECT_FALSE(facts_of("RIFF....WAVE").has_moov);
    const std::string whole = box("moov", trak(1, "encv", elst(1, 5)));
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const auto facts = facts_of(whole.substr(0, length));
        EXPECT_LE(facts.tracks, 1U);
        EXPECT_LE(facts.protected_tracks.size(), 1U);
    }
}

TEST(Mp4Facts, sizes_that_lie_neither_loop_nor_run_over) {
    EXPECT_TRUE(facts_of(u32(0) + "moov" + trak(1, "avc1")).has_moov) << "size 0 reaches to the end";
    EXPECT_FALSE(facts_of(u32(7) + "moov" + trak(1, "avc1")).has_moov) << "smaller than its own header";
    EXPECT_EQ(facts_of(u32(0xFFFFFFFF) + "moov" + trak(1, "avc1")).tracks, 1U) << "cut at the end of the file";
    EXPECT_FALSE(facts_of(u32(1) + "moov" + u32(0) + u32(4)).has_moov);
    EXPECT_TRUE(facts_of(u32(1) + "moov" + u32(0xFFFFFFFF) + u32(0xFFFFFFFF)).has_moov);
    std::string many;
    for (int i = 0; i < 30000; ++i) many += box("free", "");
    EXPECT_FALSE(facts_of(many + box("moov", "")).has_moov) << "gives up after a bounded number of boxes";
}

}  // namespace
}  // namespace streamforge::media
