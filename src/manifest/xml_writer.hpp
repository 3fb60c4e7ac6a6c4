#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace streamforge::manifest {

/// Writes indented XML. Values are escaped; names are the caller's own.
class XmlWriter {
public:
    XmlWriter();
    XmlWriter& open(std::string_view name);
    XmlWriter& attribute(std::string_view name, std::string_view value);
    XmlWriter& attribute(std::string_view name, std::uint64_t value) { return attribute(name, std::to_string(value)); }
    /// The whole content of the open element.
    XmlWriter& text(std::string_view content);
    XmlWriter& close();
    /// The finished document. All elements must be closed.
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    struct Open {
        std::string name;
        bool has_children = false;
        bool has_text = false;
    };
    void end_start_tag();
    void escape(std::string_view value);

    std::string text_;
    std::vector<Open> open_;
    bool in_start_tag_ = false;
};

}  // namespace streamforge::manifest
