#include <streamforge/storage/body.hpp>

#include <gtest/gtest.h>
#include <vector>

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

/// What `load` shows of a body, put together.
struct Shown {
    std::string text;
    Body::Observer observer() {
        return [this](ByteView slice) { text.append(slice.begin(), slice.end()); };
    }
};

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Body, load_shows_all_of_every_kind_of_body_once) {
    for (const std::size_t size : {0U, 1U, 262'143U, 262'144U, 262'145U, 1'000'000U}) {
        std::string text(size, 'x');
        for (std::size_t at = 0; at < size; ++at) text[at] = static_cast<char>('a' + at % 23);
        const auto source = bytes_source(Bytes(text.begin(), text.end()));
        Bytes room(size);
        std::vector<Body> bodies;
        bodies.emplace_back(text);
        bodies.emplace_back(source);
        bodies.emplace_back(source, ByteRange{0, size}, room);
        bodies.push_back(Body::stream(producer_of(text, 100'000)));
        bodies.push_back(Body::stream(producer_of(text, 70'000), size));
        for (auto& body : bodies) {
            Shown shown;
            const auto view = body.load(shown.observer(), size);
            ASSERT_TRUE(view) << view.error().describe();
            EXPECT_EQ(text_of(*view), text);
            EXPECT_EQ(shown.text, text);
            EXPECT_TRUE(body.in_memory());
            EXPECT_TRUE(body.has_room());
            EXPECT_EQ(drain(body, 1 << 20), text) << "it can still be read from its beginning";
        }
    }
}

TEST(Body, load_uses_the_room_it_was_given) {
    Bytes room(3);
    Body body(bytes_source({'0', '1', '2', '3', '4', '5'}), {2, 3}, room);
    EXPECT_TRUE(body.has_room());
    EXPECT_EQ(body.load({}, 0).value().data(), room.data());
    EXPECT_EQ(text_of(room), "234");
    EXPECT_FALSE(Body(bytes_source({'0', '1'}), {0, 2}).has_room());
}

TEST(Body, load_refuses_what_is_too_long_wrong_or_stopped) {
    EXPECT_EQ(Body(bytes_source({'0', '1'})).load({}, 1).error().code, Errc::limit_exceeded);
    EXPECT_EQ(Body::stream(producer_of(std::string(1 << 20, 'x'), 1000)).load({}, 1000).error().code, Errc::limit_exceeded);
    EXPECT_EQ(Body::stream(producer_of("abcd", 3), 3).load({}, 100).error().code, Errc::integrity);
    EXPECT_EQ(Body::stream(producer_of("abcd", 3), 5).load({}, 100).error().code, Errc::integrity);
    Bytes room(5);
    EXPECT_EQ(Body(bytes_source({'0', '1'}), {1, 5}, room).load({}, 100).error().code, Errc::integrity);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(Body(bytes_source({'0', '1'})).load({}, 100, stop.get_token()).error().code, Errc::cancelled);
}

TEST(Body, error_of_the_producer_is_passed_on) {
    auto body = Body::stream([](std::span<std::uint8_t>) -> Result<std::size_t> { return make_error(Errc::network, "x", "y"); });
    Bytes buffer(4);
    EXPECT_EQ(body.read(buffer).error().code, Errc::network);
}

}  // namespace
}  // namespace streamforge::storage
