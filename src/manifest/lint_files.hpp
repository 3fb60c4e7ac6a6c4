#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/lint.hpp>

namespace streamforge::manifest {

/// The files of a presentation as a lint sees them: resolves references, asks for each size once, and turns what is missing
/// into findings.
class LintFiles {
public:
    LintFiles(std::string entry_path, const LintReader& reader, std::vector<Finding>& findings);

    /// Path of a reference in the manifest at `from`. Nothing (and a finding) when it is not a file below the entry's folder:
    /// what an untrusted manifest names must not make the caller read elsewhere.
    [[nodiscard]] std::optional<std::string> resolve(const std::string& from, const std::string& reference, std::size_t line);

    /// Text of a file; nothing (and a finding) when it is missing. *Errors*: the reader's, other than `not_found`.
    [[nodiscard]] Result<std::optional<std::string>> read(const std::string& path, const std::string& from, std::size_t line);

    /// Checks that a range, or the whole file, is there; gives its size. *Errors*: as `read`.
    [[nodiscard]] Result<std::optional<std::uint64_t>> measure(const std::string& path, const std::optional<ByteRange>& range,
                                                               const std::string& from, std::size_t line);

    void report(std::string rule, Severity severity, const std::string& path, std::size_t line, std::string message);

private:
    void report_missing(const std::string& path, const std::string& from, std::size_t line);
    [[nodiscard]] Result<std::uint64_t> size_of(const std::string& path);

    std::string folder_;  // of the entry, with its last '/', or empty
    const LintReader& reader_;
    std::vector<Finding>& findings_;
    std::map<std::string, std::optional<std::uint64_t>> sizes_;
    std::set<std::string> missing_;
};

/// Reports when a measured rate is further than a tenth from the stated one: above is an error, below a warning.
void compare_bandwidth(LintFiles& files, const std::string& path, std::size_t line, const std::string& rule, std::uint64_t stated_bps,
                       std::uint64_t measured_bps);

/// The folder-level lints by kind of entry. *Errors*: the reader's.
[[nodiscard]] Result<void> lint_hls_presentation(LintFiles& files, const std::string& path, const std::string& text,
                                                 const LintOptions& options, std::vector<Finding>& findings);
[[nodiscard]] Result<void> lint_dash_presentation(LintFiles& files, const std::string& path, const std::string& text,
                                                  const LintOptions& options, std::vector<Finding>& findings);

}  // namespace streamforge::manifest
