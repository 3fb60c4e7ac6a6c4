#pragma once

#include <cstdint>
#include <string>

#include <streamforge/manifest/presentation.hpp>
#include <streamforge/pipeline/report.hpp>

namespace streamforge::pipeline {

/// What the facts of one track say: sizes, bit rates, segments.
[[nodiscard]] RenditionReport report_rendition(TrackKind kind, const std::string& id, const manifest::TrackFacts& track,
                                               std::int64_t target_duration_s);

}  // namespace streamforge::pipeline
