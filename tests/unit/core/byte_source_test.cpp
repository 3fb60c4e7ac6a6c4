#include <streamforge/core/byte_source.hpp>

#include <fstream>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

namespace streamforge {
namespace {

TEST(ByteSource, memory_reads_are_short_only_at_the_end) {
    const auto source = bytes_source({1, 2, 3, 4});
    Bytes into(3);
    EXPECT_EQ(*source->read_at(0, into), 3u);
    EXPECT_EQ(*source->read_at(2, into), 2u);
    EXPECT_EQ(*source->read_at(9, into), 0u);
}

TEST(ByteSource, missing_file_and_directory_have_their_own_codes) {
    EXPECT_EQ(open_file("/nonexistent/file").error().code, Errc::not_found);
    EXPECT_EQ(open_file("/tmp").error().code, Errc::not_a_file);
    EXPECT_EQ(open_file("/dev/null").error().code, Errc::not_a_file);
}

TEST(ByteSource, pipe_is_spooled_whole) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    std::jthread writer([fd = ends[1]] {
        const Bytes block(300000, 7);
        std::size_t done = 0;
        while (done < block.size()) done += static_cast<std::size_t>(::write(fd, block.data() + done, block.size() - done));
        ::close(fd);
    });
    const auto source = spool_pipe(ends[0], 1 << 20);
    ::close(ends[0]);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->size_bytes(), 300000u);
}

TEST(ByteSource, pipe_over_the_limit_is_refused) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "0123456789", 10), 10);
    ::close(ends[1]);
    const auto source = spool_pipe(ends[0], 5);
    ::close(ends[0]);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, Errc::limit_exceeded);
}

TEST(ByteSource, waiting_pipe_can_be_cancelled) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(spool_pipe(ends[0], 5, stop.get_token()).error().code, Errc::cancelled);
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace
}  // namespace streamforge
