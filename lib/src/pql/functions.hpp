// The methods of the language: what each takes and gives. Internal to the pql folder; a constant table, any
// thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "pql/tree.hpp"

namespace waybill::pql {

enum class argument : std::uint8_t {
    none,
    value,
    text,
    flag, ///< whether case counts
    array,
    condition, ///< of each item
    amount,    ///< of each item, a number
    key,       ///< of each item, a number or time
    how_many,  ///< a number that is written there
};

struct method {
    std::string_view name;
    op what;
    std::uint8_t least; ///< arguments
    std::uint8_t most;
    argument first;
    argument second;
    std::uint8_t types; ///< of what it gives
};

/// Nothing when there is none of this name.
const method* find_method(std::string_view name);
/// A method or function that is there under the same name in another case; empty when there is none.
std::string_view spelled_otherwise(std::string_view name);
/// Whether it is documented by others, but not built.
bool is_foreign_function(std::string_view name);
bool is_function(std::string_view name);
/// Whether the argument is looked at once an item, whose context it has.
constexpr bool looks_at_items(argument kind) {
    return kind == argument::condition || kind == argument::amount || kind == argument::key;
}

} // namespace waybill::pql
