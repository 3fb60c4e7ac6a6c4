#include <streamforge/storage/local_store.hpp>

#include <gtest/gtest.h>

#include <set>
#include <sys/stat.h>

#include <streamforge/storage/publish_tree.hpp>

#include "unit/storage/local/isolated.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

namespace fs = std::filesystem;

class LocalStoreTest : public ::testing::Test {
protected:
    static std::set<std::string> names_in(const fs::path& path) {
        std::set<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(path)) names.insert(fs::relative(entry.path(), path).string());
        return names;
    }
    std::string text_of(std::string_view key) {
        auto object = store_->get_bytes(key);
        return object ? std::string(object->bytes.begin(), object->bytes.end()) : std::string(to_string(object.error().code));
    }

    TemporaryFolder folder_;
    fs::path root_ = folder_.path() / "root";
    std::shared_ptr<ObjectStore> store_ = open_local(root_).value();
};

TEST_F(LocalStoreTest, key_is_the_path_and_nothing_else_is_left) {
    ASSERT_TRUE(store_->put("a/b/c.m4s", "x"));
    EXPECT_EQ(names_in(root_), (std::set<std::string>{"a", "a/b", "a/b/c.m4s"}));
    EXPECT_EQ(read_file(root_ / "a/b/c.m4s"), "x");
}

