#include "media/ffmpeg/text_ass.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::array<char, 3> style_tags{'b', 'i', 'u'};

/// Length of the valid UTF-8 sequence at the start of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t length = 0;
    std::uint32_t code = 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
        code = lead & 0x1FU;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        code = lead & 0x0FU;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        code = lead & 0x07U;
    }
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return overlong || surrogate || code > 0x10FFFF ? 0 : length;
}

/// Builds cue text line by line; tags are opened when text needs them and closed in order.
class CueWriter {
public:
    void set(std::size_t style, bool on) { wanted_[style] = on; }
    void reset() { wanted_.fill(false); }

    void append(std::string_view piece) {
        const bool blank = piece == " " || piece == "\t" || piece == "\u00A0";
        if (blank && line_.empty()) return;
        if (blank) {  // kept back: a line does not end in blanks
            blanks_ += piece;
            return;
        }
        close_tags();
        line_ += blanks_;
        blanks_.clear();
        open_tags();
        line_ += piece;
        visible_ = true;
    }

    void end_line() {
        blanks_.clear();
        if (visible_) {
            if (!text_.empty()) text_ += '\n';
            text_ += line_;
        }
        if (!visible_) restore_open();
        line_.clear();
        opened_before_line_ = open_;
        visible_ = false;
    }

    [[nodiscard]] std::string finish() {
        end_line();
        wanted_.fill(false);
        close_tags();
        text_ += line_;
        return std::move(text_);
    }

private:
    void restore_open() { open_ = opened_before_line_; }

    void close_tags() {
        std::size_t keep = 0;
        while (keep < open_.size() && wanted_[index_of(open_[keep])]) ++keep;
        while (open_.size() > keep) {
            line_ += std::string("</") + open_.back() + ">";
            open_.pop_back();
        }
    }

    void open_tags() {
        for (std::size_t i = 0; i < style_tags.size(); ++i) {
            if (!wanted_[i] || open_.find(style_tags[i]) != std::string::npos) continue;
            line_ += std::string("<") + style_tags[i] + ">";
            open_ += style_tags[i];
        }
    }

    static std::size_t index_of(char tag) noexcept { return tag == 'b' ? 0U : tag == 'i' ? 1U : 2U; }

    std::string text_, line_, blanks_;
    std::string open_;                // tags open now, outermost first
    std::string opened_before_line_;  // an invisible line's tags are undone
    std::array<bool, 3> wanted_{};
    bool visible_ = false;
};

/// Reads one "{\tag\tag…}" block; returns whether a drawing follows, as far as the block says so.
void read_overrides(std::string_view block, CueWriter& writer, bool& drawing) {
    std::size_t at = 0;
    while ((at = block.find('\\', at)) != std::string_view::npos) {
        std::string_view tag = block.substr(++at);
        tag = tag.substr(0, tag.find('\\'));
        if (tag.empty()) continue;
        const std::string_view rest = tag.substr(1);
        const bool number = !rest.empty() && rest.find_first_not_of("0123456789") == std::string_view::npos;
        const bool on = number && rest.find_first_not_of('0') != std::string_view::npos;
        for (std::size_t i = 0; i < style_tags.size(); ++i) {
            if (tag[0] == style_tags[i] && (number || rest.empty())) writer.set(i, on);
        }
        if (tag[0] == 'p' && number) drawing = on;
        if (tag[0] == 'r') writer.reset();
    }
}

}  // namespace

std::string_view ass_event_text(std::string_view event) noexcept {
    constexpr int fields_before_text = 8;
    for (int field = 0; field < fields_before_text; ++field) {
        const std::size_t comma = event.find(',');
        if (comma == std::string_view::npos) return {};
        event.remove_prefix(comma + 1);
    }
    return event;
}

std::string webvtt_from_ass(std::string_view text) {
    CueWriter writer;
    bool drawing = false;
    while (!text.empty()) {
        if (text[0] == '{') {
            const std::size_t end = text.find('}');
            if (end != std::string_view::npos) {
                read_overrides(text.substr(1, end - 1), writer, drawing);
                text.remove_prefix(end + 1);
                continue;
            }
        }
        if (text[0] == '\\' && text.size() > 1 && (text[1] == 'N' || text[1] == 'n' || text[1] == 'h')) {
            if (text[1] == 'h') {
                writer.append("\u00A0");
            } else {
                writer.end_line();
            }
            text.remove_prefix(2);
            continue;
        }
        const std::size_t length = utf8_length(text);
        const std::string_view character = length == 0 ? std::string_view("\uFFFD") : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
        if (drawing) continue;
        switch (character[0]) {
            case '&': writer.append("&amp;"); break;
            case '<': writer.append("&lt;"); break;
            case '>': writer.append("&gt;"); break;
            case '\n': writer.end_line(); break;
            case '\t': writer.append(" "); break;
            default:
                if (static_cast<std::uint8_t>(character[0]) >= 0x20 && character[0] != 0x7F) writer.append(character);
        }
    }
    return writer.finish();
}

}  // namespace streamforge::media::ffmpeg
