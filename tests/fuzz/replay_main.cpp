// Runs a libFuzzer harness without libFuzzer: over its corpus, and over seeded mutations of it. Usage: PROGRAM CORPUS_FOLDER
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr int mutations_of_each = 300;

std::vector<Input> read_corpus(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<Input> inputs;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return inputs;
}

/// Overwrites, cuts or doubles a few bytes, as a damaged or hostile file would.
Input mutate(Input input, std::mt19937& random) {
    const auto at = [&](std::size_t size) { return size == 0 ? 0 : random() % size; };
    for (auto steps = 1 + random() % 4; steps > 0; --steps) {
        switch (random() % 4) {
            case 0:
                if (!input.empty()) input[at(input.size())] = static_cast<std::uint8_t>(random());
                break;
            case 1:
                if (!input.empty()) input[at(input.size())] = random() % 2 == 0 ? 0x00 : 0xff;
                break;
            case 2: input.resize(at(input.size() + 1)); break;
            default: {
                const auto from = at(input.size() + 1);
                const Input piece(input.begin() + static_cast<std::ptrdiff_t>(from),
                                  input.begin() + static_cast<std::ptrdiff_t>(std::min(input.size(), from + 16)));
                input.insert(input.begin() + static_cast<std::ptrdiff_t>(at(input.size() + 1)), piece.begin(), piece.end());
            }
        }
    }
    return input;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const auto corpus = read_corpus(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "the corpus is empty\n");
        return 1;
    }
    std::mt19937 random(20240229);
    for (const auto& input : corpus) {
        LLVMFuzzerTestOneInput(input.data(), input.size());
        for (int i = 0; i < mutations_of_each; ++i) {
            const Input mutated = mutate(input, random);
            LLVMFuzzerTestOneInput(mutated.data(), mutated.size());
        }
    }
    std::printf("%zu inputs and %d mutations of each\n", corpus.size(), mutations_of_each);
    return 0;
}
