#include "pql/parser.hpp"

#include <algorithm>

#include "pql/number.hpp"
#include "pql/words.hpp"
#include "json/characters.hpp"

namespace waybill::pql {
namespace {

constexpr std::size_t most_elements = 1'000;

bool is_quantifier(std::string_view word) { return word == "exists" || word == "forall" || word == "select"; }

} // namespace

parser::index parser::postfix() {
    const auto position = here().begin;
    std::vector<index> steps;
    const auto base = primary(steps);
    for (;;) {
        if (sees(token_kind::dot))
            steps.push_back(member_or_method());
        else if (sees(token_kind::open_bracket))
            steps.push_back(filter());
        else
            return piped(base, steps, position);
    }
}

/// A value without what follows it; a field is the item it belongs to and a first step.
parser::index parser::primary(std::vector<index>& steps) {
    const auto one = here();
    switch (one.kind) {
    case token_kind::text:
        ++at_;
        return add_text(op::text, may_be::text, one.begin, json::decode_string(text_of(one)));
    case token_kind::number: {
        ++at_;
        const auto value = parse_number(text_of(one));
        return add({.what = value.whole ? op::integer : op::real,
                    .types = may_be::number,
                    .position = one.begin,
                    .number = value.integer,
                    .real = value.real});
    }
    case token_kind::parameter: ++at_; return add({.what = op::profile, .position = one.begin});
    case token_kind::open: {
        ++at_;
        const nested level(*this, one.begin);
        const auto inner = expression();
        expect(token_kind::close, "a closing parenthesis");
        return inner;
    }
    case token_kind::open_bracket: return list();
    case token_kind::caret: return above(steps);
    case token_kind::name: return named(steps);
    default: fail_unexpected("a value");
    }
}

parser::index parser::named(std::vector<index>& steps) {
    const auto one = here();
    const auto word = text_of(one);
    if (is_quantifier(word) && sees_free_name(1) && sees_word("from", 2)) return quantified();
    if (is_reserved(word)) return constant_word(word);
    if (ahead(1).kind == token_kind::open) return call();
    const auto known = std::find_if(names_.rbegin(), names_.rend(),
                                    [&](const known_name& name) { return name.name == word; });
    if (known != names_.rend()) {
        ++at_;
        return add({.what = known->what, .position = one.begin, .level = known->level});
    }
    refuse_other_uses(word);
    ++at_;
    steps.push_back(add_text(op::member, may_be::anything, one.begin, std::string(word)));
    return add({.what = op::item, .position = one.begin, .level = level_});
}

parser::index parser::constant_word(std::string_view word) {
    node made{.what = op::day, .types = may_be::time, .position = here().begin};
    if (word == "true" || word == "false") {
        made.what = op::boolean;
        made.types = may_be::boolean;
        made.number = word == "true" ? 1 : 0;
    } else if (word == "xEvent") {
        made.what = op::events;
        made.types = may_be::array;
        tree_.reads_events = true;
    } else if (word == "this") {
        made.what = op::item;
        made.types = may_be::anything;
        made.level = level_;
    } else if (word == "now") {
        made.what = op::now;
    } else if (word == "yesterday" || word == "tomorrow") {
        made.number = word == "tomorrow" ? 1 : -1;
    } else if (word != "today") {
        fail_unexpected("a value");
    }
    ++at_;
    return add(made);
}

/// Constructs of the original that begin with a word and are not built.
void parser::refuse_other_uses(std::string_view name) const {
    const bool name_follows = ahead(1).kind == token_kind::name && !is_operator(text_of(ahead(1)));
    const bool value_follows = name_follows || ahead(1).kind == token_kind::open;
    if (name == "let" && name_follows && ahead(2).kind == token_kind::equal)
        fail("unsupported", "let is not supported", here().begin);
    const bool aggregate = name == "sum" || name == "average" || name == "min" || name == "max";
    if (!aggregate || !value_follows) return;
    if (name_follows && text_of(ahead(1)) != "where")
        fail("unsupported",
             std::string(name) + " … over … is not supported, write the array's " + std::string(name) + "(…)",
             here().begin);
    for (auto i = at_; i + 2 < tokens_.size(); ++i)
        if (text_of(tokens_[i]) == "over" && tokens_[i + 1].kind == token_kind::name &&
            text_of(tokens_[i + 2]) == "from")
            fail("unsupported",
                 std::string(name) + " … over … is not supported, write the array's " + std::string(name) +
                     "(…)",
                 here().begin);
}

parser::index parser::list() {
    const auto position = here().begin;
    ++at_;
    const nested level(*this, position);
    std::vector<index> elements;
    if (!sees(token_kind::close_bracket)) {
        do {
            if (elements.size() == most_elements)
                fail("too_long", "an array has at most " + std::to_string(most_elements) + " elements",
                     here().begin);
            elements.push_back(sum());
        } while (take(token_kind::comma));
    }
    expect(token_kind::close_bracket, "a comma or a closing bracket");
    return add({.what = op::list, .types = may_be::array, .position = position}, elements);
}

/// `^name`: the field of an item further out.
parser::index parser::above(std::vector<index>& steps) {
    const auto position = here().begin;
    index steps_up = 0;
    while (take(token_kind::caret))
        ++steps_up;
    take(token_kind::dot);
    const auto name = here();
    expect(token_kind::name, "a field's name");
    if (steps_up > level_)
        note("unknown_variable", "there are not so many items around this, ^ leads out of the profile",
             position);
    steps.push_back(add_text(op::member, may_be::anything, name.begin, std::string(text_of(name))));
    return add({.what = op::item, .position = position, .level = level_ - std::min(steps_up, level_)});
}

parser::index parser::quantified() {
    const auto position = here().begin;
    const auto word = text_of(here());
    node made{.what = op::exists, .types = may_be::boolean, .position = position};
    if (word == "forall") made.what = op::for_all;
    if (word == "select") {
        made.what = op::select;
        made.types = may_be::array;
    }
    ++at_;
    const auto known_before = names_.size();
    std::vector<index> bindings{binding()};
    while (sees(token_kind::comma) && sees_free_name(1) && sees_word("from", 2)) {
        ++at_;
        bindings.push_back(binding());
    }
    names_.resize(known_before);
    return add(made, bindings);
}

/// `name from source where condition`, from which on the name is known.
parser::index parser::binding() {
    const auto name = here();
    at_ += 2;
    std::vector<index> parts{bound_source()};
    const auto slot = static_cast<index>(std::count_if(
        names_.begin(), names_.end(), [](const known_name& one) { return one.what == op::variable; }));
    names_.push_back({text_of(name), op::variable, slot});
    tree_.variables = std::max(tree_.variables, slot + 1);
    const auto where = here().begin;
    if (take_word("where") || take(token_kind::colon)) {
        const nested level(*this, where);
        parts.push_back(need_condition(expression()));
    }
    return add({.what = op::binding, .types = may_be::array, .position = name.begin, .level = slot}, parts);
}

/// A quantifier may stand here without parentheses, and another in it.
parser::index parser::bound_source() {
    const auto position = here().begin;
    if (sees(token_kind::name) && is_quantifier(text_of(here()))) {
        const nested level(*this, position);
        return postfix();
    }
    return postfix();
}

} // namespace waybill::pql
