#include "pql/words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace waybill::pql {
namespace {

constexpr std::array<std::string_view, 15> reserved{"and",  "or",     "not",       "in",       "notIn",
                                                    "like", "occurs", "true",      "false",    "null",
                                                    "now",  "today",  "yesterday", "tomorrow", "xEvent"};
constexpr std::array<std::string_view, 6> operators{"and", "or", "in", "notIn", "like", "occurs"};

constexpr std::array<std::pair<std::string_view, unit>, 24> units{{
    {"millisecond", unit::millisecond},
    {"milliseconds", unit::millisecond},
    {"second", unit::second},
    {"seconds", unit::second},
    {"minute", unit::minute},
    {"minutes", unit::minute},
    {"hour", unit::hour},
    {"hours", unit::hour},
    {"day", unit::day},
    {"days", unit::day},
    {"week", unit::week},
    {"weeks", unit::week},
    {"month", unit::month},
    {"months", unit::month},
    {"year", unit::year},
    {"years", unit::year},
    {"decade", unit::decade},
    {"decades", unit::decade},
    {"century", unit::century},
    {"centuries", unit::century},
    {"centurys", unit::century},
    {"millennium", unit::millennium},
    {"millennia", unit::millennium},
    {"millenniums", unit::millennium},
}};

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

bool is_reserved(std::string_view word) {
    return word == "this" || std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

bool is_operator(std::string_view word) {
    return std::find(operators.begin(), operators.end(), word) != operators.end();
}

std::optional<unit> find_unit(std::string_view word) {
    for (const auto& [name, which] : units)
        if (name == word) return which;
    return std::nullopt;
}

bool is_in_any_case(std::string_view word, std::string_view lower) {
    return std::equal(word.begin(), word.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return lower_letter(a) == b; });
}

std::string hint_for(std::string_view word) {
    if (word == "==") return ", write =";
    if (word == "null") return ", use isNull()";
    if (is_reserved(word)) return ", a field of this name is $1." + std::string(word);
    for (const auto known : reserved)
        if (known.size() == word.size() &&
            std::equal(word.begin(), word.end(), known.begin(),
                       [](char a, char b) { return lower_letter(a) == lower_letter(b); }))
            return ", write " + std::string(known);
    return {};
}

} // namespace waybill::pql
