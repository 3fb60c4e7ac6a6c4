// libraries: manifest
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/manifest/webvtt.hpp>

using namespace streamforge::manifest;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

// Untrusted subtitle text and settings must stay inside the one cue that they belong to.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::vector<WebVttCue> cues{{{0, 1}, {5, 1}, text, text}, {{1, 1}, {2, 1}, "second", ""}};
    const std::string whole = write_webvtt(cues);
    const std::size_t blocks = count(whole, "\n\n");
    require(blocks == 1 || blocks == 2);  // a text of nothing makes no cue
    require(count(whole, " --> ") == blocks);
    require(count(whole, "-->") == blocks);
    const auto segments = segment_webvtt(cues, std::vector<streamforge::MediaTime>{{0, 1}, {4, 1}, {8, 1}});
    require(segments.has_value() && segments->size() == 2);
    return 0;
}
