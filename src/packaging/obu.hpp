#pragma once

#include <cstdint>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::packaging {

/// AV1 open bitstream unit types that packaging acts on. *Source*: AV1 specification §6.2.2.
namespace obu_type {
inline constexpr unsigned sequence_header = 1, temporal_delimiter = 2, metadata = 5, tile_list = 8, padding = 15;
}

/// One OBU. *Lifetime*: views into the bytes that were split.
struct Obu {
    unsigned type = 0;
    ByteView header;  ///< One or two bytes, without the size.
    ByteView payload;
    bool has_size = false;
    ByteView whole;
};

/// The OBUs of a temporal unit or of headers (low-overhead format). *Errors*: `malformed`.
[[nodiscard]] Result<std::vector<Obu>> split_obus(ByteView bytes);

/// Appends `obu` with its size field, adding one where it has none.
void append_obu(Bytes& out, const Obu& obu);

}  // namespace streamforge::packaging
