#pragma once

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/sign_policy.hpp>

namespace streamforge::cdn::testing {

inline std::string read_vector_text(const std::string& name) {
    std::ifstream file(std::string(STREAMFORGE_TEST_SOURCE_DIR) + "/vectors/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

inline nlohmann::json read_vectors(const std::string& name) { return nlohmann::json::parse(read_vector_text(name)); }

inline crypto::PrivateKey test_key(const std::string& name) {
    return crypto::PrivateKey::from_pem(read_vector_text("keys/" + name)).value();
}

inline std::string text_of(const nlohmann::json& item, const char* name) {
    return item.contains(name) && item[name].is_string() ? item[name].get<std::string>() : std::string();
}

inline std::optional<TimePoint> time_of(const nlohmann::json& item, const char* name) {
    if (!item.contains(name) || !item[name].is_number()) return std::nullopt;
    return TimePoint(std::chrono::seconds(item[name].get<std::int64_t>()));
}

/// The policy that a case describes with `scope`, `resource`, `expires`, `starts` and `client_ip`.
inline SignPolicy policy_of(const nlohmann::json& item) {
    SignPolicy policy;
    const std::string scope = text_of(item, "scope");
    policy.scope = scope == "prefix" ? Scope::prefix : scope == "pattern" ? Scope::pattern : Scope::exact;
    policy.resource = text_of(item, "resource");
    if (policy.scope == Scope::prefix && policy.resource.ends_with('*')) policy.resource.pop_back();
    policy.expires_at = time_of(item, "expires");
    policy.starts_at = time_of(item, "starts");
    if (const std::string client = text_of(item, "client_ip"); !client.empty()) policy.client_ip = IpNetwork::parse(client).value();
    return policy;
}

}  // namespace streamforge::cdn::testing
