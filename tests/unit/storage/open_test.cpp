#include <streamforge/storage/open.hpp>

#include <gtest/gtest.h>

#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

TEST(Open, folder_is_opened_at_its_parent) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "videos" / "m1";
    for (const auto& url : {path.string(), path.string() + "/", "file://" + path.string(), "file://localhost" + path.string(),
                            (folder.path() / "videos" / "x" / ".." / "m1").string()}) {
        const auto location = open(url);
        ASSERT_TRUE(location) << location.error().describe();
        EXPECT_EQ(location->prefix, "m1/") << url;
        ASSERT_TRUE(location->store->put(location->prefix + "a.txt", url));
        EXPECT_EQ(read_file(path / "a.txt"), url);
    }
}

TEST(Open, creates_nothing_before_the_first_put) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "a" / "b";
    ASSERT_TRUE(open(path.string()));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "a"));
}

TEST(Open, escapes_in_a_file_url_are_decoded) {
    const TemporaryFolder folder;
    const auto location = open("file://" + folder.path().string() + "/with%20space").value();
    EXPECT_EQ(location.prefix, "with space/");
}

TEST(Open, link_to_a_folder_is_the_folder) {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "real" / "m1");
    std::filesystem::create_directory_symlink(folder.path() / "real" / "m1", folder.path() / "link");
    const auto location = open((folder.path() / "link").string()).value();
    EXPECT_EQ(location.prefix, "m1/");
    ASSERT_TRUE(location.store->put("m1/x", "y"));
    EXPECT_EQ(read_file(folder.path() / "real" / "m1" / "x"), "y");
}

TEST(Open, current_folder_has_its_own_name) {
    const auto location = open(".").value();
    EXPECT_EQ(location.prefix, std::filesystem::current_path().filename().string() + "/");
}

TEST(Open, root_folder_has_no_prefix) { EXPECT_EQ(open("/").value().prefix, ""); }

TEST(Open, file_in_place_of_the_folder_is_refused) {
    const TemporaryFolder folder;
    write_file(folder.path() / "file", "x");
    EXPECT_EQ(open((folder.path() / "file").string()).error().code, Errc::not_a_file);
    EXPECT_EQ(open_local(folder.path() / "file").error().code, Errc::not_a_file);
}

TEST(Open, memory_stores_are_separate) {
    const auto one = open("mem:").value();
    const auto two = open("mem:some/where").value();
    EXPECT_EQ(one.prefix, "");
    EXPECT_EQ(two.prefix, "some/where/");
    ASSERT_TRUE(one.store->put("x", "y"));
    EXPECT_EQ(two.store->head("x").error().code, Errc::not_found);
}

TEST(Open, bad_urls_are_refused_with_a_reason) {
    EXPECT_EQ(open("").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("file:relative/path").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("file://host/path").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("file:///a%zz").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("file:///a%2").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("file:///a%00b").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("mem:../x").error().code, Errc::invalid_argument);
    EXPECT_EQ(open("ftp://host/x").error().code, Errc::unsupported);
    EXPECT_EQ(open_local("").error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace streamforge::storage
