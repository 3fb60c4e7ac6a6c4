#include "pipeline/run_mark.hpp"

#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include <unistd.h>

namespace streamforge::pipeline {
namespace {

constexpr std::string_view sentence = "A StreamForge run is writing here, or was interrupted. The next run clears it.\n";
constexpr std::string_view keyword = "process ";
constexpr std::size_t longest_mark = 1024;

std::string first_word(const std::string& path) {
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

/// Processes are numbered within one boot of one machine, and there within one namespace. Empty where the system does not tell.
std::string numbering() {
    std::array<char, 64> name{};
    const ssize_t length = readlink("/proc/self/ns/pid", name.data(), name.size());
    const std::string boot = first_word("/proc/sys/kernel/random/boot_id");
    if (length <= 0 || boot.empty()) return {};
    return boot + "/" + std::string(name.data(), static_cast<std::size_t>(length));
}

/// When a process began, in the kernel's ticks: tells it from a later one of the same number. Empty when there is none.
std::string start_of(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string line;
    std::getline(file, line);
    // The second field is a name that may hold anything; field 22 is the start. Source: proc(5).
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream rest(line.substr(name_end + 1));
    std::string word;
    for (int field = 3; field <= 22; ++field) rest >> word;
    return rest ? word : std::string{};
}

struct Process {
    std::string numbering, pid, start;
};

std::optional<Process> process_of(std::string_view mark) {
    if (mark.size() > longest_mark) return std::nullopt;
    const auto at = mark.rfind(keyword);
    if (at == std::string_view::npos) return std::nullopt;
    std::istringstream words{std::string(mark.substr(at + keyword.size()))};
    Process process;
    words >> process.numbering >> process.pid >> process.start;
    if (process.start.empty() || process.pid.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return process;
}

}  // namespace

std::string make_run_mark() {
    std::string mark(sentence);
    const std::string where = numbering();
    const std::string pid = std::to_string(getpid());
    if (!where.empty()) mark += std::string(keyword) + where + " " + pid + " " + start_of("self") + "\n";
    return mark;
}

RunState state_of_run(std::string_view mark) {
    const auto process = process_of(mark);
    if (!process || process->numbering != numbering()) return RunState::unknown;
    return start_of(process->pid) == process->start ? RunState::running : RunState::ended;
}

}  // namespace streamforge::pipeline
