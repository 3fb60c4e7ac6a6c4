#include <streamforge/core/result.hpp>

#include <cerrno>
#include <gtest/gtest.h>
#include <memory>

#include "core/try.hpp"

namespace streamforge {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) return make_error(Errc::invalid_argument, "test.half", "value must be even");
    return value / 2;
}

Result<int> quarter(int value) {
    SF_ASSIGN(const int once, half(value));
    return half(once);
}

TEST(Result, holds_a_value_or_an_error) {
    EXPECT_EQ(*quarter(8), 2);
    const auto failed = quarter(6);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::invalid_argument);
}

TEST(Result, value_throws_the_error) {
    try {
        (void)half(3).value();
        FAIL() << "must throw";
    } catch (const Exception& exception) {
        EXPECT_STREQ(exception.what(), "test.half: value must be even (invalid_argument)");
    }
}

TEST(Result, carries_move_only_values) {
    Result<std::unique_ptr<int>> made(std::make_unique<int>(7));
    EXPECT_EQ(**std::move(made), 7);
}

TEST(Error, from_errno_maps_the_cause) {
    EXPECT_EQ(error_from_errno(ENOSPC, "op", "cannot write").code, Errc::no_space);
    EXPECT_EQ(error_from_errno(EROFS, "op", "cannot write").code, Errc::read_only);
    EXPECT_EQ(error_from_errno(ENOENT, "op", "cannot open").native_code, ENOENT);
}

TEST(Error, describe_names_code_and_context) {
    const auto error = make_error(Errc::not_found, "core.open", "no such file").with("path", "/x");
    EXPECT_EQ(error.describe(), "core.open: no such file (not_found; path=/x)");
}

TEST(Error, exit_codes_follow_the_families) {
    EXPECT_EQ(exit_code(Errc::invalid_argument), 2);
    EXPECT_EQ(exit_code(Errc::already_exists), 3);
    EXPECT_EQ(exit_code(Errc::read_only), 4);
    EXPECT_EQ(exit_code(Errc::no_streams), 5);
    EXPECT_EQ(exit_code(Errc::no_space), 6);
    EXPECT_EQ(exit_code(Errc::throttled), 7);
    EXPECT_EQ(exit_code(Errc::denied), 8);
    EXPECT_EQ(exit_code(Errc::cancelled), 130);
    EXPECT_EQ(exit_code(Errc::internal), 70);
}

}  // namespace
}  // namespace streamforge
