#pragma once

#include <streamforge/cdn/capabilities.hpp>
#include <streamforge/cdn/key_ring.hpp>

namespace streamforge::cdn::cloudfront {

/// RSA of 2048 bits or P-256, with ids of letters and digits. *Errors*: `invalid_argument`, naming the key.
[[nodiscard]] Result<void> check_keys(const KeySet& keys);

[[nodiscard]] Capabilities make_capabilities();

}  // namespace streamforge::cdn::cloudfront
