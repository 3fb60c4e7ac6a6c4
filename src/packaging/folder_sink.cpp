#include <streamforge/packaging/remux.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/uio.h>
#include <unistd.h>

#include "core/try.hpp"
#include "core/unique_fd.hpp"

namespace streamforge::packaging {
namespace {

constexpr const char* operation = "packaging.write_file";

/// A file that has its name only once it is whole.
class FileOutput final : public RemuxOutput {
public:
    FileOutput(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
    ~FileOutput() override {
        if (!finished_) ::unlink(partial().c_str());
    }

    static Result<std::unique_ptr<RemuxOutput>> open(std::string path) {
        const std::string partial = path + suffix;
        UniqueFd fd(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
        if (!fd) return error_from_errno(errno, operation, "cannot create the file").with("path", partial);
        return std::unique_ptr<RemuxOutput>(std::make_unique<FileOutput>(std::move(fd), std::move(path)));
    }

    Result<void> write(std::span<const ByteView> pieces) override {
        constexpr std::size_t batch = 512;
        std::array<iovec, batch> vectors;  // NOLINT: filled before use
        while (!pieces.empty()) {
            const std::size_t count = std::min(batch, pieces.size());
            for (std::size_t i = 0; i < count; ++i) {
                vectors[i] = {const_cast<std::uint8_t*>(pieces[i].data()), pieces[i].size()};  // NOLINT: writev only reads
            }
            SF_TRY(write_vectors(std::span(vectors.data(), count)));
            pieces = pieces.subspan(count);
        }
        return {};
    }

    Result<void> finish() override {
        fd_ = UniqueFd();
        if (std::rename(partial().c_str(), path_.c_str()) != 0) {
            return error_from_errno(errno, operation, "cannot give the file its name").with("path", path_);
        }
        finished_ = true;
        return {};
    }

private:
    static constexpr const char* suffix = ".partial";
    [[nodiscard]] std::string partial() const { return path_ + suffix; }

    Result<void> write_vectors(std::span<iovec> vectors) {
        while (!vectors.empty()) {
            const auto put = ::writev(fd_.get(), vectors.data(), static_cast<int>(vectors.size()));
            if (put < 0) {
                if (errno == EINTR) continue;
                return error_from_errno(errno, operation, "cannot write the file").with("path", partial());
            }
            auto left = static_cast<std::size_t>(put);
            while (!vectors.empty() && left >= vectors.front().iov_len) {
                left -= vectors.front().iov_len;
                vectors = vectors.subspan(1);
            }
            if (vectors.empty()) return {};
            vectors.front().iov_base = static_cast<std::uint8_t*>(vectors.front().iov_base) + left;
            vectors.front().iov_len -= left;
        }
        return {};
    }

    UniqueFd fd_;
    std::string path_;
    bool finished_ = false;
};

class FolderSink final : public RemuxSink {
public:
    FolderSink(std::string folder, std::vector<std::string> track_folders)
        : folder_(std::move(folder)), track_folders_(std::move(track_folders)) {}

    Result<void> on_init(std::size_t track, const Bytes& init) override {
        SF_ASSIGN(const auto file, open(track, "init.mp4"));
        const std::array<ByteView, 1> pieces{init};
        SF_TRY(file->write(pieces));
        return file->finish();
    }
    Result<std::unique_ptr<RemuxOutput>> open_segment(std::size_t track, const SegmentFacts& facts) override {
        return open(track, "seg-" + std::to_string(facts.number) + ".m4s");
    }
    Result<std::unique_ptr<RemuxOutput>> open_file(std::size_t track, const SingleFileLayout&) override { return open(track, "track.mp4"); }

private:
    Result<std::unique_ptr<RemuxOutput>> open(std::size_t track, const std::string& name) {
        if (track >= track_folders_.size()) {
            return make_error(Errc::invalid_argument, operation, "there is no folder for a track of the plan")
                .with("field", "track_folders");
        }
        const auto folder = std::filesystem::path(folder_) / track_folders_[track];
        if (track >= made_.size()) made_.resize(track + 1);
        if (!made_[track]) {
            std::error_code failed;
            std::filesystem::create_directories(folder, failed);
            if (failed) return error_from_errno(failed.value(), operation, "cannot make the folder").with("path", folder.string());
            made_[track] = true;
        }
        return FileOutput::open((folder / name).string());
    }

    std::string folder_;
    std::vector<std::string> track_folders_;
    std::vector<bool> made_;
};

}  // namespace

std::unique_ptr<RemuxSink> folder_sink(std::string folder, std::vector<std::string> track_folders) {
    return std::make_unique<FolderSink>(std::move(folder), std::move(track_folders));
}

}  // namespace streamforge::packaging
