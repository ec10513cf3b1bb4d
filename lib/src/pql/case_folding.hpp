// Texts compared without case, by Unicode's simple case folding: one character for one, the same in every
// language. Internal to the pql folder; pure functions over UTF-8, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill::pql {

struct folding {
    std::uint32_t from;
    std::uint32_t to;
};

/// Sorted; made by `tools/case-folding`.
extern const std::array<folding, 1428> foldings;

/// The text folded, in place of what was in `out`.
void fold_case(std::string_view text, std::string& out);

/// Whether the first text folded is the second folded, without folding more of them than it takes.
bool equal_without_case(std::string_view a, std::string_view b);
bool starts_without_case(std::string_view text, std::string_view with);

} // namespace waybill::pql
