#include "packaging/box_writer.hpp"

#include <array>

// Out of line: inlined into long runs of writes, GCC 12 warns of overflows that cannot happen.
namespace streamforge::packaging {

void BoxWriter::append(std::uint64_t value, std::size_t count) {
    std::array<std::uint8_t, 8> big_endian{};
    for (std::size_t i = count; i > 0; --i, value >>= 8) big_endian[i - 1] = static_cast<std::uint8_t>(value);
    bytes_.insert(bytes_.end(), big_endian.begin(), big_endian.begin() + static_cast<std::ptrdiff_t>(count));
}

void BoxWriter::zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
void BoxWriter::bytes(ByteView view) { bytes_.insert(bytes_.end(), view.begin(), view.end()); }
void BoxWriter::text(std::string_view value) { bytes_.insert(bytes_.end(), value.begin(), value.end()); }

}  // namespace streamforge::packaging
