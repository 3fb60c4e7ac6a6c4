#include "media/ffmpeg/transcode_cpu.hpp"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::size_t longest_name = 15;  // of a thread, on Linux

double own_seconds() noexcept {
    timespec now{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) return 0.0;
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

#ifdef __linux__
/// User and system time of the thread whose `stat` this is, if it bears `name`; else 0.
double seconds_of(const std::filesystem::path& stat, const std::string& name) {
    std::ifstream in(stat);
    std::string line;
    if (!std::getline(in, line)) return 0.0;
    const auto open = line.find('(');
    const auto close = line.rfind(')');
    if (open == std::string::npos || close == std::string::npos || line.substr(open + 1, close - open - 1) != name) return 0.0;
    std::istringstream fields(line.substr(close + 2));
    std::string skipped;
    constexpr int fields_before_times = 11;  // state … cmajflt
    for (int i = 0; i < fields_before_times; ++i) fields >> skipped;
    std::uint64_t user = 0, system = 0;
    fields >> user >> system;
    return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}
#endif

}  // namespace

StageCpu::StageCpu(const std::string& label) {
    static std::atomic<std::uint32_t> stages{0};
    std::array<char, 16> prefix{};
    std::snprintf(prefix.data(), prefix.size(), "sf%x:", static_cast<unsigned>(stages.fetch_add(1)));
    name_ = (prefix.data() + label).substr(0, longest_name);
}

void StageCpu::enter() const noexcept {
#ifdef __linux__
    pthread_setname_np(pthread_self(), name_.c_str());
#endif
}

double StageCpu::seconds() const {
#ifdef __linux__
    double sum = 0.0;
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
        sum += seconds_of(task.path() / "stat", name_);
    }
    if (!error && sum > 0.0) return sum;
#endif
    return own_seconds();
}

void StageCpu::run_inside(const std::function<void()>& work) const {
    std::exception_ptr failure;
    std::thread thread([&] {
        enter();
        try {
            work();
        } catch (...) {
            failure = std::current_exception();
        }
    });
    thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace streamforge::media::ffmpeg
