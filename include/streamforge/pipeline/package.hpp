#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/progress.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/packaging/mp4_reader.hpp>
#include <streamforge/pipeline/report.hpp>
#include <streamforge/storage/open.hpp>

namespace streamforge::pipeline {

/// Already encoded MP4 files in, a published presentation out; nothing is decoded.
struct PackageJob {
    /// One file, or one for each rendition of the same programme (their key frames must lie at the same times).
    std::vector<std::variant<std::filesystem::path, std::shared_ptr<ByteSource>>> inputs;
    storage::Location output;  ///< Objects go below its prefix.
    MediaTime segment{4, 1};   ///< Wanted length; segments start at key frames.
    bool single_file = false;  ///< One file with byte ranges per rendition.
    bool overwrite = false;    ///< As `Job::overwrite`.
    packaging::Mp4Limits limits;
    ProgressObserver progress;
};

/// Cuts the inputs into CMAF segments, describes and publishes them. Needs no FFmpeg.
///
/// *Errors*: of `packaging::read_mp4` and `packaging::plan_remux`, and the store's; `already_exists` as `run`.
/// *Cancellation*: between two reads. *Cost*: memory of the sample index (about 5 bytes a sample), not of the media.
[[nodiscard]] STREAMFORGE_EXPORT Result<Report> package(const PackageJob& job, std::stop_token stop = {});

}  // namespace streamforge::pipeline
