#include "pql/parser.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "pql/calendar.hpp"
#include "pql/constant_number.hpp"
#include "pql/words.hpp"

namespace waybill::pql {

parser::index parser::member_or_method() {
    ++at_;
    const auto name = here();
    expect(token_kind::name, "a field's name");
    const auto word = text_of(name);
    if (!sees(token_kind::open)) return add_text(op::member, may_be::anything, name.begin, std::string(word));
    if (const auto* const found = find_method(word)) return called_method(*found, name.begin);
    if (is_foreign_function(word)) fail("unsupported", std::string(word) + " is not supported", name.begin);
    const auto other = spelled_otherwise(word);
    const bool method = find_method(other) != nullptr;
    fail("unknown_function",
         "there is no method " + std::string(word.substr(0, 60)) +
             (method ? ", write " + std::string(other) : ""),
         name.begin);
}

parser::index parser::filter() {
    const auto position = here().begin;
    ++at_;
    const nested level(*this, position);
    const auto condition = argument_of(argument::condition);
    expect(token_kind::close_bracket, "a closing bracket");
    return add({.what = op::filter, .types = may_be::array, .position = position, .level = inner_level()},
               {condition});
}

parser::index parser::called_method(const method& found, std::uint32_t position) {
    const nested level(*this, here().begin);
    ++at_;
    std::vector<index> given;
    if (!sees(token_kind::close)) {
        do {
            const auto kind = given.empty() ? found.first : given.size() == 1 ? found.second : argument::none;
            given.push_back(argument_of(kind));
        } while (take(token_kind::comma));
    }
    expect(token_kind::close, "a comma or a closing parenthesis");
    if (given.size() < found.least || given.size() > found.most)
        note("wrong_arguments",
             std::string(found.name) + " takes " +
                 (found.least == found.most ? "" : std::to_string(found.least) + " or ") +
                 std::to_string(found.most) + (found.most == 1 ? " argument" : " arguments"),
             position);
    node made{.what = found.what, .types = found.types, .position = position, .level = inner_level()};
    if (found.second == argument::how_many && !given.empty())
        made.text = static_cast<index>(at(given.back()).number);
    return add(made, given);
}

/// A number that is written out, of items to take.
parser::index parser::need_amount(index which) {
    constexpr std::int64_t most = 1'000'000'000;
    if (at(which).what != op::integer || at(which).number > most)
        note("type_mismatch", "expected a whole number that is written out", at(which).position);
    return which;
}

parser::index parser::argument_of(argument kind) {
    if (!looks_at_items(kind)) {
        const auto given = expression();
        switch (kind) {
        case argument::text: return need_types(given, may_be::text, "a text");
        case argument::flag: return need_types(given, may_be::boolean, "true or false");
        case argument::array: return need_types(given, may_be::array, "an array");
        case argument::how_many: return need_amount(given);
        default: return given;
        }
    }
    ++level_;
    tree_.levels = std::max(tree_.levels, inner_level());
    const auto given = expression();
    --level_;
    switch (kind) {
    case argument::amount: return need_types(given, may_be::number | may_be::array, "a number of each item");
    case argument::key:
        return need_types(given, may_be::number | may_be::text | may_be::time,
                          "a number or time of each item");
    default: return need_condition(given);
    }
}

/// A name with a parenthesis behind it, before which there is no dot.
parser::index parser::call() {
    const auto name = here();
    const auto word = text_of(name);
    if (is_in_any_case(word, "chain")) return chain();
    ++at_;
    if (word == "inSegment") return segment_test(name.begin);
    if (word == "date") return date(name.begin);
    if (word == "if") return choice(name.begin);
    node made{.what = op::current_month, .types = may_be::number, .position = name.begin};
    if (word == "currentYear") made.what = op::current_year;
    if (word == "currentDayOfMonth") made.what = op::current_day;
    if (is_function(word)) {
        arguments(0, word, name.begin);
        return add(made);
    }
    --at_;
    if (is_foreign_function(word)) fail_unexpected();
    refuse_other_uses(word);
    const auto other = spelled_otherwise(word);
    std::string hint;
    if (!other.empty()) hint = find_method(other) ? ", it is a method: x." : ", write ";
    if (!other.empty()) hint += std::string(other) + "(…)";
    fail("unknown_function", "there is no function " + std::string(word.substr(0, 60)) + hint, name.begin);
}

/// In parentheses, exactly so many.
std::vector<parser::index> parser::arguments(std::size_t count, std::string_view name, std::uint32_t position,
                                             bool condition_first) {
    const nested level(*this, here().begin);
    ++at_;
    std::vector<index> given;
    if (!sees(token_kind::close)) {
        do {
            given.push_back(expression());
            if (condition_first && given.size() == 1) need_condition(given.front());
        } while (take(token_kind::comma));
    }
    expect(token_kind::close, "a comma or a closing parenthesis");
    if (given.size() != count)
        note("wrong_arguments",
             std::string(name) + " takes " + std::to_string(count) +
                 (count == 1 ? " argument" : " arguments"),
             position);
    given.resize(count, given.empty() ? add({.position = position}) : given.front());
    return given;
}

parser::index parser::segment_test(std::uint32_t position) {
    const auto given = arguments(1, "inSegment", position).front();
    if (at(given).what != op::text) {
        note("type_mismatch", "expected a segment's id as a text", at(given).position);
        return add({.what = op::in_segment, .types = may_be::boolean, .position = position});
    }
    const auto& id = tree_.texts[at(given).text];
    const auto known = std::find(tree_.segments.begin(), tree_.segments.end(), id);
    const auto place = known - tree_.segments.begin();
    if (known == tree_.segments.end()) tree_.segments.push_back(id);
    return add({.what = op::in_segment, .types = may_be::boolean, .position = position, .number = place});
}

parser::index parser::date(std::uint32_t position) {
    const auto given = arguments(3, "date", position);
    std::array<std::optional<number>, 3> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        need_types(given[i], may_be::number, "a number");
        parts[i] = constant_number(tree_, given[i]);
    }
    if (parts[0] && parts[1] && parts[2] && !day_of(*parts[0], *parts[1], *parts[2]))
        note("invalid_date", "there is no such day", position);
    return add({.what = op::date, .types = may_be::time, .position = position}, given);
}

parser::index parser::choice(std::uint32_t position) {
    const auto given = arguments(3, "if", position, true);
    const auto types = static_cast<std::uint8_t>(at(given[1]).types | at(given[2]).types);
    return add({.what = op::choice, .types = types, .position = position}, given);
}

} // namespace waybill::pql
