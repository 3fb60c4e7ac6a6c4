#include "signals.hpp"

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace streamforge::app {
namespace {

constexpr int interrupted_exit = 130;

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void wait_for_signals(const std::stop_token& end, std::stop_source& stop) {
    const sigset_t set = stop_signals();
    constexpr timespec slice{0, 50'000'000};
    while (!end.stop_requested()) {
        if (::sigtimedwait(&set, nullptr, &slice) < 0) continue;
        if (stop.stop_requested()) ::_exit(interrupted_exit);
        stop.request_stop();
    }
}

}  // namespace

SignalStop::SignalStop() {
    const sigset_t set = stop_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error, not a death
    waiter_ = std::jthread([this](const std::stop_token& end) { wait_for_signals(end, source_); });
}

}  // namespace streamforge::app
