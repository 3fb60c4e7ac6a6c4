#include "packaging/fragment.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::to_hex;

TEST(DecodeTimes, follow_the_presentation_order_and_end_at_the_next_segment) {
    // I0 P4 B2 b1 b3, then the next segment at 5.
    const std::vector<FragmentSample> samples{{0, 1, 9, true}, {4, 1, 9, false}, {2, 1, 9, false}, {1, 1, 9, false}, {3, 1, 9, false}};
    const auto run = assign_decode_times(samples, 5);
    ASSERT_TRUE(run);
    const std::vector<std::int32_t> offsets{0, 3, 0, -2, -1};
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ((*run)[i].duration, 1u);
        EXPECT_EQ((*run)[i].cts, offsets[i]);
    }
}

TEST(DecodeTimes, unequal_frame_times_keep_every_presentation_time) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::vector<FragmentSample> samples;
        std::int64_t pts = static_cast<std::int64_t>(random() % 1000);
        for (std::size_t i = 0; i < 1 + random() % 40; ++i) {
            samples.push_back({pts, 1, 1, i == 0});
            pts += static_cast<std::int64_t>(random() % 500);
        }
        std::shuffle(samples.begin(), samples.end(), random);
        const std::int64_t begin = presentation_span(samples).begin;
        const auto run = assign_decode_times(samples, pts);
        ASSERT_TRUE(run);
        std::int64_t decode = begin;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            EXPECT_EQ(decode + (*run)[i].cts, samples[i].pts);
            decode += (*run)[i].duration;
        }
        EXPECT_EQ(decode, pts);
    }
}

TEST(DecodeTimes, next_segment_before_the_last_frame_is_refused) {
    EXPECT_EQ(assign_decode_times(std::vector<FragmentSample>{{10, 1, 1, true}}, 9).error().code, Errc::invalid_argument);
}

TEST(DecodeTimes, durations_and_offsets_beyond_32_bits_are_refused) {
    const std::vector<FragmentSample> one{{0, 1, 1, true}};
    EXPECT_EQ(assign_decode_times(one, std::int64_t{1} << 33).error().code, Errc::limit_exceeded);
    const std::vector<FragmentSample> far{{std::int64_t{3} << 30, 1, 1, true}, {0, 1, 1, false}, {std::int64_t{1} << 30, 1, 1, false}};
    EXPECT_EQ(assign_decode_times(far, std::int64_t{3} << 30).error().code, Errc::limit_exceeded);
}

TEST(FragmentHeader, equal_samples_are_said_once) {
    const std::vector<RunSample> samples(3, RunSample{1024, 0, 5, true});
    const FragmentHeader header = write_fragment_header({2, 7, false, false}, 0x1122, samples);
    EXPECT_EQ(to_hex(header.bytes),
              "00000064" "6d6f6f66" "00000010" "6d666864" "00000000" "00000007"                           // moof mfhd
              "0000004c" "74726166" "0000001c" "74666864" "00020038" "00000002" "00000400" "00000005" "02000000"  // traf tfhd
              "00000014" "74666474" "01000000" "0000000000001122"                                          // tfdt
              "00000014" "7472756e" "01000001" "00000003" "0000006c"                                       // trun
              "00000017" "6d646174");                                                                      // mdat
    EXPECT_EQ(header.moof_offset, 0u);
    EXPECT_EQ(header.payload_bytes, 15u);
}

TEST(FragmentHeader, key_frame_first_needs_only_the_first_samples_flags) {
    const std::vector<RunSample> samples{{512, 0, 100, true}, {512, 1024, 10, false}, {512, -512, 20, false}};
    const FragmentHeader header = write_fragment_header({1, 1, true, false}, 0, samples);
    EXPECT_EQ(header.moof_offset, 24u);
    EXPECT_EQ(to_hex(header.bytes),
              "00000018" "73747970" "6d736468" "00000000" "6d736468" "636d6673"
              "0000007c" "6d6f6f66" "00000010" "6d666864" "00000000" "00000001"
              "00000064" "74726166" "00000018" "74666864" "00020028" "00000001" "00000200" "01010000"
              "00000014" "74666474" "01000000" "0000000000000000"
              "00000030" "7472756e" "01000a05" "00000003" "00000084" "02000000"
              "00000064" "00000000" "0000000a" "00000400" "00000014" "fffffe00"
              "0000008a" "6d646174");
}

TEST(FragmentHeader, mixed_sync_samples_carry_their_own_flags) {
    const std::vector<RunSample> samples{{1, 0, 1, true}, {1, 0, 1, false}, {1, 0, 1, true}};
    const FragmentHeader header = write_fragment_header({1, 1, false, false}, 0, samples);
    const std::string text = to_hex(header.bytes);
    EXPECT_NE(text.find("7472756e" "01000401"), std::string::npos);
    EXPECT_NE(text.find("02000000" "01010000" "02000000"), std::string::npos);
}

TEST(FragmentHeader, roll_group_names_every_sample) {
    const std::vector<RunSample> samples(3, RunSample{1024, 0, 5, true});
    const std::string text = to_hex(write_fragment_header({1, 1, false, true}, 0, samples).bytes);
    EXPECT_NE(text.find("0000001c" "73626770" "00000000" "726f6c6c" "00000001" "00000003" "00000001"), std::string::npos);
}

TEST(FragmentHeader, payload_beyond_4_gib_gets_a_64_bit_mdat) {
    const std::vector<RunSample> samples(3, RunSample{1, 0, 0x7FFFFFFF, true});
    const FragmentHeader header = write_fragment_header({1, 1, false, false}, 0, samples);
    EXPECT_EQ(header.payload_bytes, 0x17FFFFFFDu);
    const std::string text = to_hex(header.bytes);
    EXPECT_EQ(text.substr(text.size() - 32), "000000016d646174" "000000018000000d");
    EXPECT_NE(text.find("7472756e0100000100000003" "00000074"), std::string::npos) << "the data offset counts the longer head";
}

}  // namespace
}  // namespace streamforge::packaging
