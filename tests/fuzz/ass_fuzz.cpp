// libraries: media core
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "media/ffmpeg/text_ass.hpp"

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

/// Tags are the three known ones, closed in order; everything else is escaped.
void require_balanced(std::string_view text) {
    std::string open;
    for (std::size_t i = 0; i < text.size(); ++i) {
        require(text[i] != '>' || i > 0);
        if (text[i] != '<') continue;
        const std::size_t end = text.find('>', i);
        require(end != std::string_view::npos);
        const std::string_view tag = text.substr(i + 1, end - i - 1);
        if (tag.size() == 1) {
            require(tag == "b" || tag == "i" || tag == "u");
            open += tag;
        } else {
            require(tag.size() == 2 && tag[0] == '/' && !open.empty() && open.back() == tag[1]);
            open.pop_back();
        }
        i = end;
    }
    require(open.empty());
}

}  // namespace

// An event line of a subtitle decoder, or bare event text: what comes out must be a WebVTT cue payload whatever goes in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const std::string_view text : {input, streamforge::media::ffmpeg::ass_event_text(input)}) {
        const std::string cue = streamforge::media::ffmpeg::webvtt_from_ass(text);
        require(cue.find("-->") == std::string::npos);
        require(cue.find("\n\n") == std::string::npos);
        require(cue.empty() || (cue.front() != '\n' && cue.back() != '\n'));
        require(cue.find('\0') == std::string::npos && cue.find('\r') == std::string::npos);
        require_balanced(cue);
        require(cue.size() <= 16 * (text.size() + 1));
    }
    return 0;
}
