#pragma once

#include <stop_token>
#include <thread>

namespace streamforge::app {

/// Turns SIGINT and SIGTERM into a stop request. A second one ends the process at once (exit 130).
///
/// Make it before any other thread, so that all threads inherit the blocked signals.
class SignalStop {
public:
    SignalStop();
    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

private:
    std::stop_source source_;
    std::jthread waiter_;
};

}  // namespace streamforge::app