TEST_F(LocalStoreTest, files_are_made_with_the_umask) {
    const auto before = ::umask(027);
    ASSERT_TRUE(store_->put("a/b", "x"));
    ::umask(before);
    struct stat status {};
    ASSERT_EQ(::stat((root_ / "a/b").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(LocalStoreTest, removing_the_last_object_removes_its_folders_but_not_the_root) {
    ASSERT_TRUE(store_->put("a/b/c", "x"));
    ASSERT_TRUE(store_->put("a/d", "x"));
    ASSERT_TRUE(store_->remove("a/b/c"));
    EXPECT_EQ(names_in(root_), (std::set<std::string>{"a", "a/d"}));
    ASSERT_TRUE(store_->remove("a/d"));
    EXPECT_TRUE(names_in(root_).empty());
    EXPECT_TRUE(fs::exists(root_));
}

TEST_F(LocalStoreTest, folder_in_the_way_of_an_object_is_reported) {
    ASSERT_TRUE(store_->put("a/b", "x"));
    EXPECT_EQ(store_->put("a", "y").error().code, Errc::not_a_file);
    EXPECT_EQ(store_->put("a", "y", {.if_none_match = true}).error().code, Errc::not_a_file);
    EXPECT_EQ(names_in(root_), (std::set<std::string>{"a", "a/b"}));
}

TEST_F(LocalStoreTest, object_in_the_way_of_a_folder_is_reported) {
    ASSERT_TRUE(store_->put("a", "x"));
    EXPECT_EQ(store_->put("a/b", "y").error().code, Errc::not_a_file);
    EXPECT_EQ(store_->put("a/b/c", "y").error().code, Errc::not_a_file);
    EXPECT_EQ(text_of("a"), "x");
}

TEST_F(LocalStoreTest, links_inside_are_followed_and_links_out_are_not) {
    write_file(folder_.path() / "secret", "secret");
    write_file(root_ / "real/x", "inside");
    fs::create_symlink("real/x", root_ / "inside");
    fs::create_directory_symlink("real", root_ / "inside-folder");
    fs::create_symlink("../secret", root_ / "out");
    fs::create_symlink(folder_.path() / "secret", root_ / "absolute");
    fs::create_directory_symlink("..", root_ / "up");

    EXPECT_EQ(text_of("inside"), "inside");
    EXPECT_EQ(text_of("inside-folder/x"), "inside");
    for (const auto* key : {"out", "absolute", "up/secret"}) {
        EXPECT_EQ(text_of(key), "permission_denied") << key;
        EXPECT_EQ(store_->head(key).error().code, Errc::permission_denied) << key;
        EXPECT_EQ(store_->copy(key, "copy").error().code, Errc::permission_denied) << key;
    }
    EXPECT_EQ(store_->put("up/planted", "x").error().code, Errc::permission_denied);
    EXPECT_EQ(store_->put("up/new/planted", "x").error().code, Errc::permission_denied);
    EXPECT_EQ(store_->remove("up/secret").error().code, Errc::permission_denied);
    EXPECT_EQ(read_file(folder_.path() / "secret"), "secret");
    EXPECT_FALSE(fs::exists(folder_.path() / "planted"));
}

TEST_F(LocalStoreTest, put_over_a_link_replaces_the_link_not_its_target) {
    write_file(folder_.path() / "outside", "untouched");
    fs::create_directories(root_);
    fs::create_symlink("../outside", root_ / "x");
    ASSERT_TRUE(store_->put("x", "new"));
    EXPECT_EQ(text_of("x"), "new");
    EXPECT_EQ(read_file(folder_.path() / "outside"), "untouched");
}

TEST_F(LocalStoreTest, list_does_not_follow_folders_behind_links_nor_links_out) {
    write_file(folder_.path() / "secret", "secret");
    write_file(root_ / "a/x", "x");
    fs::create_directory_symlink(".", root_ / "a/loop");
    fs::create_symlink("a/x", root_ / "alias");
    fs::create_symlink("../secret", root_ / "out");
    fs::create_symlink("nowhere", root_ / "dangling");
    std::vector<std::string> keys;
    const auto objects = store_->list_all("").value();
    for (const auto& object : objects) keys.push_back(object.key);
    EXPECT_EQ(keys, (std::vector<std::string>{"a/x", "alias"}));
}

TEST_F(LocalStoreTest, names_that_cannot_be_keys_are_not_listed) {
    write_file(root_ / "good", "x");
    write_file(root_ / "line\nfeed", "x");
    write_file(root_ / "bad\xff", "x");
    EXPECT_EQ(store_->list_all("").value().size(), 1U);
}

TEST_F(LocalStoreTest, pipes_and_folders_are_no_objects) {
    fs::create_directories(root_ / "folder");
    ASSERT_EQ(::mkfifo((root_ / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(text_of("pipe"), "not_found");
    EXPECT_EQ(text_of("folder"), "not_found");
    EXPECT_TRUE(store_->list_all("").value().empty());
    ListOptions folders;
    folders.folders = true;
    EXPECT_TRUE(store_->list(folders).value().prefixes.empty()) << "a folder without objects does not count";
}

TEST_F(LocalStoreTest, own_names_are_neither_readable_nor_writable_nor_listed) {
    for (const std::string name : {".streamforge-tmp-0123", ".streamforge-uploads/x/part-1", "a/.streamforge-old-1/x"}) {
        write_file(root_ / name, "x");
        EXPECT_EQ(text_of(name), "not_found") << name;
        EXPECT_EQ(store_->put(name, "x").error().code, Errc::invalid_argument) << name;
        EXPECT_EQ(store_->remove(name).error().code, Errc::invalid_argument) << name;
        EXPECT_EQ(store_->begin_multipart(name).error().code, Errc::invalid_argument) << name;
    }
    EXPECT_TRUE(store_->list_all("").value().empty());
    EXPECT_TRUE(store_->list_all(".streamforge-tmp").value().empty());
}

TEST_F(LocalStoreTest, reading_ends_with_an_error_when_the_file_is_cut_in_place) {
    ASSERT_TRUE(store_->put("x", std::string(1000, 'a')));
    const auto reader = store_->get("x").value();
    fs::resize_file(root_ / "x", 10);
    Bytes buffer(2000);
    EXPECT_EQ(reader->read(buffer).error().code, Errc::integrity);
}

TEST_F(LocalStoreTest, etag_changes_when_the_file_is_edited_in_place) {
    const auto before = store_->put("x", "aaa").value().etag;
    EXPECT_EQ(store_->head("x").value().etag, before);
    write_file(root_ / "x", "bbbb");
    EXPECT_NE(store_->head("x").value().etag, before);
}

TEST_F(LocalStoreTest, unreadable_and_unwritable_are_permission_denied) {
    ASSERT_TRUE(store_->put("readable/x", "x"));
    fs::permissions(folder_.path(), fs::perms(0755));
    fs::permissions(root_ / "readable/x", fs::perms::none);
    const int status = run_unprivileged([&] {
        if (store_->get("readable/x").error().code != Errc::permission_denied) return 1;
        if (store_->put("readable/y", "x").error().code != Errc::permission_denied) return 2;
        if (store_->put("new/y", "x").error().code != Errc::permission_denied) return 3;
        if (store_->remove("readable/x").error().code != Errc::permission_denied) return 4;
        return store_->head("readable/x") ? isolated_passed : 5;
    });
    if (status == isolated_skipped) GTEST_SKIP() << "this machine does not let the test give up its rights";
    EXPECT_EQ(status, isolated_passed);
}

TEST_F(LocalStoreTest, full_disk_is_no_space_and_leaves_no_temporary_file) {
    fs::create_directories(root_);
    const int status = run_with_small_disk(root_.string(), 1 << 20, [&] {
        if (!store_->put("small", "old")) return 1;
        const auto result = store_->put("small", Bytes(2 << 20, 'x'));
        if (result || result.error().code != Errc::no_space) return 2;
        if (text_of("small") != "old") return 3;
        if (names_in(root_) != std::set<std::string>{"small"}) return 4;
        auto upload = store_->begin_multipart("big").value();
        if (!upload->put_part(1, Bytes(600 << 10, 'x'))) return 5;
        if (upload->put_part(2, Bytes(600 << 10, 'x')).error().code != Errc::no_space) return 6;
        if (upload->complete(upload->list_parts().value()).error().code != Errc::no_space) return 7;
        if (store_->copy("small", "copy").value().size_bytes != 3) return 8;
        if (!upload->abort()) return 9;
        return names_in(root_) == std::set<std::string>{"copy", "small"} ? isolated_passed : 10;
    });
    if (status == isolated_skipped) GTEST_SKIP() << "this machine allows no private mount";
    EXPECT_EQ(status, isolated_passed);
}

TEST_F(LocalStoreTest, read_only_file_system_is_read_only) {
    fs::create_directories(root_);
    const int status = run_with_small_disk(root_.string(), 1 << 20, [&] {
        if (!store_->put("x", "old")) return 1;
        if (::mount(nullptr, root_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return isolated_skipped;
        if (store_->put("x", "new").error().code != Errc::read_only) return 2;
        if (store_->put("folder/x", "new").error().code != Errc::read_only) return 3;
        if (store_->remove("x").error().code != Errc::read_only) return 4;
        return text_of("x") == "old" ? isolated_passed : 5;
    });
    if (status == isolated_skipped) GTEST_SKIP() << "this machine allows no private mount";
    EXPECT_EQ(status, isolated_passed);
}

TEST_F(LocalStoreTest, publish_over_a_mount_point_falls_back_to_copies) {
    fs::create_directories(root_ / "m");
    const int status = run_with_small_disk((root_ / "m").string(), 1 << 20, [&] {
        if (!store_->put("m/old", "old") || !store_->put("s/new", "new")) return 1;
        const auto published = publish_tree(*store_, "s/", "m/");
        if (!published) return 2;
        if (text_of("m/new") != "new" || text_of("m/old") != "not_found") return 3;
        return text_of("s/new") == "not_found" ? isolated_passed : 4;
    });
    if (status == isolated_skipped) GTEST_SKIP() << "this machine allows no private mount";
    EXPECT_EQ(status, isolated_passed);
}

TEST_F(LocalStoreTest, publish_leaves_no_trace_of_staging_or_the_old_tree) {
    ASSERT_TRUE(store_->put("m/old", "old"));
    ASSERT_TRUE(store_->put("tmp/s/new", "new"));
    ASSERT_TRUE(publish_tree(*store_, "tmp/s/", "m/"));
    EXPECT_EQ(names_in(root_), (std::set<std::string>{"m", "m/new"}));
}

TEST_F(LocalStoreTest, removed_tree_takes_along_what_killed_writers_left) {
    write_file(root_ / "m/a/b.txt", "1");
    write_file(root_ / "m/a/.streamforge-tmp-0123", "half");
    write_file(root_ / "m1/c.txt", "2");
    ASSERT_TRUE(remove_tree(*store_, "m/"));
    EXPECT_FALSE(fs::exists(root_ / "m"));
    EXPECT_TRUE(store_->head("m1/c.txt"));
    EXPECT_TRUE(remove_tree(*store_, "m/")) << "nothing there is no error";
    EXPECT_EQ(remove_tree(*store_, "m").error().code, Errc::invalid_argument);
    EXPECT_EQ(remove_tree(*store_, "").error().code, Errc::invalid_argument);
}

TEST_F(LocalStoreTest, reader_opened_before_a_publish_reads_the_old_object_to_its_end) {
    ASSERT_TRUE(store_->put("m/x", "old old old"));
    ASSERT_TRUE(store_->put("s/x", "new"));
    const auto reader = store_->get("m/x").value();
    ASSERT_TRUE(publish_tree(*store_, "s/", "m/"));
    Bytes buffer(100);
    EXPECT_EQ(reader->read(buffer).value(), 11U);
    EXPECT_EQ(text_of("m/x"), "new");
}

TEST_F(LocalStoreTest, store_of_a_published_folder_sees_the_new_tree) {
    ASSERT_TRUE(store_->put("m/x", "old"));
    ASSERT_TRUE(store_->put("s/x", "new"));
    const auto inner = open_local(root_ / "m").value();
    ASSERT_EQ(inner->head("x").value().size_bytes, 3U);
    ASSERT_TRUE(publish_tree(*store_, "s/", "m/"));
    const auto object = inner->get_bytes("x").value();
    EXPECT_EQ(std::string(object.bytes.begin(), object.bytes.end()), "new");
}

TEST_F(LocalStoreTest, publish_onto_a_file_or_a_link_is_refused) {
    ASSERT_TRUE(store_->put("s/new", "new"));
    ASSERT_TRUE(store_->put("file", "x"));
    fs::create_directory_symlink("s", root_ / "link");
    EXPECT_EQ(publish_tree(*store_, "s/", "file/").error().code, Errc::not_a_file);
    EXPECT_EQ(publish_tree(*store_, "s/", "link/").error().code, Errc::not_a_file);
    EXPECT_EQ(text_of("s/new"), "new");
}

TEST_F(LocalStoreTest, leftovers_of_a_crash_are_removed_when_old_enough) {
    ASSERT_TRUE(store_->put("a/x", "x"));
    write_file(root_ / "a/.streamforge-tmp-0011223344556677", "half");
    write_file(root_ / ".streamforge-old-0011223344556677/deep/x", "old");
    const auto upload = store_->begin_multipart("big").value();
    ASSERT_TRUE(upload->put_part(1, "part"));
    EXPECT_EQ(remove_local_leftovers(root_, std::chrono::hours(1)).value(), 0U);
    EXPECT_EQ(remove_local_leftovers(root_, std::chrono::seconds(-60)).value(), 3U);
    EXPECT_EQ(names_in(root_), (std::set<std::string>{"a", "a/x"}));
    EXPECT_EQ(upload->put_part(2, "x").error().code, Errc::not_found);
}

TEST_F(LocalStoreTest, old_tree_whose_removal_was_cut_short_goes_with_the_next_publication) {
    for (const std::string folder : {"", "movies/"}) {
        const auto killed = root_ / (folder + ".streamforge-old-0011223344556677/deep/x");
        ASSERT_TRUE(store_->put(folder + "m/x", "old"));
        ASSERT_TRUE(store_->put(folder + "s/x", "new"));
        write_file(killed, "older");
        write_file(root_ / (folder + "other/.streamforge-old-8899aabbccddeeff/x"), "of another folder");
        ASSERT_TRUE(publish_tree(*store_, folder + "s/", folder + "m/"));
        EXPECT_FALSE(fs::exists(killed.parent_path().parent_path()));
        EXPECT_TRUE(fs::exists(root_ / (folder + "other/.streamforge-old-8899aabbccddeeff/x")));
        EXPECT_EQ(text_of(folder + "m/x"), "new");
        write_file(killed, "older");
        ASSERT_TRUE(remove_tree(*store_, folder + "m/"));
        EXPECT_FALSE(fs::exists(killed.parent_path().parent_path()));
    }
}

TEST_F(LocalStoreTest, damaged_note_of_an_upload_is_no_upload) {
    const auto upload = store_->begin_multipart("big").value();
    const auto note = root_ / ".streamforge-uploads" / upload->upload_id() / "upload";
    const auto whole = read_file(note);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        write_file(note, whole.substr(0, length));
        EXPECT_EQ(store_->resume_multipart("big", upload->upload_id()).error().code, Errc::not_found) << length;
    }
    write_file(note, whole);
    EXPECT_TRUE(store_->resume_multipart("big", upload->upload_id()));
    EXPECT_EQ(store_->resume_multipart("big", "../../../etc").error().code, Errc::not_found);
}

TEST_F(LocalStoreTest, root_that_does_not_exist_is_empty) {
    EXPECT_TRUE(store_->list_all("").value().empty());
    EXPECT_EQ(text_of("x"), "not_found");
    EXPECT_TRUE(store_->remove("x"));
    EXPECT_FALSE(fs::exists(root_));
}

}  // namespace
}  // namespace streamforge::storage
