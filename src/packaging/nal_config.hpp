#pragma once

#include <array>

#include "packaging/codec_config.hpp"

namespace streamforge::packaging {

/// avcC from parameter sets with start codes. *Errors*: `malformed`.
[[nodiscard]] Result<CodecConfig> make_avcc(ByteView annex_b);
/// hvcC from parameter sets with start codes. *Errors*: `malformed`.
[[nodiscard]] Result<CodecConfig> make_hvcc(ByteView annex_b);

}  // namespace streamforge::packaging
