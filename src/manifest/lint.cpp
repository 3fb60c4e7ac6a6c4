#include <streamforge/manifest/lint.hpp>

#include <algorithm>

#include "manifest/findings.hpp"
#include "manifest/hls_lexer.hpp"

namespace streamforge::manifest {

std::string_view to_string(Severity severity) noexcept {
    switch (severity) {
        case Severity::error: return "error";
        case Severity::warning: return "warning";
        case Severity::info: return "info";
    }
    return "info";
}

bool passes(const std::vector<Finding>& findings) noexcept {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::error; });
}

void Findings::refused(std::string rule, const Error& why) {
    std::size_t line = 0;
    for (const auto& [key, value] : why.context) {
        if (key == "line") line = parse_decimal(value).value_or(0);
    }
    error(std::move(rule), line, why.message);
}

void Findings::problems(const HlsPlaylist& playlist) {
    for (const auto& problem : playlist.problems) error("hls.syntax", problem.line, problem.message);
}

std::vector<Finding> Findings::take() {
    std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) { return a.line < b.line; });
    return std::move(findings_);
}

}  // namespace streamforge::manifest
