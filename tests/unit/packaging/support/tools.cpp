#include "unit/packaging/support/tools.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <sys/wait.h>
#include <utility>

namespace streamforge::packaging::test {

bool has_ffmpeg() {
    static const bool found = run("ffmpeg -version && ffprobe -version").status == 0;
    return found;
}

TempFolder::TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "streamforge-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
}
TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Ran run(const std::string& command) {
    Ran ran;
    const auto close = [](std::FILE* pipe) { return ::pclose(pipe); };
    std::FILE* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
    if (pipe == nullptr) return ran;
    std::array<char, 4096> buffer{};
    std::size_t got = 0;
    while ((got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0) ran.out.append(buffer.data(), got);
    const int status = close(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

bool ffmpeg(const std::string& arguments) {
    const Ran ran = run("ffmpeg -v warning -y " + arguments);
    if (ran.status != 0) std::fprintf(stderr, "ffmpeg %s\n%s\n", arguments.c_str(), ran.out.c_str());
    return ran.status == 0;
}

Bytes read_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
}

void write_bytes(const std::string& path, ByteView bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

Bytes hex(std::string_view digits) {
    Bytes bytes;
    int half = -1;
    for (const char digit : digits) {
        const int value = digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
        if (value < 0) continue;
        if (half < 0) {
            half = value;
        } else {
            bytes.push_back(static_cast<std::uint8_t>(half << 4 | value));
            half = -1;
        }
    }
    return bytes;
}

std::string to_hex(ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 0xF];
    }
    return text;
}

Bytes find_box(ByteView bytes, std::string_view type) {
    const auto at = std::search(bytes.begin(), bytes.end(), type.begin(), type.end());
    if (at == bytes.end() || at - bytes.begin() < 4) return {};
    const std::size_t start = static_cast<std::size_t>(at - bytes.begin()) - 4;
    const std::size_t size = std::size_t{bytes[start]} << 24 | std::size_t{bytes[start + 1]} << 16 |
                             std::size_t{bytes[start + 2]} << 8 | bytes[start + 3];
    if (size < 8 || size > bytes.size() - start) return {};
    const ByteView body = bytes.subspan(start + 8, size - 8);
    return {body.begin(), body.end()};
}

std::vector<EncodedSample> ffprobe_samples(const std::string& path, const std::string& stream, bool edited) {
    const Ran ran = run(std::string("ffprobe -v error -ignore_editlist ") + (edited ? "0" : "1") + " -select_streams " + stream +
                        " -show_entries packet=pts,dts,duration,size,pos,flags -of default=nw=1 '" + path + "'");
    const Bytes file = read_bytes(path);
    std::vector<EncodedSample> samples;
    std::istringstream lines(ran.out);
    EncodedSample sample;
    std::size_t size = 0;
    std::size_t position = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals == std::string::npos) continue;
        const std::string key = line.substr(0, equals);
        const std::string value = line.substr(equals + 1);
        if (key == "pts") sample.pts = std::stoll(value);
        if (key == "dts") sample.dts = std::stoll(value);
        if (key == "duration") sample.duration = value == "N/A" ? 0 : std::stoll(value);
        if (key == "size") size = std::stoull(value);
        if (key == "pos") position = std::stoull(value);
        if (key != "flags") continue;
        sample.sync = value.find('K') != std::string::npos;
        const ByteView data = ByteView(file).subspan(position, size);
        sample.data.assign(data.begin(), data.end());
        samples.push_back(std::exchange(sample, {}));
    }
    return samples;
}

std::vector<std::string> decoded_hashes(const std::string& path, const std::string& stream, std::string& complaints) {
    const TempFolder folder;
    const std::string list = folder / "hashes";
    const Ran ran = run("ffmpeg -v warning -y -ignore_editlist 1 -i '" + path + "' -map 0:" + stream +
                        " -fps_mode passthrough -f framehash -hash crc32 '" + list + "'");
    complaints += ran.out;
    if (ran.status != 0) complaints += "exit status " + std::to_string(ran.status);
    std::ifstream file(list);
    std::vector<std::string> hashes;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        hashes.push_back(line.substr(line.rfind(',') + 1));
    }
    return hashes;
}

std::string stream_field(const std::string& path, const std::string& stream, const std::string& field) {
    Ran ran = run("ffprobe -v quiet -select_streams " + stream + " -show_entries stream=" + field + " -of default=nw=1:nk=1 '" +
                  path + "'");
    while (!ran.out.empty() && ran.out.back() == '\n') ran.out.pop_back();
    return ran.out;
}

Bytes to_annex_b(ByteView length_prefixed) {
    Bytes out;
    std::size_t at = 0;
    while (length_prefixed.size() - at > 4) {
        std::size_t length = 0;
        for (int i = 0; i < 4; ++i) length = length << 8 | length_prefixed[at++];
        out.insert(out.end(), {0, 0, 0, 1});
        length = std::min(length, length_prefixed.size() - at);
        out.insert(out.end(), length_prefixed.begin() + static_cast<std::ptrdiff_t>(at),
                   length_prefixed.begin() + static_cast<std::ptrdiff_t>(at + length));
        at += length;
    }
    return out;
}

}  // namespace streamforge::packaging::test
