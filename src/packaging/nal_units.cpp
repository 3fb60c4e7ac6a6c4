#include "packaging/nal_units.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace streamforge::packaging {
namespace {

/// Position of the next 00 00 01 at or after `from`, or the size.
std::size_t find_start_code(ByteView stream, std::size_t from) noexcept {
    constexpr std::size_t code_size = 3;
    while (from + code_size <= stream.size()) {
        // Look for the 01: zero bytes are common in slices, a 01 after two of them is not.
        const auto* hit = static_cast<const std::uint8_t*>(std::memchr(stream.data() + from + 2, 1, stream.size() - from - 2));
        if (hit == nullptr) return stream.size();
        const auto at = static_cast<std::size_t>(hit - stream.data());
        if (stream[at - 1] == 0 && stream[at - 2] == 0) return at - 2;
        from = at - 1;
    }
    return stream.size();
}

}  // namespace

unsigned nal_type(Codec codec, ByteView nal) noexcept { return codec == Codec::hevc ? (nal[0] >> 1) & 0x3FU : nal[0] & 0x1FU; }

std::vector<ByteView> split_annex_b(ByteView stream) {
    std::vector<ByteView> units;
    constexpr std::size_t code_size = 3;
    std::size_t at = find_start_code(stream, 0);
    while (at < stream.size()) {
        const std::size_t begin = at + code_size;
        const std::size_t next = find_start_code(stream, begin);
        std::size_t end = next;
        while (end > begin && stream[end - 1] == 0) --end;  // trailing_zero_8bits, and the fourth byte of a long code
        if (end > begin) units.push_back(stream.subspan(begin, end - begin));
        at = next;
    }
    return units;
}

Result<std::vector<ByteView>> split_length_prefixed(ByteView sample, unsigned length_bytes) {
    std::vector<ByteView> units;
    std::size_t at = 0;
    while (at < sample.size()) {
        if (sample.size() - at < length_bytes) {
            return make_error(Errc::malformed, "packaging.nal", "a NAL unit length is cut off").with("offset", std::to_string(at));
        }
        std::uint64_t length = 0;
        for (unsigned i = 0; i < length_bytes; ++i) length = length << 8 | sample[at + i];
        at += length_bytes;
        if (length > sample.size() - at) {
            return make_error(Errc::malformed, "packaging.nal", "a NAL unit is longer than its sample").with("offset", std::to_string(at));
        }
        if (length > 0) units.push_back(sample.subspan(at, static_cast<std::size_t>(length)));
        at += static_cast<std::size_t>(length);
    }
    return units;
}

Bytes unescape_nal(ByteView nal, std::size_t max_bytes) {
    Bytes payload;
    payload.reserve(std::min(nal.size(), max_bytes));
    unsigned zeros = 0;
    for (const std::uint8_t byte : nal) {
        if (payload.size() >= max_bytes) break;
        if (zeros >= 2 && byte == 3) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        payload.push_back(byte);
    }
    return payload;
}

}  // namespace streamforge::packaging
