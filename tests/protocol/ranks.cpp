#include "protocol/ranks.hpp"

#include <map>

namespace waybill::test {
namespace {

/// Calls `found` with kind and number of each marked number, and `between` with what stands between them.
template <class Found, class Between>
void each_number(const std::string& text, Found found, Between between) {
    std::size_t from = 0;
    for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', from)) {
        const auto end = text.find('}', at);
        between(from, at);
        found(text[at - 1], std::stoll(text.substr(at + 1, end - at - 1)));
        from = end + 1;
    }
    between(from, text.size());
}

} // namespace

std::string ranked(const std::string& text) {
    std::map<char, std::map<std::int64_t, int>> ranks;
    each_number(
        text, [&](char kind, std::int64_t number) { ranks[kind][number]; }, [](std::size_t, std::size_t) {});
    for (auto& [kind, numbers] : ranks) {
        int rank = 0;
        for (auto& [number, its] : numbers)
            its = number == 0 ? 0 : ++rank;
    }
    std::string out;
    each_number(
        text, [&](char kind, std::int64_t number) { out += std::to_string(ranks[kind][number]); },
        [&](std::size_t from, std::size_t to) { out.append(text, from, to - from); });
    return out;
}

} // namespace waybill::test
