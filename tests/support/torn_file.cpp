#include "support/torn_file.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

namespace waybill::test {
namespace {

constexpr std::int64_t sector = 512;

void apply(std::string& to, const torn_file::change& what) {
    const auto at = static_cast<std::size_t>(what.at);
    if (what.bytes.empty()) return to.resize(at);
    if (to.size() < at + what.bytes.size()) to.resize(at + what.bytes.size());
    to.replace(at, what.bytes.size(), what.bytes);
}

} // namespace

void torn_file::sync() {
    for (const auto& one : since)
        apply(synced, one);
    since.clear();
}

std::string torn_file::survivor(std::mt19937& choose, unsigned kept_of_four) const {
    const auto some = [&](std::size_t states) -> std::size_t {
        if (kept_of_four == 0) return 0;
        if (kept_of_four == 4) return states;
        return choose() % 4 < kept_of_four ? choose() % (states + 1) : 0;
    };
    auto length = static_cast<std::int64_t>(synced.size());
    const auto lengths_taken = some(since.size());
    std::int64_t longest = length;
    for (std::size_t i = 0; i < since.size(); ++i) {
        const auto& one = since[i];
        const auto end = one.at + static_cast<std::int64_t>(one.bytes.size());
        longest = std::max(longest, end);
        if (i < lengths_taken) length = one.bytes.empty() ? one.at : std::max(length, end);
    }
    std::string bytes = synced;
    bytes.resize(static_cast<std::size_t>(longest));
    std::map<std::int64_t, std::size_t> taken; // of each sector: how many changes
    for (std::size_t i = 0; i < since.size(); ++i) {
        const auto& [at, written] = since[i];
        const auto end = at + static_cast<std::int64_t>(written.size());
        for (auto from = at; from < end;) {
            const auto to = std::min(end, (from / sector + 1) * sector);
            const auto [limit, first] = taken.try_emplace(from / sector, 0);
            if (first) limit->second = some(since.size());
            if (i < limit->second)
                bytes.replace(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from), written,
                              static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from));
            from = to;
        }
    }
    bytes.resize(static_cast<std::size_t>(length));
    return bytes;
}

} // namespace waybill::test
