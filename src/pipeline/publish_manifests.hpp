#pragma once

#include <string>

#include <streamforge/manifest/presentation.hpp>
#include <streamforge/pipeline/report.hpp>

#include "pipeline/publication.hpp"

namespace streamforge::pipeline {

/// Writes media playlists, then catalogue and report, then what announces the stream, and finishes the publication.
[[nodiscard]] Result<void> publish_manifests(const manifest::Presentation& presentation, Report& report, const std::string& input_name,
                                             Publication& publication);

}  // namespace streamforge::pipeline
