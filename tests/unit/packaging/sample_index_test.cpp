#include <streamforge/packaging/sample_index.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace streamforge::packaging {
namespace {

std::shared_ptr<const SampleIndex> index_of(const std::vector<IndexedSample>& samples) {
    SampleIndex::Builder builder(samples.empty() ? 0 : samples.front().dts);
    for (const IndexedSample& sample : samples) builder.append(sample);
    return std::move(builder).build();
}

std::vector<IndexedSample> random_samples(std::mt19937& random, std::size_t count) {
    std::vector<IndexedSample> samples;
    std::int64_t dts = static_cast<std::int64_t>(random() % 1000) - 500;
    std::uint64_t offset = random() % 1000;
    const unsigned sync_every = random() % 3 == 0 ? 1 : 1 + random() % 50;
    for (std::size_t i = 0; i < count; ++i) {
        IndexedSample sample;
        sample.dts = dts;
        sample.duration = random() % 10 == 0 ? static_cast<std::int64_t>(random() % 100'000) : 512;
        sample.cts = static_cast<std::int64_t>(random() % 4) * 512 - 512;
        sample.size_bytes = random() % 50 == 0 ? 0 : static_cast<std::uint32_t>(random() % 70'000);
        if (random() % 3 == 0) offset = random() % 5 == 0 ? random() : offset + random() % 3000;
        sample.offset = offset;
        sample.sync = i % sync_every == 0;
        offset += sample.size_bytes;
        dts += sample.duration;
        samples.push_back(sample);
    }
    return samples;
}

TEST(SampleIndex, every_sample_is_given_back_from_every_place) {
    std::mt19937 random(3);
    for (const std::size_t count : {1U, 2U, 127U, 128U, 129U, 256U, 1000U, 3001U}) {
        const auto samples = random_samples(random, count);
        const auto index = index_of(samples);
        ASSERT_EQ(index->size(), count);
        auto all = index->cursor();
        for (std::size_t i = 0; i < count; ++i) {
            ASSERT_EQ(all.number(), i);
            ASSERT_EQ(all.next(), samples[i]) << i << " of " << count;
        }
        EXPECT_TRUE(all.at_end());
        for (int round = 0; round < 100; ++round) {
            const std::size_t from = random() % count;
            auto cursor = index->cursor(from);
            for (std::size_t i = from; i < std::min(count, from + 300); ++i) ASSERT_EQ(cursor.next(), samples[i]);
        }
    }
}

TEST(SampleIndex, totals_match_the_samples) {
    std::mt19937 random(4);
    const auto samples = random_samples(random, 777);
    const auto index = index_of(samples);
    std::uint64_t bytes = 0;
    for (const auto& sample : samples) bytes += sample.size_bytes;
    EXPECT_EQ(index->total_bytes(), bytes);
    EXPECT_EQ(index->first_dts(), samples.front().dts);
    EXPECT_EQ(index->end_dts(), samples.back().dts + samples.back().duration);
}

TEST(SampleIndex, sync_samples_are_found_from_any_number) {
    std::mt19937 random(5);
    for (int round = 0; round < 20; ++round) {
        const auto samples = random_samples(random, 300);
        const auto index = index_of(samples);
        EXPECT_EQ(index->all_sync(), std::all_of(samples.begin(), samples.end(), [](const auto& s) { return s.sync; }));
        for (std::size_t from = 0; from <= samples.size(); ++from) {
            std::size_t wanted = from;
            while (wanted < samples.size() && !samples[wanted].sync) ++wanted;
            EXPECT_EQ(index->next_sync(from), wanted);
            if (from == samples.size()) break;
            EXPECT_EQ(index->is_sync(from), samples[from].sync);
        }
    }
}

TEST(SampleIndex, sample_at_a_time_is_the_last_that_has_begun) {
    std::mt19937 random(6);
    const auto samples = random_samples(random, 500);
    const auto index = index_of(samples);
    EXPECT_EQ(index->sample_at_dts(samples.front().dts - 1), 0u);
    for (int round = 0; round < 500; ++round) {
        const std::int64_t time = samples[random() % samples.size()].dts + static_cast<std::int64_t>(random() % 600) - 300;
        std::size_t wanted = 0;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (samples[i].dts <= time) wanted = i;
        }
        EXPECT_EQ(index->sample_at_dts(time), wanted);
    }
}

TEST(SampleIndex, last_sample_can_be_stretched_to_the_next_ones_time) {
    SampleIndex::Builder builder(100);
    builder.append({0, 0, 10, 0, 1, true});
    builder.stretch_to(105);  // earlier than its end: no change
    builder.stretch_to(130);
    builder.append({0, 0, 10, 1, 1, true});
    EXPECT_EQ(builder.next_dts(), 140);
    const auto index = std::move(builder).build();
    EXPECT_EQ(index->sample(0).duration, 30);
    EXPECT_EQ(index->sample(1).dts, 130);
}

TEST(SampleIndex, empty_index_has_nothing_to_give) {
    const auto index = index_of({});
    EXPECT_TRUE(index->empty());
    EXPECT_TRUE(index->cursor().at_end());
    EXPECT_EQ(index->next_sync(0), 0u);
    EXPECT_EQ(index->sample_at_dts(5), 0u);
}

TEST(SampleIndex, two_hours_of_interleaved_video_cost_less_than_five_bytes_a_sample) {
    std::mt19937 random(8);
    SampleIndex::Builder builder;
    std::uint64_t offset = 48;
    constexpr int frames = 216'000;
    for (int i = 0; i < frames; ++i) {
        IndexedSample sample;
        sample.duration = 512;
        sample.cts = 512 * static_cast<std::int64_t>(random() % 4);
        sample.size_bytes = i % 60 == 0 ? 40'000 + random() % 20'000 : 500 + random() % 8'000;
        sample.offset = offset;
        sample.sync = i % 60 == 0;
        offset += sample.size_bytes + (i % 3 == 0 ? 0 : 300 + random() % 200);  // audio in between
        builder.append(sample);
    }
    const auto index = std::move(builder).build();
    EXPECT_LT(static_cast<double>(index->memory_bytes()) / frames, 5.0);
}

}  // namespace
}  // namespace streamforge::packaging
