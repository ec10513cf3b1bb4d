// The value of arithmetic that has only numbers in it, for what is decided while an expression is read.
// Internal to the pql folder; a pure function.
#pragma once

#include <cstdint>
#include <optional>

#include "pql/number.hpp"
#include "pql/tree.hpp"

namespace waybill::pql {

/// Nothing when the value depends on anything, or is no number.
std::optional<number> constant_number(const tree& of, std::uint32_t which);

} // namespace waybill::pql
