#include <streamforge/storage/body.hpp>

#include <gtest/gtest.h>

namespace streamforge::storage {
namespace {

std::string drain(Body& body, std::size_t slice = 3) {
    std::string all;
    Bytes buffer(slice);
    while (true) {
        const auto count = body.read(buffer).value();
        all.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
        if (count < slice) return all;
    }
}

Body::Producer producer_of(std::string text, std::size_t step) {
    return [text = std::move(text), step, at = std::size_t{0}](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
        const auto count = std::min({step, into.size(), text.size() - at});
        std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
        at += count;
        return count;
    };
}

TEST(Body, empty_by_default) {
    Body body;
    EXPECT_EQ(body.size_bytes(), 0U);
    EXPECT_EQ(drain(body), "");
}

TEST(Body, memory_is_read_in_slices_and_again_after_rewind) {
    Body body("hello world");
    EXPECT_EQ(body.size_bytes(), 11U);
    EXPECT_TRUE(body.in_memory());
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(drain(body), "hello world");
        EXPECT_TRUE(body.rewind());
    }
}

TEST(Body, owned_bytes_survive_a_move) {
    Body body(Bytes{'a', 'b', 'c', 'd'});
    Body moved(std::move(body));
    EXPECT_EQ(drain(moved), "abcd");
}

TEST(Body, part_of_a_source_reads_only_that_part) {
    const auto source = bytes_source({'0', '1', '2', '3', '4', '5'});
    Body body(source, {2, 3});
    EXPECT_EQ(body.size_bytes(), 3U);
    EXPECT_FALSE(body.in_memory());
    EXPECT_EQ(drain(body, 2), "234");
    EXPECT_TRUE(body.rewind());
    EXPECT_EQ(drain(body, 100), "234");
}

TEST(Body, part_beyond_its_source_fails_instead_of_being_short) {
    Body body(bytes_source({'0', '1'}), {1, 5});
    Bytes buffer(10);
    const auto got = body.read(buffer);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::integrity);
}

TEST(Body, stream_fills_the_span_from_many_small_steps) {
    auto body = Body::stream(producer_of("abcdefgh", 1));
    EXPECT_FALSE(body.size_bytes());
    EXPECT_FALSE(body.is_rewindable());
    Bytes buffer(5);
    EXPECT_EQ(body.read(buffer).value(), 5U);
    EXPECT_EQ(body.read(buffer).value(), 3U);
    EXPECT_EQ(body.read(buffer).value(), 0U);
    EXPECT_EQ(body.rewind().error().code, Errc::unsupported);
}

TEST(Body, sized_stream_must_be_exactly_as_long) {
    Bytes buffer(4);
    auto exact = Body::stream(producer_of("abcd", 3), 4);
    EXPECT_EQ(exact.read(buffer).value(), 4U);
    EXPECT_EQ(exact.read(buffer).value(), 0U);
    auto longer = Body::stream(producer_of("abcd", 3), 3);
    EXPECT_EQ(longer.read(buffer).error().code, Errc::integrity);
    auto shorter = Body::stream(producer_of("abcd", 3), 5);
    EXPECT_EQ(shorter.read(buffer).value(), 4U);
    EXPECT_EQ(shorter.read(buffer).error().code, Errc::integrity);
}

TEST(Body, producer_that_overruns_its_span_is_caught) {
    auto body = Body::stream([](std::span<std::uint8_t> into) -> Result<std::size_t> { return into.size() + 1; });
    Bytes buffer(4);
    EXPECT_EQ(body.read(buffer).error().code, Errc::internal);
}

TEST(Body, error_of_the_producer_is_passed_on) {
    auto body = Body::stream([](std::span<std::uint8_t>) -> Result<std::size_t> { return make_error(Errc::network, "x", "y"); });
    Bytes buffer(4);
    EXPECT_EQ(body.read(buffer).error().code, Errc::network);
}

}  // namespace
}  // namespace streamforge::storage
