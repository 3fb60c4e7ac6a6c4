#pragma once

#include <string>
#include <utility>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/mpd_writer.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// What manifest.json tells beside the presentation. Empty strings are left out.
struct ManifestJsonExtra {
    std::string hls_path = "master.m3u8";
    std::string dash_path = "manifest.mpd";
    std::string generator;    ///< "streamforge 0.1.0".
    std::string created;      ///< RFC 3339 time, given by the caller: the writer reads no clock.
    std::string source_name;  ///< What was transcoded, for people.
    /// Members of the object "extra": name and JSON text (an object, a string, …).
    std::vector<std::pair<std::string, std::string>> members;
    MpdOptions mpd;         ///< As given to `write_mpd`: the DASH bandwidths depend on it.
    bool segments = false;  ///< Also each segment's path, size and times.
    int indent = 2;         ///< −1: one line.
};

/// The documented JSON form (docs/schema/manifest-json.md): renditions, codecs, exact durations, sizes, bandwidths, pictures.
///
/// *Errors*: `invalid_argument` as of `Presentation::validate`, or when a text in `members` is not JSON.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> write_manifest_json(const Presentation& presentation,
                                                                         const ManifestJsonExtra& extra = {});

}  // namespace streamforge::manifest
