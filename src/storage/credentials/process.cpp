#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/try.hpp"
#include "core/unique_fd.hpp"
#include "storage/credentials/fetchers.hpp"

extern "C" char** environ;  // NOLINT: POSIX has it so

namespace streamforge::storage {
namespace {

constexpr std::size_t max_output_bytes = 64 << 10;
constexpr std::chrono::seconds patience{60};

Error failed(std::string message) { return make_error(Errc::unauthenticated, "storage.credentials.process", std::move(message)); }

/// Waits for the child whatever happens, after ending it when it is still there.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ <= 0) return;
        (void)::kill(pid_, SIGKILL);
        (void)wait();
    }
    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
        pid_ = 0;
        return status;
    }

private:
    pid_t pid_;
};

Result<std::string> read_output(int fd, const std::stop_token& stop) {
    std::string output;
    std::array<char, 4096> slice;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.credentials.process", "stopped while waiting");
        if (std::chrono::steady_clock::now() > deadline) return failed("credential_process takes too long");
        pollfd waiting{fd, POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0) continue;
        const auto count = ::read(fd, slice.data(), slice.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return output;
        output.append(slice.data(), static_cast<std::size_t>(count));
        if (output.size() > max_output_bytes) return failed("credential_process says too much");
    }
}

Result<pid_t> spawn(std::vector<std::string>& words, int output) {
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return failed("credential_process cannot be started: " + std::string(arguments[0]));
    return pid;
}

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view command) {
    std::vector<std::string> words;
    char quote = 0;
    bool open = false;
    for (std::size_t at = 0; at < command.size(); ++at) {
        const char c = command[at];
        const bool blank = c == ' ' || c == '\t';
        if (quote == 0 && blank) {
            open = false;
            continue;
        }
        if (!open) words.emplace_back();
        open = true;
        if (quote != 0 && c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && at + 1 < command.size()) {
            words.back() += command[++at];
        } else {
            words.back() += c;
        }
    }
    if (quote != 0 || words.empty() || words.front().empty()) return failed("credential_process is no command");
    return words;
}

Result<Credentials> fetch_process(const std::string& command, std::stop_token stop) {
    SF_ASSIGN(auto words, split_command(command));
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return error_from_errno(errno, "storage.credentials.process", "cannot make a pipe");
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    SF_ASSIGN(const pid_t pid, spawn(words, writing.get()));
    Child child(pid);
    writing.reset();
    SF_ASSIGN(auto output, read_output(reading.get(), stop));
    const int status = child.wait();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return failed("credential_process failed");
    const Secret text(std::move(output));
    return parse_credentials_json(text.reveal());
}

}  // namespace streamforge::storage
