#pragma once

#include <string>

#include <streamforge/core/result.hpp>
#include <streamforge/manifest/presentation.hpp>
#include <streamforge/pipeline/plan.hpp>

#include "pipeline/process/presentation_sink.hpp"
#include "pipeline/publication.hpp"

namespace streamforge::pipeline {

/// The facts of what was encoded, as the manifests need them. Text and storyboard indexes are published on the way.
[[nodiscard]] Result<manifest::Presentation> describe(const Plan& plan, const PresentationSink& made, Publication& publication);

/// Audio renditions of one bitrate and channel class, which replace each other by language: "stereo-128k", "surround-384k".
[[nodiscard]] std::string audio_group(const media::AudioRendition& rendition);

}  // namespace streamforge::pipeline
