// The words of the language that are no names, and what to write instead of words that it does not have.
// Internal to the pql folder; pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pql/tree.hpp"

namespace waybill::pql {

/// Whether a bare name of this spelling is a word: such a field is reached by `$1.`.
bool is_reserved(std::string_view word);
/// Whether it is an operator between two values, or joins two conditions.
bool is_operator(std::string_view word);
/// `day` and `days`, and so on.
std::optional<unit> find_unit(std::string_view word);
/// Whether the words are the same but for the case of ASCII letters.
bool is_in_any_case(std::string_view word, std::string_view lower);
/// What somebody who wrote this where it does not belong may have wanted, as ", write …"; empty when unknown.
std::string hint_for(std::string_view word);

} // namespace waybill::pql
