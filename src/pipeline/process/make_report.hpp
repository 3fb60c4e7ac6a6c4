#pragma once

#include <streamforge/manifest/presentation.hpp>
#include <streamforge/pipeline/report.hpp>

#include "pipeline/process/presentation_sink.hpp"

namespace streamforge::pipeline {

/// The report's part that follows from the facts: renditions, segments, bit rates, quality.
[[nodiscard]] Report make_report(const manifest::Presentation& presentation, const Plan& plan, const PresentationSink& made,
                                 const media::TranscodeSummary& summary);

/// Scores of several runs of frames as one: errors are averaged by frames, not decibels.
[[nodiscard]] QualityScore combine(std::span<const QualityScore> scores);

}  // namespace streamforge::pipeline
