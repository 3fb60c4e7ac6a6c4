#include "packaging/packed_column.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace streamforge::packaging {
namespace {

PackedColumn packed(const std::vector<std::int64_t>& values) {
    PackedColumn column;
    for (const std::int64_t value : values) column.append(value);
    column.finish();
    return column;
}

void expect_same(const std::vector<std::int64_t>& values) {
    const PackedColumn column = packed(values);
    PackedColumn::Block block;
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_EQ(column.at(i), values[i]) << i;
        if (i % PackedColumn::block_size == 0) column.unpack(i / PackedColumn::block_size, block);
        ASSERT_EQ(block[i % PackedColumn::block_size], values[i]) << i;
    }
}

TEST(PackedColumn, constant_values_cost_only_their_block_heads) {
    const std::vector<std::int64_t> values(100'000, 1024);
    expect_same(values);
    EXPECT_LE(packed(values).memory_bytes(), values.size() / 128 * 16 + 64);
}

TEST(PackedColumn, multiples_of_a_step_cost_the_bits_of_their_quotients) {
    std::vector<std::int64_t> values;
    for (int i = 0; i < 12'800; ++i) values.push_back(512 * (i % 5));
    expect_same(values);
    EXPECT_LE(packed(values).memory_bytes(), values.size() * 3 / 8 + 100 * 16 + 64);
}

TEST(PackedColumn, extreme_values_survive_in_one_block) {
    constexpr auto low = std::numeric_limits<std::int64_t>::min();
    constexpr auto high = std::numeric_limits<std::int64_t>::max();
    expect_same({low, high, 0, -1, 1, low + 1, high - 1});
    expect_same({high});
    expect_same({});
}

TEST(PackedColumn, random_values_of_every_width_survive) {
    std::mt19937_64 random(1);
    for (unsigned width = 1; width <= 63; ++width) {
        std::vector<std::int64_t> values;
        for (int i = 0; i < 300; ++i) {
            const auto value = static_cast<std::int64_t>(random() >> (64 - width));
            values.push_back(i % 3 == 0 ? -value : value);
        }
        expect_same(values);
    }
}

}  // namespace
}  // namespace streamforge::packaging
