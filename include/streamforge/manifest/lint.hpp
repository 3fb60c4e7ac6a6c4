#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/parse_limits.hpp>

namespace streamforge::manifest {

enum class Severity : std::uint8_t {
    error,    ///< A MUST of the specification is broken, or a player will fail.
    warning,  ///< A SHOULD, or a rule of a profile or platform.
    info,
};
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(Severity severity) noexcept;

/// One broken rule.
struct Finding {
    std::string rule;  ///< Stable id: "hls.target-duration", "apple.9.15", "dash.unique-id". docs/manifest-rules.md lists them.
    Severity severity = Severity::error;
    std::string message;   ///< What is wrong and with which value.
    std::string path;      ///< Of the manifest, where several were read.
    std::size_t line = 0;  ///< From 1; 0: the whole file.
};

/// True when no finding is an error.
[[nodiscard]] STREAMFORGE_EXPORT bool passes(const std::vector<Finding>& findings) noexcept;

struct LintOptions {
    ParseLimits limits;
    /// The presentation is finished (VOD): ENDLIST, PLAYLIST-TYPE and equal durations are asked for.
    bool vod = true;
    /// Also the rules of the HLS Authoring Specification for Apple devices.
    bool apple = true;
};

/// Checks the text of a multivariant playlist. Pure. A text that cannot be read is one finding.
[[nodiscard]] STREAMFORGE_EXPORT std::vector<Finding> lint_hls_master(std::string_view text, const LintOptions& options = {});

/// Checks the text of a media playlist. Pure.
[[nodiscard]] STREAMFORGE_EXPORT std::vector<Finding> lint_hls_media(std::string_view text, const LintOptions& options = {});

/// Checks the text of an MPD. Pure; it does not replace validation by the schema.
[[nodiscard]] STREAMFORGE_EXPORT std::vector<Finding> lint_mpd(std::string_view text, const LintOptions& options = {});

/// How `lint_presentation` sees files. Paths have '/' between parts and are relative to what the caller likes.
struct LintReader {
    /// Reads a file. *Errors*: `not_found` becomes a finding, others end the lint.
    std::function<Result<Bytes>(const std::string& path)> read;
    /// Size of a file; absent: `read` is used. *Errors*: as `read`.
    std::function<Result<std::uint64_t>(const std::string& path)> size;
};

/// Reads a multivariant playlist or MPD and everything it names, and checks the whole: each file there and each range inside
/// it, stated bandwidths against measured ones (10 %), equal durations, target durations and discontinuities.
///
/// *Errors*: those of the reader except `not_found` of a named file; `not_found` of the entry.
/// *Cost*: manifests in memory one at a time; one size request for each media file.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::vector<Finding>> lint_presentation(const std::string& entry_path, const LintReader& reader,
                                                                                const LintOptions& options = {});

}  // namespace streamforge::manifest
