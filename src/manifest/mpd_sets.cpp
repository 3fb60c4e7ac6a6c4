#include "manifest/mpd_sets.hpp"

#include <algorithm>
#include <cstddef>

namespace streamforge::manifest {
namespace {

template <class Rendition, class Same>
std::vector<RenditionSet<Rendition>> group_by(const std::vector<Rendition>& renditions, Same same) {
    std::vector<RenditionSet<Rendition>> sets;
    for (const auto& rendition : renditions) {
        const auto set = std::find_if(sets.begin(), sets.end(), [&](const auto& known) { return same(*known.front(), rendition); });
        if (set == sets.end()) {
            sets.push_back({&rendition});
        } else {
            set->push_back(&rendition);
        }
    }
    return sets;
}

}  // namespace

std::vector<RenditionSet<VideoRendition>> video_sets(const std::vector<VideoRendition>& renditions) {
    return group_by(renditions, [](const VideoRendition& a, const VideoRendition& b) {
        return a.track.codec == b.track.codec && a.range == b.range && a.track.language == b.track.language;
    });
}

std::vector<RenditionSet<AudioRendition>> audio_sets(const std::vector<AudioRendition>& renditions) {
    return group_by(renditions, [](const AudioRendition& a, const AudioRendition& b) {
        return a.track.codec == b.track.codec && a.track.language == b.track.language && a.channels == b.channels && a.label == b.label &&
               a.purpose == b.purpose;
    });
}

bool are_aligned(const std::vector<const TrackFacts*>& tracks) {
    const auto& first = tracks.front()->segments;
    return std::all_of(tracks.begin() + 1, tracks.end(), [&](const TrackFacts* track) {
        return std::equal(first.begin(), first.end(), track->segments.begin(), track->segments.end(),
                          [](const SegmentFacts& a, const SegmentFacts& b) { return a.start == b.start && a.end() == b.end(); });
    });
}

}  // namespace streamforge::manifest
