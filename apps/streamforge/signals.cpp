#include "signals.hpp"

#include <csignal>
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
    // Woken, not polled: a command must not wait at its end for a watcher that sleeps.
    const std::stop_callback wake(end, [self = ::pthread_self()] { ::pthread_kill(self, SIGTERM); });
    while (true) {
        int number = 0;
        if (::sigwait(&set, &number) != 0) continue;
        if (end.stop_requested()) return;
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
