#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/media/probe.hpp>

/// Files made by the ffmpeg program, shared media, and sources that misbehave.
namespace streamforge::media::probe_testing {

/// A folder of one test, gone with it.
class MediaFolder {
public:
    MediaFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "probe_test_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~MediaFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    MediaFolder(const MediaFolder&) = delete;
    MediaFolder& operator=(const MediaFolder&) = delete;

    [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
    /// Runs `ffmpeg <arguments> <name>`; empty when that fails.
    [[nodiscard]] std::string make(const std::string& name, const std::string& arguments) const {
        const std::string command = "ffmpeg -nostdin -y -v error " + arguments + " '" + at(name) + "' </dev/null";
        return std::system(command.c_str()) == 0 ? at(name) : std::string{};
    }

private:
    std::filesystem::path path_;
};

inline bool have_ffmpeg() {
    static const bool have = std::system("ffmpeg -version >/dev/null 2>&1") == 0;
    return have;
}

#define SKIP_WITHOUT_FFMPEG() \
    if (!::streamforge::media::probe_testing::have_ffmpeg()) GTEST_SKIP() << "the ffmpeg program is not there to make test files"

inline Bytes file_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::shared_ptr<ByteSource> text_source(const std::string& text, std::string name) {
    return bytes_source(Bytes(text.begin(), text.end()), std::move(name));
}

/// Without haste, so that a busy machine changes no result.
inline ProbeOptions patient() {
    ProbeOptions options;
    options.policy.max_probe_time = std::chrono::minutes(30);
    return options;
}

/// Probes a file and fails the test when that is not possible.
inline MediaInfo probe_file(const std::string& path, const ProbeOptions& options = patient()) {
    const auto source = open_file(path);
    EXPECT_TRUE(source) << path;
    if (!source) return {};
    auto info = probe(*source, options);
    EXPECT_TRUE(info) << info.error().describe();
    return info ? *std::move(info) : MediaInfo{};
}

inline const VideoInfo& main_video_of(const MediaInfo& info) {
    static const VideoInfo none;
    const StreamInfo* main = info.main_video();
    EXPECT_NE(main, nullptr);
    return main == nullptr ? none : *main->video;
}

/// Probes and gives the error code's name, or "ok".
inline std::string outcome(std::shared_ptr<ByteSource> source, const ProbeOptions& options = patient(), std::stop_token stop = {}) {
    const auto info = probe(std::move(source), options, std::move(stop));
    return info ? "ok" : std::string(to_string(info.error().code));
}

/// Calls back before each read; the callback may fail it.
class WatchedSource : public ByteSource {
public:
    using OnRead = std::function<Result<void>(int number)>;
    WatchedSource(Bytes bytes, OnRead on_read)
        : ByteSource("<watched>"), inner_(bytes_source(std::move(bytes))), on_read_(std::move(on_read)) {}
    [[nodiscard]] int reads() const { return reads_; }

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        if (auto allowed = on_read_(reads_++); !allowed) return std::move(allowed).error();
        return inner_->read_at(offset, into);
    }
    std::uint64_t do_size_bytes() const noexcept override { return inner_->size_bytes(); }

    std::shared_ptr<ByteSource> inner_;
    OnRead on_read_;
    mutable int reads_ = 0;
};

}  // namespace streamforge::media::probe_testing
