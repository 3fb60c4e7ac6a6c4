#include "support/blocking.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <set>
#include <thread>

#if defined(__linux__)
#include <sys/syscall.h>
#endif
#include <unistd.h>

namespace streamforge::python {
namespace {

/// How often the main thread looks for signals while a call runs.
constexpr std::chrono::milliseconds signal_interval{25};
/// How long the end of the interpreter waits for calls that were told to stop.
constexpr std::chrono::seconds exit_patience{10};
/// For threads whose calls had returned already, and that are on their way out of C++.
constexpr std::chrono::milliseconds exit_grace{20};

/// All calls that run, of both extensions of the package. Lives as long as the process.
struct Lifeline {
    std::mutex mutex;
    std::condition_variable emptied;
    std::set<std::stop_source*> running;
    std::map<std::uint64_t, std::function<void()>> closers;
    std::uint64_t next_number = 1;
    bool closing = false;
    pid_t process = getpid();

    /// A forked child has none of its parent's threads, so none of its calls either.
    void notice_fork() {
        if (process == getpid()) return;
        process = getpid();
        running.clear();
        closers.clear();
        closing = false;
    }
};

Lifeline& lifeline() {
    static Lifeline& shared = *[] {
        constexpr auto key = "streamforge.lifeline";
        if (void* existing = py::get_shared_data(key)) return static_cast<Lifeline*>(existing);
        return static_cast<Lifeline*>(py::set_shared_data(key, new Lifeline));
    }();
    return shared;
}

bool on_main_thread() {
#if defined(__linux__)
    return syscall(SYS_gettid) == getpid();
#else
    return true;  // then signals are looked at for any thread, which Python answers for its main thread only
#endif
}

bool is_closing() {
    auto& life = lifeline();
    const std::lock_guard lock(life.mutex);
    return life.closing;
}

/// Holds a thread for the rest of the process. While the interpreter ends only its main thread may take the GIL: any other would be
/// ended inside of C++ frames, which aborts the process. Such threads are daemons, which Python abandons as well.
[[noreturn]] void park() {
    for (;;) pause();
}

}  // namespace

Operation::Operation(const StopSource* outer) {
    if (!on_main_thread() && is_closing()) {
        py::gil_scoped_release release;
        park();
    }
    auto& life = lifeline();
    const std::lock_guard lock(life.mutex);
    life.notice_fork();
    if (life.closing) throw Exception(make_error(Errc::cancelled, "python.call", "the interpreter is ending"));
    life.running.insert(&source_);
    if (outer != nullptr) link_.emplace(outer->source.get_token(), [this] { source_.request_stop(); });
}

Operation::~Operation() {
    link_.reset();
    auto& life = lifeline();
    const std::lock_guard lock(life.mutex);
    life.running.erase(&source_);
    if (life.running.empty()) life.emptied.notify_all();
}

void Operation::fail(py::error_already_set raised) {
    {
        const std::lock_guard lock(mutex_);
        if (!raised_) raised_ = std::make_exception_ptr(std::move(raised));
    }
    source_.request_stop();
}

void Operation::run_watched(const std::function<void()>& body, std::exception_ptr& failure) {
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    std::thread worker([&] {
        try {
            body();
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock(mutex);
        done = true;
        ended.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, signal_interval, [&] { return done; })) {
        lock.unlock();
        {
            py::gil_scoped_acquire gil;
            if (PyErr_CheckSignals() != 0) fail(py::error_already_set());
        }
        lock.lock();
    }
    lock.unlock();
    worker.join();
}

void Operation::run(const std::function<void()>& body) {
    std::exception_ptr failure;
    {
        py::gil_scoped_release release;
        if (on_main_thread()) {
            run_watched(body, failure);
        } else {
            try {
                body();
            } catch (...) {
                failure = std::current_exception();
            }
            if (is_closing()) {
                auto& life = lifeline();
                {
                    const std::lock_guard lock(life.mutex);
                    life.running.erase(&source_);
                    if (life.running.empty()) life.emptied.notify_all();
                }
                park();
            }
        }
    }
    const std::lock_guard lock(mutex_);
    if (raised_) std::rethrow_exception(std::exchange(raised_, nullptr));
    if (failure) std::rethrow_exception(failure);
}

std::uint64_t close_at_exit(std::function<void()> close) {
    auto& life = lifeline();
    const std::lock_guard lock(life.mutex);
    life.notice_fork();
    life.closers.emplace(life.next_number, std::move(close));
    return life.next_number++;
}

void forget_close(std::uint64_t number) {
    auto& life = lifeline();
    const std::lock_guard lock(life.mutex);
    life.closers.erase(number);
}

void stop_everything() {
    py::gil_scoped_release release;
    auto& life = lifeline();
    std::map<std::uint64_t, std::function<void()>> closers;
    {
        const std::lock_guard lock(life.mutex);
        life.notice_fork();
        life.closing = true;
        closers.swap(life.closers);
        for (auto* source : life.running) source->request_stop();
    }
    for (const auto& [number, close] : closers) close();
    std::unique_lock lock(life.mutex);
    life.emptied.wait_for(lock, exit_patience, [&] { return life.running.empty(); });
    lock.unlock();
    std::this_thread::sleep_for(exit_grace);
}

}  // namespace streamforge::python
