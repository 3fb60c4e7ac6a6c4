#include <utility>

#include <streamforge/manifest/lint.hpp>

#include "core/try.hpp"
#include "manifest/lint_files.hpp"

namespace streamforge::manifest {
namespace {

bool is_xml(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return first != std::string_view::npos && text[first] == '<';
}

}  // namespace

Result<std::vector<Finding>> lint_presentation(const std::string& entry_path, const LintReader& reader, const LintOptions& options) {
    if (!reader.read) return make_error(Errc::invalid_argument, "manifest.lint", "reader.read must be set");
    SF_ASSIGN(const Bytes bytes, reader.read(entry_path));
    const std::string text(bytes.begin(), bytes.end());
    std::vector<Finding> findings;
    LintFiles files(entry_path, reader, findings);
    if (is_xml(text)) {
        SF_TRY(lint_dash_presentation(files, entry_path, text, options, findings));
    } else {
        SF_TRY(lint_hls_presentation(files, entry_path, text, options, findings));
    }
    return findings;
}

}  // namespace streamforge::manifest
