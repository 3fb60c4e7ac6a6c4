#include "unit/packaging/support/allocation_meter.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>
#include <vector>

// The replaced operators count for the whole test program; they live here so that they are linked into it exactly once.
namespace {
thread_local bool metering = false;
thread_local std::size_t largest_allocation = 0;
}  // namespace

void* operator new(std::size_t size) {
    if (metering) largest_allocation = std::max(largest_allocation, size);
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace streamforge::packaging {
namespace test {

AllocationMeter::AllocationMeter() {
    largest_allocation = 0;
    metering = true;
}
AllocationMeter::~AllocationMeter() { metering = false; }
std::size_t AllocationMeter::largest() const { return largest_allocation; }

}  // namespace test

namespace {

TEST(AllocationMeter, sees_the_largest_allocation_of_its_lifetime) {
    const std::vector<char> before(1 << 20);
    const test::AllocationMeter meter;
    const std::vector<char> small(1000);
    const std::vector<char> large(5000);
    EXPECT_EQ(meter.largest(), 5000u);
}

}  // namespace
}  // namespace streamforge::packaging
