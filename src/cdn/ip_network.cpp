#include <streamforge/cdn/ip_network.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

Error refused(std::string message) { return make_error(Errc::invalid_argument, "cdn.ip_network", std::move(message)); }

std::uint8_t bits_under_mask(std::uint8_t byte, int mask_bits) {
    return mask_bits >= 8 ? byte : static_cast<std::uint8_t>(byte & (0xff00 >> mask_bits));
}

/// How many of byte `index`'s bits belong to a network of this length.
int mask_bits_of_byte(std::size_t index, std::uint8_t length_bits) {
    return std::clamp(static_cast<int>(length_bits) - static_cast<int>(index) * 8, 0, 8);
}

}  // namespace

Result<IpNetwork> IpNetwork::from_bytes(ByteView address, std::uint8_t length_bits) {
    if (address.size() != 4 && address.size() != 16) return refused("an address has 4 or 16 bytes");
    if (length_bits > address.size() * 8) return refused("the network is longer than its address");
    IpNetwork network;
    network.size_ = static_cast<std::uint8_t>(address.size());
    network.length_bits_ = length_bits;
    for (std::size_t i = 0; i < address.size(); ++i) {
        if (bits_under_mask(address[i], mask_bits_of_byte(i, length_bits)) != address[i]) {
            return refused("the address has bits beyond the network's length");
        }
        network.address_[i] = address[i];
    }
    return network;
}

Result<IpNetwork> IpNetwork::parse_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN + 1> terminated{};
    std::array<std::uint8_t, 16> address{};
    if (text.empty() || text.size() >= terminated.size()) return refused("not an IP address");
    text.copy(terminated.data(), text.size());
    const bool v6 = text.find(':') != std::string_view::npos;
    if (inet_pton(v6 ? AF_INET6 : AF_INET, terminated.data(), address.data()) != 1) return refused("not an IP address");
    return from_bytes(ByteView(address).first(v6 ? 16 : 4), v6 ? 128 : 32);
}

Result<IpNetwork> IpNetwork::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    SF_ASSIGN(const IpNetwork address, parse_address(text.substr(0, slash)));
    if (slash == std::string_view::npos) {
        if (address.is_ipv6()) return refused("an IPv6 client needs a network length: write e.g. 2001:db8:1:2::/64");
        return address;
    }
    const std::string_view digits = text.substr(slash + 1);
    unsigned length = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (failure != std::errc{} || end != digits.data() + digits.size() || length > 128 || (digits.size() > 1 && digits.front() == '0')) {
        return refused("not a network length");
    }
    return from_bytes(address.bytes(), static_cast<std::uint8_t>(length));
}

bool IpNetwork::contains(const IpNetwork& other) const noexcept {
    if (size_ != other.size_ || length_bits_ > other.length_bits_) return false;
    for (std::size_t i = 0; i < size_; ++i) {
        if (bits_under_mask(other.address_[i], mask_bits_of_byte(i, length_bits_)) != address_[i]) return false;
    }
    return true;
}

std::string IpNetwork::address_text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(is_ipv6() ? AF_INET6 : AF_INET, address_.data(), text.data(), text.size());
    return text.data();
}

std::string IpNetwork::to_cidr() const { return address_text() + "/" + std::to_string(length_bits_); }
std::string IpNetwork::to_string() const { return is_single_address() ? address_text() : to_cidr(); }

}  // namespace streamforge::cdn
