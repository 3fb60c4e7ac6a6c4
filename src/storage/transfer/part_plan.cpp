#include "storage/transfer/part_plan.hpp"

#include <algorithm>

namespace streamforge::storage {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t usual_part_bytes = 8 * mebibyte;
constexpr std::uint32_t growth_steps = 10;  // 1,000 parts of each length under the usual limit

Error too_long(std::uint64_t size) {
    return make_error(Errc::limit_exceeded, "storage.upload", "the object is too long for the store")
        .with("size_bytes", std::to_string(size));
}

std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

std::uint64_t PartPlan::length_of(std::uint32_t number) const noexcept {
    if (size_bytes) {
        const auto offset = offset_of(number);
        return offset >= *size_bytes ? 0 : std::min(part_bytes, *size_bytes - offset);
    }
    if (growth_every == 0) return part_bytes;
    auto length = part_bytes;
    for (std::uint32_t step = (number - 1) / growth_every; step > 0 && length < largest_part_bytes; --step) length *= 2;
    return std::min(length, largest_part_bytes);
}

std::uint64_t PartPlan::offset_of(std::uint32_t number) const noexcept {
    if (size_bytes || growth_every == 0) return part_bytes * (number - 1);
    std::uint64_t offset = 0;
    std::uint32_t left = number - 1;
    for (std::uint32_t first = 1; left > 0; first += growth_every) {
        const auto here = std::min(left, growth_every);
        offset += length_of(first) * here;
        left -= here;
    }
    return offset;
}

std::uint32_t PartPlan::count() const noexcept {
    return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, divide_up(size_bytes.value_or(0), part_bytes)));
}

Result<PartPlan> plan_parts(std::optional<std::uint64_t> size_bytes, const Capabilities& limits, std::uint64_t wanted_bytes,
                            std::uint64_t memory_bytes) {
    PartPlan plan{.size_bytes = size_bytes, .max_parts = limits.max_parts};
    plan.part_bytes = std::clamp(wanted_bytes == 0 ? usual_part_bytes : wanted_bytes, limits.min_part_bytes, limits.max_part_bytes);
    if (size_bytes) {
        if (*size_bytes > limits.max_object_bytes) return too_long(*size_bytes);
        const auto needed = divide_up(*size_bytes, limits.max_parts);
        if (needed > plan.part_bytes) plan.part_bytes = divide_up(needed, mebibyte) * mebibyte;
        plan.part_bytes = std::min(plan.part_bytes, limits.max_part_bytes);
        if (divide_up(*size_bytes, plan.part_bytes) > limits.max_parts) return too_long(*size_bytes);
        plan.largest_part_bytes = plan.part_bytes;
        return plan;
    }
    if (plan.part_bytes > memory_bytes) {
        return make_error(Errc::invalid_argument, "storage.upload", "memory_bytes must hold one part")
            .with("part_bytes", std::to_string(plan.part_bytes));
    }
    // Two of the longest parts at least, so that one can be read while another is sent.
    plan.largest_part_bytes = std::max(plan.part_bytes, std::min(limits.max_part_bytes, memory_bytes / 2));
    if (!limits.uniform_parts) plan.growth_every = std::max<std::uint32_t>(1, limits.max_parts / growth_steps);
    return plan;
}

}  // namespace streamforge::storage
