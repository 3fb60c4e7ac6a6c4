#include "packaging/obu.hpp"

#include <string>

namespace streamforge::packaging {
namespace {

/// LEB128 of at most 8 bytes at `at`, which is moved past it; false when cut off.
bool read_leb128(ByteView bytes, std::size_t& at, std::uint64_t& value) {
    value = 0;
    for (unsigned i = 0; i < 8 && at < bytes.size(); ++i) {
        const std::uint8_t byte = bytes[at++];
        value |= std::uint64_t{byte & 0x7FU} << (7 * i);
        if ((byte & 0x80U) == 0) return true;
    }
    return false;
}

}  // namespace

Result<std::vector<Obu>> split_obus(ByteView bytes) {
    const auto broken = [](const char* what, std::size_t at) {
        return make_error(Errc::malformed, "packaging.obu", what).with("offset", std::to_string(at));
    };
    std::vector<Obu> units;
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t begin = at;
        const std::uint8_t first = bytes[at];
        if ((first & 0x80U) != 0) return broken("an OBU header has its forbidden bit set", at);
        const std::size_t header_size = (first & 0x04U) != 0 ? 2 : 1;
        if (bytes.size() - at < header_size) return broken("an OBU header is cut off", at);
        at += header_size;
        Obu unit;
        unit.type = (first >> 3) & 0x0FU;
        unit.header = bytes.subspan(begin, header_size);
        unit.has_size = (first & 0x02U) != 0;
        std::uint64_t length = bytes.size() - at;
        if (unit.has_size && !read_leb128(bytes, at, length)) return broken("an OBU size is cut off", begin);
        if (length > bytes.size() - at) return broken("an OBU is longer than its sample", begin);
        unit.payload = bytes.subspan(at, static_cast<std::size_t>(length));
        at += static_cast<std::size_t>(length);
        unit.whole = bytes.subspan(begin, at - begin);
        units.push_back(unit);
    }
    return units;
}

void append_obu(Bytes& out, const Obu& obu) {
    if (obu.has_size) {
        out.insert(out.end(), obu.whole.begin(), obu.whole.end());
        return;
    }
    out.push_back(static_cast<std::uint8_t>(obu.header[0] | 0x02U));
    out.insert(out.end(), obu.header.begin() + 1, obu.header.end());
    std::uint64_t length = obu.payload.size();
    do {
        const auto low = static_cast<std::uint8_t>(length & 0x7FU);
        length >>= 7;
        out.push_back(static_cast<std::uint8_t>(low | (length > 0 ? 0x80U : 0U)));
    } while (length > 0);
    out.insert(out.end(), obu.payload.begin(), obu.payload.end());
}

}  // namespace streamforge::packaging
