#include "pql/parser.hpp"

#include <algorithm>
#include <charconv>

#include "pql/calendar.hpp"
#include "pql/words.hpp"

namespace waybill::pql {
namespace {

constexpr std::size_t most_digits = 15;

} // namespace

parser::index parser::occurs(index value, std::uint32_t position) {
    node made{.what = op::occurs, .types = may_be::boolean, .position = position};
    std::vector<index> parts{need_time(value)};
    const auto times = read_moment(made);
    parts.insert(parts.end(), times.begin(), times.end());
    return add(made, parts);
}

/// What follows `occurs`, or stands in a WHEN. Answers the times that it names.
std::vector<parser::index> parser::read_moment(node& into) {
    into.moment = moment::on;
    if (take_word("before") || take_word("after")) {
        into.moment = text_of(tokens_[at_ - 1]) == "before" ? moment::before : moment::after;
        return {time()};
    }
    if (take_word("between")) {
        into.moment = moment::between;
        const auto first = time();
        if (!take_word("and")) fail_unexpected("and");
        return {first, time()};
    }
    if (take_word("on") || !take_relation(into.relation)) return {time()};
    into.number = distance();
    const auto found = sees(token_kind::name) ? find_unit(text_of(here())) : std::nullopt;
    if (!found) fail_unexpected("a unit of time such as days");
    into.unit = *found;
    ++at_;
    if (sees_word("from")) fail("unsupported", "from is not supported, write before or after", here().begin);
    into.moment = sees_word("after") ? moment::distance_after : moment::distance_before;
    if (!take_word("before") && !take_word("after")) fail_unexpected("before or after");
    return {time()};
}

parser::index parser::time() {
    const auto position = here().begin;
    const bool shifted = sees_word("this") || sees_word("last") || sees_word("next");
    const auto& after = ahead(1);
    const auto found = shifted && after.kind == token_kind::name ? find_unit(text_of(after)) : std::nullopt;
    if (!found) return need_time(postfix());
    const auto by = sees_word("this") ? 0 : sees_word("last") ? -1 : 1;
    at_ += 2;
    return add(
        {.what = op::period, .types = may_be::time, .unit = *found, .position = position, .number = by});
}

/// What can never be a time is refused, also a text that is none.
parser::index parser::need_time(index which) {
    const auto& one = at(which);
    const bool readable = one.what == op::text   ? read_time(tree_.texts[one.text]).has_value()
                          : one.what == op::real ? false
                                                 : true;
    if (!readable) note("type_mismatch", "expected a time", one.position);
    return need_types(which, may_be::time | may_be::text | may_be::number, "a time");
}

std::int64_t parser::distance() {
    const auto digits = text_of(here());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!sees(token_kind::number) || error != std::errc{} || end != digits.data() + digits.size() ||
        digits.size() > most_digits)
        fail_unexpected("a whole number of at most 15 digits");
    ++at_;
    return number;
}

/// `chain(xEvent, timestamp, [A: WHAT(…) WHEN(…) COUNT(…), …])`
parser::index parser::chain() {
    const auto position = here().begin;
    ++at_;
    const nested level(*this, here().begin);
    ++at_;
    if (!take_word("xEvent")) fail_unexpected("xEvent");
    expect(token_kind::comma, "a comma");
    if (!take_word("timestamp")) fail_unexpected("timestamp");
    expect(token_kind::comma, "a comma");
    const nested inner(*this, expect(token_kind::open_bracket, "the steps in brackets"));
    std::vector<index> steps;
    do
        steps.push_back(chain_step());
    while (take(token_kind::comma));
    expect(token_kind::close_bracket, "a comma or a closing bracket");
    expect(token_kind::close, "a closing parenthesis");
    tree_.reads_events = true;
    return add({.what = op::chain, .types = may_be::boolean, .position = position}, steps);
}

parser::index parser::chain_step() {
    const auto label = here();
    expect(token_kind::name, "a step's label");
    expect(token_kind::colon, "a colon");
    const auto takes = [&](std::string_view word) {
        if (!sees(token_kind::name) || !is_in_any_case(text_of(here()), word)) return false;
        ++at_;
        if (!sees(token_kind::open)) fail_unexpected("an opening parenthesis");
        return true;
    };
    const auto refuse_others = [&] {
        if (takes("where") || takes("gap"))
            fail("unsupported", "a chain's steps have WHAT, WHEN and COUNT only", tokens_[at_ - 1].begin);
    };
    refuse_others();
    if (!takes("what")) fail_unexpected("WHAT(…)");
    node made{.what = op::chain_step,
              .types = may_be::boolean,
              .position = label.begin,
              .text = 1,
              .level = inner_level()};
    std::vector<index> parts;
    {
        const nested level(*this, here().begin);
        ++at_;
        names_.push_back({text_of(label), op::item, inner_level()});
        parts.push_back(argument_of(argument::condition));
        names_.pop_back();
        expect(token_kind::close, "a closing parenthesis");
    }
    if (takes("when")) {
        const nested level(*this, here().begin);
        ++at_;
        const auto times = read_moment(made);
        parts.insert(parts.end(), times.begin(), times.end());
        expect(token_kind::close, "a closing parenthesis");
    }
    if (takes("count")) {
        const nested level(*this, here().begin);
        ++at_;
        const auto where = at_;
        // What is more than all events that there can be is as good as what was written.
        made.text = static_cast<index>(std::min<std::int64_t>(distance(), UINT32_MAX));
        if (made.text == 0) {
            at_ = where;
            fail_unexpected("a count of at least 1");
        }
        expect(token_kind::close, "a closing parenthesis");
    }
    refuse_others();
    return add(made, parts);
}

} // namespace waybill::pql
