#include <streamforge/cdn/ip_network.hpp>

#include <gtest/gtest.h>

namespace streamforge::cdn {
namespace {

IpNetwork network(std::string_view text) { return IpNetwork::parse(text).value(); }
IpNetwork address(std::string_view text) { return IpNetwork::parse_address(text).value(); }

TEST(IpNetwork, reads_addresses_and_networks) {
    EXPECT_EQ(network("203.0.113.7").to_string(), "203.0.113.7");
    EXPECT_EQ(network("203.0.113.7").to_cidr(), "203.0.113.7/32");
    EXPECT_EQ(network("203.0.113.0/24").to_string(), "203.0.113.0/24");
    EXPECT_EQ(network("0.0.0.0/0").to_cidr(), "0.0.0.0/0");
    EXPECT_EQ(network("2001:0DB8:0001:0002::/64").to_string(), "2001:db8:1:2::/64");
    EXPECT_EQ(network("2001:db8::1/128").to_string(), "2001:db8::1");
    EXPECT_TRUE(network("2001:db8::/32").is_ipv6());
    EXPECT_EQ(network("10.0.0.0/8").length_bits(), 8);
}

TEST(IpNetwork, bare_ipv6_is_refused) {
    const auto refused = IpNetwork::parse("2001:db8::1");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("/64"), std::string::npos);
    EXPECT_TRUE(IpNetwork::parse_address("2001:db8::1"));
}

TEST(IpNetwork, what_is_no_network_is_refused) {
    for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3/8", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/x", "1.2.3.4/08",
                             "1.2.3.4/-1", "203.0.113.7/24", "2001:db8::1/64", "::/129", "2001:db8", "[::1]/128", "1.2.3.4 ", "localhost",
                             "1111:2222:3333:4444:5555:6666:7777:8888:9999/64", "::ffff:1.2.3.4/96"}) {
        EXPECT_FALSE(IpNetwork::parse(text)) << text;
    }
}

TEST(IpNetwork, contains_what_shares_its_bits) {
    EXPECT_TRUE(network("203.0.113.0/24").contains(address("203.0.113.255")));
    EXPECT_FALSE(network("203.0.113.0/24").contains(address("203.0.112.255")));
    EXPECT_TRUE(network("203.0.112.0/23").contains(network("203.0.113.0/24")));
    EXPECT_FALSE(network("203.0.113.0/24").contains(network("203.0.112.0/23")));
    EXPECT_TRUE(network("0.0.0.0/0").contains(address("8.8.8.8")));
    EXPECT_FALSE(network("0.0.0.0/0").contains(address("::1")));
    EXPECT_TRUE(network("2001:db8:1:2::/64").contains(address("2001:db8:1:2:ffff::1")));
    EXPECT_FALSE(network("2001:db8:1:2::/64").contains(address("2001:db8:1:3::1")));
    EXPECT_TRUE(network("203.0.113.7").contains(address("203.0.113.7")));
}

TEST(IpNetwork, comes_from_bytes) {
    const Bytes bytes{10, 1, 0, 0};
    EXPECT_EQ(IpNetwork::from_bytes(bytes, 16).value().to_cidr(), "10.1.0.0/16");
    EXPECT_FALSE(IpNetwork::from_bytes(bytes, 8));
    EXPECT_FALSE(IpNetwork::from_bytes(bytes, 33));
    EXPECT_FALSE(IpNetwork::from_bytes(Bytes(5), 8));
}

}  // namespace
}  // namespace streamforge::cdn
