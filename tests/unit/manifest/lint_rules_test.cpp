#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace streamforge::manifest {
namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
    std::set<std::string> found;
    const std::regex expression(pattern);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), expression); it != std::sregex_iterator(); ++it) {
        found.insert((*it)[1]);
    }
    return found;
}

// The list of rules is part of the interface: it names every rule that the code can report, and no other.
TEST(LintRules, are_all_documented) {
    const std::filesystem::path root = std::filesystem::path(STREAMFORGE_TEST_SOURCE_DIR).parent_path();
    const std::string name = R"((?:hls|apple|dash|presentation|lint)\.[a-z0-9]+(?:[.-][a-z0-9]+)*)";
    std::set<std::string> reported;
    for (const auto& entry : std::filesystem::directory_iterator(root / "src/manifest")) {
        const std::string file = entry.path().filename().string();
        if (file.rfind("lint", 0) == 0 || file.rfind("findings", 0) == 0) {
            reported.merge(matches(read_file(entry.path()), "\"(" + name + ")\""));
        }
    }
    const auto documented = matches(read_file(root / "docs/manifest-rules.md"), "`(" + name + ")`");
    EXPECT_GT(reported.size(), 80U);
    EXPECT_EQ(reported, documented);
}

}  // namespace
}  // namespace streamforge::manifest
