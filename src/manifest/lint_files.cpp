#include "manifest/lint_files.hpp"

#include <utility>

#include "manifest/uri.hpp"
#include "manifest/wide.hpp"

namespace streamforge::manifest {
namespace {

bool is_missing(const Error& error) noexcept { return error.code == Errc::not_found || error.code == Errc::not_a_file; }

}  // namespace

LintFiles::LintFiles(std::string entry_path, const LintReader& reader, std::vector<Finding>& findings)
    : reader_(reader), findings_(findings) {
    const std::size_t slash = entry_path.rfind('/');
    if (slash != std::string::npos) folder_ = entry_path.substr(0, slash + 1);
}

void LintFiles::report(std::string rule, Severity severity, const std::string& path, std::size_t line, std::string message) {
    findings_.push_back({std::move(rule), severity, std::move(message), path, line});
}

std::optional<std::string> LintFiles::resolve(const std::string& from, const std::string& reference, std::size_t line) {
    if (is_absolute_uri(reference) || reference.substr(0, 2) == "//") {
        report("presentation.external", Severity::info, from, line, "the reference leaves the presentation and was not checked");
        return std::nullopt;
    }
    // Inside the folder, so that a '?' or ".." of the caller's own path means nothing here.
    const std::string inner = percent_encode_path(from.substr(folder_.size()));
    const std::string resolved = resolve_reference(inner, reference);
    const std::string path = percent_decode(resolved.substr(0, resolved.find_first_of("?#")));
    if (!is_safe_path(path)) {
        report("presentation.outside", Severity::warning, from, line, "the reference leads out of the folder and was not checked");
        return std::nullopt;
    }
    return folder_ + path;
}

void LintFiles::report_missing(const std::string& path, const std::string& from, std::size_t line) {
    if (missing_.insert(path).second) {
        report("presentation.missing", Severity::error, from, line, "the manifest names a file that is not there: " + path);
    }
}

Result<std::optional<std::string>> LintFiles::read(const std::string& path, const std::string& from, std::size_t line) {
    auto bytes = reader_.read(path);
    if (bytes) return std::optional<std::string>(std::string(bytes->begin(), bytes->end()));
    if (!is_missing(bytes.error())) return std::move(bytes).error();
    report_missing(path, from, line);
    return std::optional<std::string>();
}

Result<std::uint64_t> LintFiles::size_of(const std::string& path) {
    if (reader_.size) return reader_.size(path);
    auto bytes = reader_.read(path);
    if (!bytes) return std::move(bytes).error();
    return std::uint64_t{bytes->size()};
}

Result<std::optional<std::uint64_t>> LintFiles::measure(const std::string& path, const std::optional<ByteRange>& range,
                                                        const std::string& from, std::size_t line) {
    auto known = sizes_.find(path);
    if (known == sizes_.end()) {
        const auto size = size_of(path);
        if (!size && !is_missing(size.error())) return size.error();
        known = sizes_.emplace(path, size ? std::optional(*size) : std::nullopt).first;
        if (!size) report_missing(path, from, line);
    }
    if (!known->second) return std::optional<std::uint64_t>();
    if (!range) return known->second;
    if (range->offset > *known->second || range->length > *known->second - range->offset) {
        report("presentation.range", Severity::error, from, line, "a byte range reaches past the end of " + path);
        return std::optional<std::uint64_t>();
    }
    return std::optional(range->length);
}

void compare_bandwidth(LintFiles& files, const std::string& path, std::size_t line, const std::string& rule, std::uint64_t stated_bps,
                       std::uint64_t measured_bps) {
    if (stated_bps == 0 || measured_bps == 0) return;
    const Wide stated = static_cast<Wide>(stated_bps) * 10;
    const Wide measured = static_cast<Wide>(measured_bps) * 10;
    const Wide tenth = stated_bps;
    const std::string numbers = "stated " + std::to_string(stated_bps) + " bit/s, measured " + std::to_string(measured_bps) + " bit/s";
    if (measured > stated + tenth) files.report(rule, Severity::error, path, line, numbers);
    if (measured < stated - tenth) files.report(rule, Severity::warning, path, line, numbers);
}

}  // namespace streamforge::manifest
