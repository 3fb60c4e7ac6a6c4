// kill -9 during uploads, over and over: the object after the last run is byte-identical, and no part that was acknowledged is sent
// a second time.
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>

#include <streamforge/storage/s3_store.hpp>

#include "s3/server.hpp"
#include "unit/storage/temporary_folder.hpp"

extern "C" char** environ;  // NOLINT: POSIX has it so

namespace streamforge::storage {
namespace {

using Kind = testing::S3Server::Kind;

class S3Kill : public ::testing::TestWithParam<Kind> {
protected:
    void SetUp() override {
        server_ = testing::S3Server::shared(GetParam());
        if (server_ == nullptr) GTEST_SKIP() << testing::no_server(GetParam());
        options_ = server_->options(server_->make_bucket());
        store_ = open_s3(options_).value();
        content_.resize((std::size_t{5} << 20) * 4 + 777);
        std::mt19937 random(5);
        for (auto& byte : content_) byte = static_cast<std::uint8_t>(random());
        std::ofstream(name("source"), std::ios::binary).write(reinterpret_cast<const char*>(content_.data()), static_cast<std::streamsize>(content_.size()));
    }
    [[nodiscard]] std::string name(const char* file) const { return (folder_.path() / file).string(); }

    /// True when the upload ended by itself, well; false when it was killed.
    bool run(const std::string& key, int kill_at) {
        std::vector<std::string> words{STREAMFORGE_UPLOAD_ONCE, options_.endpoint_url, options_.bucket, options_.provider, key,
                                       name("source"), name("journal"), name("trace"), std::to_string(kill_at)};
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        pid_t pid = 0;
        EXPECT_EQ(::posix_spawn(&pid, arguments[0], nullptr, nullptr, arguments.data(), environ), 0);
        int status = 0;
        ::waitpid(pid, &status, 0);
        if (WIFSIGNALED(status)) {
            EXPECT_EQ(WTERMSIG(status), SIGKILL);
            return false;
        }
        EXPECT_EQ(WEXITSTATUS(status), 0);
        return true;
    }

    /// No part of an upload is sent once it was acknowledged.
    void check_trace(const std::string& what) {
        std::ifstream trace(name("trace"));
        std::set<std::string> acknowledged;
        std::string word;
        std::string part;
        while (trace >> word >> part) {
            if (word == "sent") {
                EXPECT_FALSE(acknowledged.contains(part)) << what << ": " << part << " was sent again";
            }
            if (word == "acknowledged") acknowledged.insert(part);
        }
    }

    testing::S3Server* server_ = nullptr;
    S3Options options_;
    TemporaryFolder folder_;
    std::shared_ptr<ObjectStore> store_;
    Bytes content_;
};

TEST_P(S3Kill, uploads_survive_being_killed_again_and_again) {
    const int wanted = GetParam() == Kind::versitygw ? 200 : 40;
    int kills = 0;
    int round = 0;
    std::mt19937 random(11);
    for (; kills < wanted && round < 400; ++round) {
        const auto key = "killed-" + std::to_string(round % 3);
        std::filesystem::remove(name("trace"));
        const auto what = "round " + std::to_string(round);
        // Every point of a fresh upload in turn; what is left of it is killed at random points.
        bool finished = run(key, 1 + round % 16);
        for (int again = 0; !finished && again < 30; ++again) {
            ++kills;
            finished = run(key, again < 4 ? static_cast<int>(1 + random() % 14) : 0);
        }
        ASSERT_TRUE(finished) << what;
        check_trace(what);
        const auto object = store_->get_bytes(key);
        ASSERT_TRUE(object) << what;
        ASSERT_TRUE(object->bytes == content_) << what << ": other bytes than the file's";
        ASSERT_FALSE(std::filesystem::exists(name("journal"))) << what;
    }
    EXPECT_GE(kills, wanted);
    const auto left = store_->list_uploads("")->uploads;
    // A process killed between the store's answer to Create and the journal leaves an empty upload: the sweeper's case.
    for (const auto& upload : left) {
        EXPECT_TRUE(store_->resume_multipart(upload.key, upload.upload_id).value()->list_parts()->empty()) << "only empty ones may be left";
    }
}

INSTANTIATE_TEST_SUITE_P(Servers, S3Kill, ::testing::Values(Kind::versitygw, Kind::minio),
                         [](const auto& kind) { return kind.param == Kind::minio ? "Minio" : "Versitygw"; });

}  // namespace
}  // namespace streamforge::storage
