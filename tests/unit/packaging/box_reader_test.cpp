#include "packaging/box_reader.hpp"

#include <gtest/gtest.h>
#include <random>

#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;

/// Gives only so many bytes at a time less than asked near its end, as a shrinking file would.
class ShrunkSource final : public ByteSource {
public:
    ShrunkSource(std::uint64_t claimed, std::uint64_t real) : ByteSource("<shrunk>"), claimed_(claimed), real_(real) {}

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        if (offset >= real_) return std::size_t{0};
        return static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), real_ - offset));
    }
    std::uint64_t do_size_bytes() const noexcept override { return claimed_; }
    std::uint64_t claimed_;
    std::uint64_t real_;
};

std::vector<std::string> walk(const Bytes& bytes, bool tolerant, bool* cut = nullptr) {
    const auto source = bytes_source(bytes);
    WindowReader reader(*source);
    BoxWalker walker(reader, 0, bytes.size(), "top", tolerant);
    std::vector<std::string> found;
    while (true) {
        const auto box = walker.next();
        if (!box) {
            found.push_back("error");
            break;
        }
        if (!*box) break;
        found.push_back(fourcc_text((*box)->type) + ":" + std::to_string((*box)->body_bytes()));
    }
    if (cut != nullptr) *cut = walker.cut_short();
    return found;
}

using Names = std::vector<std::string>;

TEST(WindowReader, views_at_any_offset_and_size_match_the_source) {
    Bytes bytes(300'000);
    std::mt19937 random(1);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    const auto source = bytes_source(bytes);
    WindowReader reader(*source);
    for (int i = 0; i < 2000; ++i) {
        const std::size_t offset = random() % bytes.size();
        const std::size_t length = std::min<std::size_t>(random() % (i % 10 == 0 ? 150'000 : 100), bytes.size() - offset);
        const auto view = reader.view(offset, length);
        ASSERT_TRUE(view);
        ASSERT_TRUE(std::equal(view->begin(), view->end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset)));
        ASSERT_EQ(view->size(), length);
    }
}

TEST(WindowReader, reading_past_the_end_is_malformed) {
    const auto source = bytes_source(Bytes(10));
    WindowReader reader(*source);
    EXPECT_TRUE(reader.view(10, 0));
    EXPECT_EQ(reader.view(5, 6).error().code, Errc::malformed);
    EXPECT_EQ(reader.view(11, 0).error().code, Errc::malformed);
    EXPECT_EQ(reader.view(~std::uint64_t{0}, 1).error().code, Errc::malformed);
}

TEST(WindowReader, source_that_gives_less_than_its_size_is_an_input_error) {
    const ShrunkSource source(1000, 100);
    WindowReader reader(source);
    EXPECT_TRUE(reader.view(0, 100));
    EXPECT_EQ(reader.view(90, 20).error().code, Errc::io);
}

TEST(BoxWalker, boxes_follow_each_other) {
    EXPECT_EQ(walk(hex("0000000c 66747970 01020304 00000008 66726565"), false), (Names{"ftyp:4", "free:0"}));
    EXPECT_EQ(walk({}, false), Names{});
    EXPECT_EQ(walk(hex("00000008 66726565 000000"), false), Names{"free:0"}) << "less than a header is padding";
}

TEST(BoxWalker, sizes_of_64_bits_are_followed) {
    EXPECT_EQ(walk(hex("00000001 6d646174 0000000000000012 aabb"), false), Names{"mdat:2"});
    EXPECT_EQ(walk(hex("00000001 6d646174 000000000000000f"), false), Names{"error"}) << "smaller than its header";
    EXPECT_EQ(walk(hex("00000001 6d646174 ffffffffffffffff"), false), Names{"error"});
    EXPECT_EQ(walk(hex("00000001 6d646174"), false), Names{"error"});
}

TEST(BoxWalker, size_zero_ends_a_list_and_fills_the_rest_of_a_file) {
    EXPECT_EQ(walk(hex("00000008 66726565 00000000 6d646174 aabb"), false), Names{"free:0"});
    EXPECT_EQ(walk(hex("00000008 66726565 00000000 6d646174 aabb"), true), (Names{"free:0", "mdat:2"}));
}

TEST(BoxWalker, box_beyond_its_parent_is_malformed_within_and_cut_at_top_level) {
    bool cut = false;
    EXPECT_EQ(walk(hex("00000020 6d646174 aabb"), false), Names{"error"});
    EXPECT_EQ(walk(hex("00000020 6d646174 aabb"), true, &cut), Names{"mdat:2"});
    EXPECT_TRUE(cut);
    EXPECT_EQ(walk(hex("0000000a 6d646174 aabb"), true, &cut), Names{"mdat:2"});
    EXPECT_FALSE(cut);
}

TEST(BoxReader, first_child_of_a_type_is_found) {
    const Bytes bytes = hex("00000021 6d6f6f76 00000008 66726565 00000009 74726b31 01 00000008 66726565");
    const auto source = bytes_source(bytes);
    WindowReader reader(*source);
    const Box parent{fourcc("moov"), 0, 8, bytes.size()};
    EXPECT_EQ(find_child(reader, parent, fourcc("free"), "moov")->value().start, 8u);
    EXPECT_EQ(find_child(reader, parent, fourcc("trk1"), "moov")->value().body_bytes(), 1u);
    EXPECT_FALSE(find_child(reader, parent, fourcc("none"), "moov")->has_value());
}

TEST(BoxReader, bodies_outside_their_bounds_are_refused) {
    const auto source = bytes_source(hex("0000000c 66747970 01020304"));
    WindowReader reader(*source);
    const Box box{fourcc("ftyp"), 0, 8, 12};
    EXPECT_EQ(*read_body(reader, box, "ftyp", 4, 4), hex("01020304"));
    EXPECT_EQ(read_body(reader, box, "ftyp", 5, 10).error().code, Errc::malformed);
    EXPECT_EQ(read_body(reader, box, "ftyp", 0, 3).error().code, Errc::limit_exceeded);
}

TEST(BoxReader, names_that_cannot_be_printed_are_shown_safely) {
    EXPECT_EQ(fourcc_text(fourcc("moov")), "moov");
    EXPECT_EQ(fourcc_text(0x00FF0A41), "???A");
    EXPECT_EQ(fourcc_text(0xA96E616D), "?nam");
}

}  // namespace
}  // namespace streamforge::packaging
