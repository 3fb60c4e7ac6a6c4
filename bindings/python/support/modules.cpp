#include "support/modules.hpp"

namespace streamforge::python {

void bind_core_enums(py::module_& module) {
    bind_enum<TrackKind>(module, "TrackKind", {{"video", TrackKind::video}, {"audio", TrackKind::audio}, {"text", TrackKind::text}},
                         "What a track holds.");
    std::vector<std::pair<std::string, Codec>> codecs;
    for (auto codec = Codec::unknown; codec <= Codec::webvtt; codec = static_cast<Codec>(static_cast<int>(codec) + 1)) {
        codecs.emplace_back(to_string(codec), codec);
    }
    bind_enum<Codec>(module, "Codec", std::move(codecs), "A codec by name.");
    bind_enum<VideoRange>(module, "VideoRange", {{"sdr", VideoRange::sdr}, {"hlg", VideoRange::hlg}, {"pq", VideoRange::pq}},
                          "Dynamic range as HLS names it (VIDEO-RANGE).");
    bind_enum<NalFraming>(module, "NalFraming",
                          {{"length_prefixed", NalFraming::length_prefixed}, {"annex_b", NalFraming::annex_b}},
                          "How H.264 and HEVC samples carry their NAL units.");
}

}  // namespace streamforge::python
