#pragma once

#include <cstddef>

namespace streamforge::packaging::test {

/// Watches `operator new` on this thread while it lives.
class AllocationMeter {
public:
    AllocationMeter();
    AllocationMeter(const AllocationMeter&) = delete;
    AllocationMeter& operator=(const AllocationMeter&) = delete;
    ~AllocationMeter();
    /// Bytes of the largest single allocation so far.
    [[nodiscard]] std::size_t largest() const;
};

}  // namespace streamforge::packaging::test
