#pragma once

#include <functional>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace streamforge::storage {

inline constexpr int isolated_passed = 0;
inline constexpr int isolated_skipped = 77;

/// Runs `body` in a child process whose mounts are its own, with a new file system of `size_bytes` on `path`; returns the
/// child's exit status, `isolated_skipped` where the machine allows no such thing. The child uses no GoogleTest assertions.
inline int run_with_small_disk(const std::string& path, std::size_t size_bytes, const std::function<int()>& body) {
    const auto child = ::fork();
    if (child == 0) {
        const auto user = std::to_string(::getuid());
        const auto group = std::to_string(::getgid());
        if (::unshare(CLONE_NEWNS) != 0) {
            if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ::_exit(isolated_skipped);
            std::ofstream("/proc/self/setgroups") << "deny";
            std::ofstream("/proc/self/uid_map") << "0 " + user + " 1";
            std::ofstream("/proc/self/gid_map") << "0 " + group + " 1";
        }
        if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(isolated_skipped);
        const auto options = "size=" + std::to_string(size_bytes);
        if (::mount("tmpfs", path.c_str(), "tmpfs", 0, options.c_str()) != 0) ::_exit(isolated_skipped);
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Runs `body` in a child process without the superuser's rights.
inline int run_unprivileged(const std::function<int()>& body) {
    const auto child = ::fork();
    if (child == 0) {
        constexpr unsigned nobody = 65534;
        if (::geteuid() == 0 && (::setresgid(nobody, nobody, nobody) != 0 || ::setresuid(nobody, nobody, nobody) != 0)) {
            ::_exit(isolated_skipped);
        }
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace streamforge::storage
