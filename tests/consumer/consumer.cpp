// A stranger's program: links the public API and checks one answer of each module.
#include <cstdio>

#include <streamforge/core/track.hpp>
#include <streamforge/manifest/bandwidth.hpp>
#include <streamforge/packaging/codec_string.hpp>
#ifdef CONSUMER_WITH_MEDIA
#include <streamforge/pipeline/plan.hpp>
#endif

namespace sf = streamforge;

int main() {
    sf::TrackFormat aac;
    aac.kind = sf::TrackKind::audio;
    aac.codec = sf::Codec::aac;
    aac.codec_config = {0x11, 0x90};  // AAC-LC, 48 kHz, stereo
    const auto codec = sf::packaging::codec_string(aac);
    if (!codec || *codec != "mp4a.40.2") return 1;

    const sf::manifest::SizedSegment segment{.bytes = 1000, .duration_ticks = 1};
    if (sf::manifest::average_bandwidth_bps({&segment, 1}, 1) != 8000) return 2;
#ifdef CONSUMER_WITH_MEDIA
    sf::media::MediaInfo nothing;
    const auto plan = sf::pipeline::plan(nothing);
    if (plan || plan.error().code != sf::Errc::no_streams) return 3;
#endif
    std::puts("the installed library answers");
    return 0;
}
