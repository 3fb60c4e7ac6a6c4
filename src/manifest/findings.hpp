#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <streamforge/core/error.hpp>
#include <streamforge/manifest/hls_parser.hpp>
#include <streamforge/manifest/lint.hpp>

namespace streamforge::manifest {

/// Collects findings of one manifest, at most ten thousand: a hostile text must not cost more than it is worth.
class Findings {
public:
    void error(std::string rule, std::size_t line, std::string message) { add(std::move(rule), Severity::error, line, std::move(message)); }
    void warning(std::string rule, std::size_t line, std::string message) {
        add(std::move(rule), Severity::warning, line, std::move(message));
    }
    void info(std::string rule, std::size_t line, std::string message) { add(std::move(rule), Severity::info, line, std::move(message)); }
    /// A parser's refusal as one finding.
    void refused(std::string rule, const Error& why);
    /// What the tolerant parser noted, each an error of rule "hls.syntax".
    void problems(const HlsPlaylist& playlist);

    /// In order of lines.
    [[nodiscard]] std::vector<Finding> take();

private:
    static constexpr std::size_t most_findings = 10'000;

    void add(std::string rule, Severity severity, std::size_t line, std::string message) {
        if (findings_.size() > most_findings) return;
        if (findings_.size() == most_findings) {
            rule = "lint.too-many";
            message = "there are more findings than are listed";
        }
        findings_.push_back({std::move(rule), severity, std::move(message), {}, line});
    }
    std::vector<Finding> findings_;
};

}  // namespace streamforge::manifest
