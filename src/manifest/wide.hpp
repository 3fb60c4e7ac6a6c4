#pragma once

#include <cstdint>

namespace streamforge::manifest {

/// Products of sizes and times do not fit 64 bits.
__extension__ typedef __int128 Wide;

}  // namespace streamforge::manifest
