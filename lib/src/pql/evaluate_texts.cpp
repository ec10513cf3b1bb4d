#include "pql/evaluation.hpp"

#include <cstring>

#include "pql/case_folding.hpp"
#include "json/characters.hpp"

namespace waybill::pql {
namespace {

constexpr std::int64_t bytes_folded_for_a_unit = 16;
constexpr std::int64_t steps_of_a_unit = 8;

/// In time that grows with the texts, whatever they are.
bool is_within(std::string_view text, std::string_view wanted) {
    return wanted.empty() ||
           (!text.empty() && ::memmem(text.data(), text.size(), wanted.data(), wanted.size()));
}

/// The method that is true where this one is false, and whether it is this one's opposite.
std::pair<op, bool> positive(op what) {
    switch (what) {
    case op::not_equal_to: return {op::equals, true};
    case op::not_starts_with: return {op::starts_with, true};
    case op::not_ends_with: return {op::ends_with, true};
    case op::not_contains: return {op::contains, true};
    default: return {what, false};
    }
}

/// What has to be folded as a whole before it is looked at.
bool folds_whole(op what) { return what == op::contains || what == op::ends_with; }

} // namespace

/// Both must be texts. Of an array some element has to fit, of the opposite: none, but there must be one.
bool evaluation::text_test(const node& one, const cell& from) {
    const auto [what, opposite] = positive(one.what);
    const auto argument = value(plan_.child(one, 0));
    const auto flag = one.count == 2 ? value(plan_.child(one, 1)) : cell::of(true);
    if (!argument.is_text()) return false;
    const bool with_case = flag.kind() != cell_kind::boolean || flag.truth();
    auto wanted = characters_of(argument, second_text_);
    if (!with_case && folds_whole(what)) {
        fold_case(wanted, second_folded_);
        wanted = second_folded_;
    }
    const auto fits = [&, what = what](const cell& item) { return matches(what, item, wanted, with_case); };
    if (from.is_array()) return opposite ? !is_empty(from) && !any_item(from, fits) : any_item(from, fits);
    return from.is_text() && fits(from) != opposite;
}

bool evaluation::matches(op how, const cell& from, std::string_view wanted, bool with_case) {
    if (from.is_array())
        return any_item(from, [&](const cell& item) { return matches(how, item, wanted, with_case); });
    if (!from.is_text()) return false;
    auto text = characters_of(from, first_text_);
    if (!with_case && folds_whole(how)) {
        spend(static_cast<std::int64_t>(text.size()) / bytes_folded_for_a_unit);
        fold_case(text, first_folded_);
        text = first_folded_;
    }
    switch (how) {
    case op::equals: return with_case ? text == wanted : equal_without_case(text, wanted);
    case op::starts_with: return with_case ? text.starts_with(wanted) : starts_without_case(text, wanted);
    case op::ends_with: return text.ends_with(wanted);
    default: return is_within(text, wanted);
    }
}

bool evaluation::like(const cell& from, const cell& pattern) {
    if (!pattern.is_text()) return false;
    if (from.is_array()) return any_item(from, [&](const cell& item) { return like(item, pattern); });
    return from.is_text() && is_like(characters_of(from, first_text_), characters_of(pattern, second_text_));
}

/// `%` stands for any characters, `_` for one. Goes back to the last `%` only, for what stood before it fits.
bool evaluation::is_like(std::string_view text, std::string_view pattern) {
    const auto next_character = [&](std::size_t at) {
        return at + std::max<std::size_t>(json::utf8_length(text.data() + at, text.data() + text.size()), 1);
    };
    constexpr auto none = std::string_view::npos;
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t percent = none;
    std::size_t tried = 0;
    for (std::int64_t steps = 1; at < text.size(); ++steps) {
        if (steps % steps_of_a_unit == 0) spend(1);
        const char wanted = in_pattern < pattern.size() ? pattern[in_pattern] : '\0';
        if (in_pattern < pattern.size() && wanted == '%') {
            percent = in_pattern++;
            tried = at;
        } else if (in_pattern < pattern.size() && (wanted == '_' || wanted == text[at])) {
            at = wanted == '_' ? next_character(at) : at + 1;
            ++in_pattern;
        } else if (percent != none) {
            tried = next_character(tried);
            at = tried;
            in_pattern = percent + 1;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('%', in_pattern) == none;
}

} // namespace waybill::pql
