#include "manifest/xml_writer.hpp"

#include <cstddef>
#include <utility>

#include "manifest/clean_text.hpp"

namespace streamforge::manifest {

XmlWriter::XmlWriter() : text_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::end_start_tag() {
    if (in_start_tag_) text_ += '>';
    in_start_tag_ = false;
}

// Invalid UTF-8 and what XML 1.0 cannot hold become U+FFFD; line ends and tabs are escaped so that they survive in attributes.
void XmlWriter::escape(std::string_view value) {
    for (std::size_t at = 0; at < value.size();) {
        const std::uint32_t point = next_code_point(value, at);
        switch (point) {
            case '&': text_ += "&amp;"; break;
            case '<': text_ += "&lt;"; break;
            case '>': text_ += "&gt;"; break;
            case '"': text_ += "&quot;"; break;
            case '\t': text_ += "&#9;"; break;
            case '\n': text_ += "&#10;"; break;
            case '\r': text_ += "&#13;"; break;
            default: append_utf8(text_, point < 0x20 || (point & 0xFFFE) == 0xFFFE ? 0xFFFD : point);
        }
    }
}

XmlWriter& XmlWriter::open(std::string_view name) {
    end_start_tag();
    if (!open_.empty()) {
        open_.back().has_children = true;
        text_ += '\n';
    }
    text_.append(open_.size() * 2, ' ');
    text_ += '<';
    text_ += name;
    open_.push_back({std::string(name)});
    in_start_tag_ = true;
    return *this;
}

XmlWriter& XmlWriter::attribute(std::string_view name, std::string_view value) {
    text_ += ' ';
    text_ += name;
    text_ += "=\"";
    escape(value);
    text_ += '"';
    return *this;
}

XmlWriter& XmlWriter::text(std::string_view content) {
    end_start_tag();
    escape(content);
    open_.back().has_text = true;
    return *this;
}

XmlWriter& XmlWriter::close() {
    const Open element = std::move(open_.back());
    open_.pop_back();
    if (in_start_tag_) {
        text_ += "/>";
        in_start_tag_ = false;
    } else {
        if (element.has_children) {
            text_ += '\n';
            text_.append(open_.size() * 2, ' ');
        }
        text_ += "</" + element.name + '>';
    }
    if (open_.empty()) text_ += '\n';
    return *this;
}

}  // namespace streamforge::manifest
