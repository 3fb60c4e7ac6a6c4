#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/progress.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/probe.hpp>
#include <streamforge/pipeline/plan.hpp>
#include <streamforge/pipeline/report.hpp>
#include <streamforge/storage/open.hpp>

namespace streamforge::pipeline {

/// One job: a media file in, a published presentation out.
struct Job {
    std::variant<std::filesystem::path, std::shared_ptr<ByteSource>> input;
    storage::Location output;  ///< Objects go below its prefix.
    PlanOptions options;
    /// A plan made earlier (and perhaps edited); absent: the input is probed and planned with `options`.
    std::optional<Plan> plan;
    media::ProbeOptions probe;
    /// Replace a presentation that is there. It stays whole and served until the new one is complete, where the store can
    /// swap folders (local); elsewhere new objects replace old ones in an order that keeps a stream playable.
    bool overwrite = false;
    ProgressObserver progress;
    LogSink log;
};

/// Probes, plans, transcodes, packages, describes and publishes; blocks until all is done.
///
/// Media are written first, playlists next, `master.m3u8` and `manifest.mpd` last, so a reader never finds a stream that is
/// announced but not there. On an error or a stop, what this run wrote is removed again. After a crash, the next run finds
/// the marker object of the unfinished one and clears it.
/// *Errors*: of probing, planning, transcoding and the store; `already_exists` when the output holds anything and
/// `overwrite` is not set. *Cancellation*: within about half a second. *Cost*: memory by picture size and renditions, not by
/// length. *Thread safety*: several runs at once, to different prefixes.
[[nodiscard]] STREAMFORGE_EXPORT Result<Report> run(const Job& job, std::stop_token stop = {});

}  // namespace streamforge::pipeline
