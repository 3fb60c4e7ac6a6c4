#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/track.hpp>

/// What the packaging tests share: FFmpeg as an independent maker and judge of files, and small byte tools.
namespace streamforge::packaging::test {

/// Whether `ffmpeg` and `ffprobe` can be run.
[[nodiscard]] bool has_ffmpeg();

/// A folder that goes with its contents.
class TempFolder {
public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

struct Ran {
    int status = -1;
    std::string out;  ///< Standard output and error together.
};
/// Runs a shell command line.
[[nodiscard]] Ran run(const std::string& command);

/// Runs `ffmpeg -v warning` with the arguments; whether it succeeded.
[[nodiscard]] bool ffmpeg(const std::string& arguments);

[[nodiscard]] Bytes read_bytes(const std::string& path);
void write_bytes(const std::string& path, ByteView bytes);
[[nodiscard]] Bytes hex(std::string_view digits);
[[nodiscard]] std::string to_hex(ByteView bytes);

/// Body of the first box of that type, found by its name anywhere in the bytes; empty when there is none.
[[nodiscard]] Bytes find_box(ByteView bytes, std::string_view type);

/// The packets of one stream as ffprobe lists them, with their bytes from the file. Times in the stream's time base, on the
/// media timeline or, with `edited`, on the presentation's.
[[nodiscard]] std::vector<EncodedSample> ffprobe_samples(const std::string& path, const std::string& stream, bool edited = false);

/// Hashes of all decoded frames of one stream, in order; what the decoder complains about goes to `complaints`.
[[nodiscard]] std::vector<std::string> decoded_hashes(const std::string& path, const std::string& stream,
                                                      std::string& complaints);

/// One field of `ffprobe -show_entries stream=…`.
[[nodiscard]] std::string stream_field(const std::string& path, const std::string& stream, const std::string& field);

/// Replaces 4-byte lengths by start codes.
[[nodiscard]] Bytes to_annex_b(ByteView length_prefixed);

}  // namespace streamforge::packaging::test

#define SKIP_WITHOUT_FFMPEG() \
    if (!::streamforge::packaging::test::has_ffmpeg()) GTEST_SKIP() << "ffmpeg and ffprobe are not installed"
