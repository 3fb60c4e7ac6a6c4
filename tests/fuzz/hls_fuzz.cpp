// libraries: manifest
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/manifest/hls_parser.hpp>
#include <streamforge/manifest/lint.hpp>

using namespace streamforge::manifest;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

// Rewriting nothing keeps every line, and the result reads back the same.
void check_rewrite(const HlsPlaylist& playlist) {
    const auto same = rewrite_hls_uris(playlist, [](HlsUriKind, std::string_view) { return std::nullopt; });
    require(same.has_value());
    const auto again = parse_hls(*same);
    require(again.has_value() && again->lines.size() == playlist.lines.size());
    require(again->problems.size() == playlist.problems.size());
    const auto marked = rewrite_hls_uris(playlist, [](HlsUriKind, std::string_view) { return std::optional<std::string>("x"); });
    require(marked.has_value() && parse_hls(*marked).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto playlist = parse_hls(text);
    if (playlist) check_rewrite(*playlist);
    for (const bool vod : {true, false}) {
        LintOptions options;
        options.vod = vod;
        (void)lint_hls_master(text, options);
        (void)lint_hls_media(text, options);
    }
    LintReader reader;
    reader.read = [&](const std::string& path) -> streamforge::Result<streamforge::Bytes> {
        // Whatever the playlist names, nothing outside its folder may be asked for.
        require(path.rfind("in/", 0) == 0 && path.find("/../") == std::string::npos);
        if (path.size() % 2 == 0) return streamforge::make_error(streamforge::Errc::not_found, "fuzz", "absent");
        return streamforge::Bytes(data, data + size);
    };
    reader.size = [&](const std::string& path) -> streamforge::Result<std::uint64_t> {
        require(path.rfind("in/", 0) == 0 && path.find("/../") == std::string::npos);
        return std::uint64_t{path.size() * 1000};
    };
    (void)lint_presentation("in/x.m3u8", reader);
    return 0;
}
