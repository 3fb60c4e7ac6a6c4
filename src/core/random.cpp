#include <streamforge/core/random.hpp>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <sys/random.h>

namespace streamforge {

Random system_random() {
    return [](std::span<std::uint8_t> into) {
        std::size_t done = 0;
        while (done < into.size()) {
            const auto got = ::getrandom(into.data() + done, into.size() - done, 0);
            if (got < 0 && errno != EINTR) std::abort();  // no randomness: nothing made of it could be trusted
            if (got > 0) done += static_cast<std::size_t>(got);
        }
    };
}

Random seeded_random(std::uint64_t seed) {
    struct State {
        std::mutex mutex;
        std::mt19937_64 engine;
    };
    auto state = std::make_shared<State>();
    state->engine.seed(seed);
    return [state](std::span<std::uint8_t> into) {
        const std::lock_guard lock(state->mutex);
        for (auto& byte : into) byte = static_cast<std::uint8_t>(state->engine());
    };
}

}  // namespace streamforge
