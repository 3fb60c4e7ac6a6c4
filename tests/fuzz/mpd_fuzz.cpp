// libraries: manifest
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <streamforge/manifest/lint.hpp>
#include <streamforge/manifest/mpd_parser.hpp>

using namespace streamforge::manifest;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

ParseLimits small_limits() {
    ParseLimits limits;
    limits.max_segments = 20'000;
    return limits;
}

// Written again, a document reads back to the same text.
void check_round_trip(const Mpd& mpd) {
    const std::string once = write_mpd(mpd);
    ParseLimits limits;
    limits.max_bytes *= 8;  // escapes make a text longer
    const auto again = parse_mpd(once, limits);
    require(again.has_value());
    require(write_mpd(*again) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ParseLimits limits = small_limits();
    (void)parse_xs_duration(text.substr(0, 64));
    if (auto mpd = parse_mpd(text, limits)) {
        check_round_trip(*mpd);
        if (const auto representations = mpd_representations(*mpd, limits)) {
            std::size_t segments = 0;
            for (const auto& representation : *representations) segments += representation.segments.size();
            require(segments <= limits.max_segments);
        }
        rewrite_mpd_uris(*mpd, [](MpdUriKind, std::string_view uri) { return std::string(uri) + "?a&\"b"; });
        check_round_trip(*mpd);
    }
    LintOptions options;
    options.limits = limits;
    (void)lint_mpd(text, options);
    LintReader reader;
    reader.read = [&](const std::string&) { return streamforge::Result<streamforge::Bytes>(streamforge::Bytes(data, data + size)); };
    reader.size = [](const std::string& path) -> streamforge::Result<std::uint64_t> {
        require(path.find("/../") == std::string::npos && path.rfind("in/", 0) == 0);
        return std::uint64_t{path.size() * 1000};
    };
    (void)lint_presentation("in/x.mpd", reader, options);
    return 0;
}
