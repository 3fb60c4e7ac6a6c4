#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include <streamforge/core/export.hpp>

namespace streamforge {

/// Fills a buffer with random bytes, injected wherever randomness is needed. *Thread safety*: callable from several threads.
using Random = std::function<void(std::span<std::uint8_t>)>;

/// The operating system's cryptographic generator (getrandom). Throws nothing; aborts if the system has no randomness.
[[nodiscard]] STREAMFORGE_EXPORT Random system_random();

/// A seeded, reproducible generator for tests. Not for secrets.
[[nodiscard]] STREAMFORGE_EXPORT Random seeded_random(std::uint64_t seed);

}  // namespace streamforge
