#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// An IPv4 or IPv6 network; a single address is the network of full length.
class STREAMFORGE_EXPORT IpNetwork {
public:
    /// From "203.0.113.7", "203.0.113.0/24" or "2001:db8:1:2::/64". IPv6 needs its length: one client's addresses change within
    /// a /64, so a bare one would lock the client out. *Errors*: `invalid_argument`, also for bits beyond the length.
    [[nodiscard]] static Result<IpNetwork> parse(std::string_view text);
    /// One address, of either version. *Errors*: `invalid_argument`.
    [[nodiscard]] static Result<IpNetwork> parse_address(std::string_view text);
    /// From 4 or 16 address bytes and a length. *Errors*: `invalid_argument`.
    [[nodiscard]] static Result<IpNetwork> from_bytes(ByteView address, std::uint8_t length_bits);

    [[nodiscard]] bool is_ipv6() const noexcept { return size_ == 16; }
    /// 4 or 16 bytes, in network order.
    [[nodiscard]] ByteView bytes() const noexcept { return ByteView(address_).first(size_); }
    [[nodiscard]] std::uint8_t length_bits() const noexcept { return length_bits_; }
    [[nodiscard]] bool is_single_address() const noexcept { return length_bits_ == size_ * 8; }
    /// Whether every address of `other` lies inside. IPv4 is never inside IPv6.
    [[nodiscard]] bool contains(const IpNetwork& other) const noexcept;
    /// "203.0.113.7" or "203.0.113.0/24": the length is left out for a single address.
    [[nodiscard]] std::string to_string() const;
    /// Always with the length: "203.0.113.7/32".
    [[nodiscard]] std::string to_cidr() const;
    /// Without the length.
    [[nodiscard]] std::string address_text() const;

    friend bool operator==(const IpNetwork&, const IpNetwork&) = default;

private:
    IpNetwork() = default;
    std::array<std::uint8_t, 16> address_{};
    std::uint8_t size_ = 4;
    std::uint8_t length_bits_ = 32;
};

}  // namespace streamforge::cdn
