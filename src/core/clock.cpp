#include <streamforge/core/clock.hpp>

namespace streamforge {

Clock system_clock() {
    return [] { return std::chrono::system_clock::now(); };
}

}  // namespace streamforge
