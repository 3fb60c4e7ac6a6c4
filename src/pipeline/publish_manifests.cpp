#include "pipeline/publish_manifests.hpp"

#include <ctime>
#include <filesystem>

#include "core/try.hpp"
#include "pipeline/layout.hpp"

#include <streamforge/core/version.hpp>
#include <streamforge/manifest/hls_writer.hpp>
#include <streamforge/manifest/manifest_json.hpp>
#include <streamforge/manifest/mpd_writer.hpp>

namespace streamforge::pipeline {
namespace {

std::string rfc3339_now() {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {text, length};
}

}  // namespace

Result<void> publish_manifests(const manifest::Presentation& presentation, Report& report, const std::string& input_name,
                               Publication& publication) {
    SF_ASSIGN(const auto hls, manifest::write_hls(presentation));
    SF_ASSIGN(const std::string mpd, manifest::write_mpd(presentation));
    manifest::ManifestJsonExtra extra;
    extra.generator = "streamforge " + std::string(version);
    extra.created = rfc3339_now();
    extra.source_name = std::filesystem::path(input_name).filename().string();
    SF_ASSIGN(const std::string catalogue, manifest::write_manifest_json(presentation, extra));
    for (const auto& playlist : hls.media) SF_TRY(publication.put(playlist.path, playlist.text));
    SF_TRY(publication.put(std::string(layout::manifest_json), catalogue));
    report.bytes_written = publication.bytes_written();
    report.files_written = publication.files_written();
    SF_TRY(publication.put(std::string(layout::report_json), to_json(report)));
    SF_TRY(publication.put(std::string(layout::mpd), mpd));
    SF_TRY(publication.put(std::string(layout::master_playlist), hls.master.text));
    return publication.finish();
}

}  // namespace streamforge::pipeline
