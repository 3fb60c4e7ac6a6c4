#include <streamforge/manifest/mpd_parser.hpp>

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

#include "core/try.hpp"
#include "manifest/xml_writer.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::string_view operation = "manifest.parse_mpd";

Error malformed(std::string message, std::size_t line) {
    return make_error(Errc::malformed, std::string(operation), std::move(message)).with("line", std::to_string(line));
}

// Turns byte offsets that grow into line numbers.
class LineCounter {
public:
    explicit LineCounter(std::string_view text) : text_(text) {}
    std::size_t line_at(std::ptrdiff_t offset) {
        const auto target = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, offset)), text_.size());
        if (target < at_) return line_;
        line_ += static_cast<std::size_t>(
            std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.begin() + static_cast<std::ptrdiff_t>(target), '\n'));
        at_ = target;
        return line_;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Copies the parsed document, within the limits; nesting is bounded because every walk over the copy recurses.
class TreeReader {
public:
    TreeReader(std::string_view text, const ParseLimits& limits) : limits_(limits), lines_(text) {}

    Result<void> read(const pugi::xml_node& node, XmlElement& element, std::size_t depth) {
        if (depth > limits_.max_depth) return over("elements are nested too deep");
        if (++elements_ > limits_.max_elements) return over("the document has too many elements");
        element.name = node.name();
        element.line = lines_.line_at(node.offset_debug());
        for (const auto& attribute : node.attributes()) {
            if (element.attributes.size() >= limits_.max_attributes) return over("an element has too many attributes");
            if (element.attribute(attribute.name()) != nullptr) return malformed("an attribute stands twice", element.line);
            element.attributes.emplace_back(attribute.name(), attribute.value());
        }
        std::size_t children = 0;
        for (const auto& child : node.children()) children += child.type() == pugi::node_element ? 1 : 0;
        element.children.reserve(children);  // bounded by the text, which holds each of them
        for (const auto& child : node.children()) {
            if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) element.text += child.value();
            if (child.type() != pugi::node_element) continue;
            element.children.emplace_back();
            SF_TRY(read(child, element.children.back(), depth + 1));
        }
        element.text = std::string(trimmed(element.text));
        return {};
    }

private:
    static Error over(std::string message) { return make_error(Errc::limit_exceeded, std::string(operation), std::move(message)); }

    const ParseLimits& limits_;
    LineCounter lines_;
    std::size_t elements_ = 0;
};

void write_element(XmlWriter& xml, const XmlElement& element) {
    xml.open(element.name);
    for (const auto& [name, value] : element.attributes) xml.attribute(name, value);
    if (!element.text.empty()) xml.text(element.text);
    for (const auto& child : element.children) write_element(xml, child);
    xml.close();
}

std::optional<MpdUriKind> kind_of_attribute(std::string_view element, std::string_view attribute) noexcept {
    const bool in_template = element == "SegmentTemplate" || element == "SegmentURL";
    if (in_template && attribute == "media") return MpdUriKind::media;
    if (in_template && attribute == "index") return MpdUriKind::index;
    if (element == "SegmentTemplate" && attribute == "initialization") return MpdUriKind::initialization;
    if (attribute == "sourceURL") {
        return element == "RepresentationIndex" ? MpdUriKind::index : MpdUriKind::initialization;
    }
    return std::nullopt;
}

void rewrite_element(XmlElement& element, const MpdUriRewriter& rewrite) {
    const auto apply = [&](MpdUriKind kind, std::string& uri) {
        if (auto replaced = rewrite(kind, uri)) uri = *std::move(replaced);
    };
    if (element.name == "BaseURL") apply(MpdUriKind::base_url, element.text);
    if (element.name == "Location") apply(MpdUriKind::location, element.text);
    for (auto& [name, value] : element.attributes) {
        if (const auto kind = kind_of_attribute(element.name, name)) apply(*kind, value);
    }
    for (auto& child : element.children) rewrite_element(child, rewrite);
}

}  // namespace

const std::string* XmlElement::attribute(std::string_view attribute_name) const noexcept {
    for (const auto& [key, value] : attributes) {
        if (key == attribute_name) return &value;
    }
    return nullptr;
}

void XmlElement::set_attribute(std::string_view attribute_name, std::string value) {
    for (auto& [key, old] : attributes) {
        if (key == attribute_name) {
            old = std::move(value);
            return;
        }
    }
    attributes.emplace_back(attribute_name, std::move(value));
}

const XmlElement* XmlElement::child(std::string_view child_name) const noexcept {
    const auto found = std::find_if(children.begin(), children.end(), [&](const XmlElement& c) { return c.name == child_name; });
    return found == children.end() ? nullptr : &*found;
}

XmlElement* XmlElement::child(std::string_view child_name) noexcept {
    return const_cast<XmlElement*>(std::as_const(*this).child(child_name));
}

Result<Mpd> parse_mpd(std::string_view text, const ParseLimits& limits) {
    if (text.size() > limits.max_bytes) {
        return make_error(Errc::limit_exceeded, std::string(operation), "the document is too long");
    }
    // The parser allocates by the number of these, so that number is bounded first: an element has one or two tags.
    const auto tags = static_cast<std::size_t>(std::count(text.begin(), text.end(), '<'));
    const auto values = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
    if (tags / 2 > limits.max_elements || values / 4 > limits.max_elements) {
        return make_error(Errc::limit_exceeded, std::string(operation), "the document has too many elements or attributes");
    }
    pugi::xml_document document;
    constexpr unsigned flags = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
    const auto parsed = document.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
    if (!parsed) return malformed(std::string("not XML: ") + parsed.description(), LineCounter(text).line_at(parsed.offset));
    for (const auto& node : document.children()) {
        if (node.type() == pugi::node_doctype) return malformed("a DOCTYPE is not allowed", 1);
    }
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) != "MPD") return malformed("the root element is not MPD", 1);
    Mpd mpd;
    SF_TRY(TreeReader(text, limits).read(root, mpd.root, 1));
    return mpd;
}

std::string write_mpd(const Mpd& mpd) {
    XmlWriter xml;
    write_element(xml, mpd.root);
    return xml.take();
}

void rewrite_mpd_uris(Mpd& mpd, const MpdUriRewriter& rewrite) { rewrite_element(mpd.root, rewrite); }

}  // namespace streamforge::manifest
