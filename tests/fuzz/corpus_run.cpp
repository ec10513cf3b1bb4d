// Feeds a target with each file of its corpus, and with what lies near it: the file cut short and with single
// bits turned. So that every build, with whatever compiler, holds what the fuzzers have found.
//   corpus_run DIRECTORY
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/invariant.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_cuts = 256;  ///< of one file
constexpr std::size_t most_turns = 512; ///< of one file

std::string current; ///< what is being fed, for whoever reads of an abort

void tell_current(int) {
    std::fprintf(stderr, "with %s\n", current.c_str());
    std::signal(SIGABRT, SIG_DFL);
}

void feed(const std::string& name, const std::string& bytes) {
    current = name;
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end()); // a sanitizer sees the very end
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void feed_cuts(const std::string& name, const std::string& bytes) {
    const auto step = std::max<std::size_t>(1, bytes.size() / most_cuts);
    for (std::size_t length = 0; length < bytes.size(); length += step)
        feed(name + ", its first " + std::to_string(length) + " bytes", bytes.substr(0, length));
}

void feed_turns(const std::string& name, const std::string& bytes) {
    const auto bits = bytes.size() * 8;
    // An odd step comes to every bit of a byte, in one byte or another.
    const auto step = bits <= most_turns ? 1 : bits / most_turns | 1U;
    for (std::size_t bit = 0; bit < bits; bit += step) {
        auto turned = bytes;
        turned[bit / 8] = static_cast<char>(static_cast<unsigned char>(turned[bit / 8]) ^ (1U << bit % 8));
        feed(name + ", bit " + std::to_string(bit) + " turned", turned);
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    std::signal(SIGABRT, tell_current);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(arguments[1])) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        const auto name = entry.path().filename().string();
        feed(name, bytes);
        feed_cuts(name, bytes);
        feed_turns(name, bytes);
        ++files;
    }
    std::printf("%zu files\n", files);
    return files == 0 ? 1 : 0; // an empty corpus shows nothing
}
