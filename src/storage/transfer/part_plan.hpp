#pragma once

#include <cstdint>
#include <optional>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

/// How an object is cut. Parts are counted from 1.
struct PartPlan {
    std::optional<std::uint64_t> size_bytes{};  ///< Empty: not known before its end.
    std::uint64_t part_bytes = 0;               ///< Of the first parts; of all but the last when the size is known.
    std::uint64_t largest_part_bytes = 0;       ///< To which parts of a stream grow.
    std::uint32_t growth_every = 0;             ///< Parts after which a stream's parts double; 0: never.
    std::uint32_t max_parts = 10'000;

    /// How long part `number` is; of a stream: at most.
    [[nodiscard]] std::uint64_t length_of(std::uint32_t number) const noexcept;
    /// Where part `number` begins.
    [[nodiscard]] std::uint64_t offset_of(std::uint32_t number) const noexcept;
    /// Of an object of known size; at least 1.
    [[nodiscard]] std::uint32_t count() const noexcept;

    friend bool operator==(const PartPlan&, const PartPlan&) = default;
};

/// Cuts an object so that no limit of the store is passed: as many parts of `wanted_bytes` (0: 8 MiB) as there may be, longer ones
/// for longer objects; a stream's parts grow from there as far as `memory_bytes` lets them. Pure.
/// *Errors*: `limit_exceeded` when the object is too long for the store, `invalid_argument` when the wishes contradict its limits.
[[nodiscard]] Result<PartPlan> plan_parts(std::optional<std::uint64_t> size_bytes, const Capabilities& limits, std::uint64_t wanted_bytes,
                                          std::uint64_t memory_bytes);

}  // namespace streamforge::storage
