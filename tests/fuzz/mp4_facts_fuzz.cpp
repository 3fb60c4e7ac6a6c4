// libraries: media
#include <cstddef>
#include <cstdint>

#include "media/mp4_facts.hpp"

// Box headers of any file must be followed without reading past it or going on for ever.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto source = streamforge::bytes_source(streamforge::Bytes(data, data + size));
    const auto facts = streamforge::media::read_mp4_facts(*source);
    if (facts.protected_tracks.size() > facts.tracks * size) __builtin_trap();
    if (!facts.has_moov && facts.tracks != 0) __builtin_trap();
    return 0;
}
