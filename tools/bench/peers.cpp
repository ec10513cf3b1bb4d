#include "peers.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

#include <nlohmann/json.hpp>

namespace waybill::bench {
namespace {

/// Runs the program in the first slice of a round; it measures itself, without its own start.
class peer_runner final : public runner {
  public:
    explicit peer_runner(std::vector<std::string> command) : command_(std::move(command)) {}

    slice_time slice() override {
        if (command_.empty()) return {};
        const auto answer = nlohmann::json::parse(output_of(command_), nullptr, false);
        if (!answer.is_object()) throw std::runtime_error("a peer gave no result: " + command_.front());
        command_.clear();
        return {answer.value("operations", 0.0), answer.value("seconds", 1.0)};
    }

  private:
    std::vector<std::string> command_;
};

} // namespace

std::string output_of(const std::vector<std::string>& command) {
    std::string line;
    for (const auto& argument : command) {
        line += line.empty() ? "'" : " '";
        for (const char one : argument)
            line += one == '\'' ? std::string("'\\''") : std::string(1, one);
        line += '\'';
    }
    FILE* const pipe = ::popen(line.c_str(), "re");
    if (!pipe) throw std::runtime_error("cannot start " + line);
    std::string text;
    std::array<char, 4096> piece{};
    while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe))
        text.append(piece.data(), size);
    if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + line);
    return text;
}

peers::peers(const std::filesystem::path& folder) {
    if (!std::filesystem::is_directory(folder)) return;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.is_regular_file()) all_.push_back({entry.path().filename(), entry.path()});
    std::sort(all_.begin(), all_.end(), [](const peer& a, const peer& b) { return a.name < b.name; });
}

std::vector<contestant> peers::doing(const std::string& operation, std::size_t count) const {
    std::vector<contestant> contestants;
    for (const auto& one : all_) {
        contestants.push_back(
            {peer_prefix + one.name + ", " + operation, [one, operation, count](const auto& folder) {
                 return std::make_unique<peer_runner>(
                     std::vector<std::string>{one.program, operation, std::to_string(count), folder});
             }});
    }
    return contestants;
}

bool peers::has(const std::string& name) const {
    return std::any_of(all_.begin(), all_.end(), [&](const peer& one) { return one.name == name; });
}

contestant peers::doing(const std::string& name, const std::string& operation, std::size_t count,
                        const std::vector<std::pair<std::string, std::filesystem::path>>& files) const {
    const auto one =
        *std::find_if(all_.begin(), all_.end(), [&](const peer& any) { return any.name == name; });
    return {name + ", " + operation, [=](const std::filesystem::path& folder) {
                for (const auto& [called, file] : files)
                    std::filesystem::create_symlink(std::filesystem::absolute(file), folder / called);
                return std::make_unique<peer_runner>(
                    std::vector<std::string>{one.program, operation, std::to_string(count), folder});
            }};
}

std::vector<std::string> peers::serving(const std::string& name, const std::filesystem::path& folder) const {
    for (const auto& one : all_)
        if (one.name == name) return {one.program, "serve", "0", folder};
    return {};
}

std::vector<double> rates_of(const race_rates& rates, const std::string& name) {
    const auto at = rates.find(name);
    return at == rates.end() ? std::vector<double>{} : at->second;
}

best_peer best_of(const race_rates& rates, const std::string& prefix) {
    auto asked = prefix.substr(std::string_view(peer_prefix).size());
    best_peer best{asked.substr(0, asked.find(',')), {}};
    double median = 0;
    for (const auto& [name, of_rounds] : rates) {
        if (!name.starts_with(prefix) || median_of(of_rounds) <= 0) continue;
        best.rates.resize(std::max(best.rates.size(), of_rounds.size()));
        for (std::size_t round = 0; round < of_rounds.size(); ++round)
            best.rates[round] = std::max(best.rates[round], of_rounds[round]);
        if (median_of(of_rounds) <= median) continue;
        median = median_of(of_rounds);
        best.name = name.substr(std::string_view(peer_prefix).size());
    }
    if (best.name.empty()) best.name = "peers";
    return best;
}

} // namespace waybill::bench
