#pragma once

#include <chrono>

namespace streamforge::pipeline {

/// Wall time between laps, for reports.
class Stopwatch {
public:
    [[nodiscard]] double lap() {
        const auto now = std::chrono::steady_clock::now();
        const std::chrono::duration<double> span = now - last_;
        last_ = now;
        return span.count();
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace streamforge::pipeline
