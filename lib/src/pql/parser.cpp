#include "pql/parser.hpp"

#include "pql/words.hpp"

namespace waybill::pql {
namespace {

constexpr std::size_t most_levels = 64;

} // namespace

parser::parser(std::string_view text) : text_(text), lexed_(lex(text)), tokens_(lexed_.tokens) {}

tree parser::run() {
    skip_lambda_head();
    tree_.root = expression();
    if (!sees(token_kind::end)) fail_unexpected();
    need_condition(tree_.root);
    if (noted_) throw refusal{*noted_};
    return std::move(tree_);
}

const token& parser::ahead(std::size_t distance) const {
    return tokens_[std::min(at_ + distance, tokens_.size() - 1)];
}

bool parser::sees_word(std::string_view word, std::size_t distance) const {
    const auto& one = ahead(distance);
    return one.kind == token_kind::name && text_of(one) == word;
}

bool parser::sees_free_name(std::size_t distance) const {
    const auto& one = ahead(distance);
    return one.kind == token_kind::name && !is_reserved(text_of(one));
}

bool parser::take(token_kind kind) {
    if (!sees(kind)) return false;
    ++at_;
    return true;
}

bool parser::take_word(std::string_view word) {
    if (!sees_word(word)) return false;
    ++at_;
    return true;
}

std::uint32_t parser::expect(token_kind kind, const char* wanted) {
    const auto position = here().begin;
    if (!take(kind)) fail_unexpected(wanted);
    return position;
}

void parser::enter(std::size_t position) {
    if (++depth_ > most_levels)
        fail("too_deep", "more than " + std::to_string(most_levels) + " levels stand inside each other",
             position);
}

void parser::fail(const char* code, std::string message, std::size_t position) const {
    throw refusal{{code, std::move(message), position}};
}

void parser::note(const char* code, std::string message, std::size_t position) {
    if (!noted_ || position < noted_->position) noted_ = {code, std::move(message), position};
}

void parser::fail_unexpected(const char* wanted) const {
    const auto& one = here();
    if (one.kind == token_kind::bad) throw refusal{*lexed_.error};
    if (one.kind == token_kind::end)
        fail("syntax", std::string("expected ") + (wanted ? wanted : "more") + ", found the end", one.begin);
    const auto word = text_of(one);
    if (one.kind == token_kind::name && is_foreign_function(word))
        fail("unsupported", std::string(word) + " is not supported", one.begin);
    constexpr std::size_t shown = 40;
    std::string message = "unexpected " + std::string(word.substr(0, shown));
    auto hint = word == "not" && sees_word("in", 1) ? ", write notIn" : hint_for(word);
    if (hint.empty() && wanted) hint = std::string(", expected ") + wanted;
    fail("syntax", message + hint, one.begin);
}

parser::index parser::add(node made, const std::vector<index>& children) {
    made.first = static_cast<index>(tree_.children.size());
    made.count = static_cast<index>(children.size());
    tree_.children.insert(tree_.children.end(), children.begin(), children.end());
    tree_.nodes.push_back(made);
    return static_cast<index>(tree_.nodes.size() - 1);
}

parser::index parser::add_text(op what, std::uint8_t types, std::uint32_t position, std::string text) {
    tree_.texts.push_back(std::move(text));
    return add({.what = what,
                .types = types,
                .position = position,
                .text = static_cast<index>(tree_.texts.size() - 1)});
}

/// The value with the steps applied to it in turn.
parser::index parser::piped(index base, const std::vector<index>& steps, std::uint32_t position) {
    if (steps.empty()) return base;
    std::vector<index> all{base};
    all.insert(all.end(), steps.begin(), steps.end());
    return add({.what = op::pipeline, .types = at(steps.back()).types, .position = position}, all);
}

parser::index parser::need_condition(index which) {
    constexpr auto decidable = may_be::boolean | may_be::array | may_be::object;
    if ((at(which).types & decidable) == 0 || at(which).what == op::list)
        note("not_boolean", "a condition is needed here, compare it with something", at(which).position);
    return which;
}

parser::index parser::need_types(index which, std::uint8_t wanted, const char* what) {
    if ((at(which).types & wanted) == 0)
        note("type_mismatch", std::string("expected ") + what, at(which).position);
    return which;
}

/// `(Name) =>`, under which the profile is known then.
void parser::skip_lambda_head() {
    if (!sees(token_kind::open) || !sees_free_name(1)) return;
    if (ahead(2).kind == token_kind::comma && ahead(3).kind == token_kind::name &&
        ahead(4).kind == token_kind::close && ahead(5).kind == token_kind::arrow)
        fail("unsupported", "an expression is about one profile", ahead(3).begin);
    if (ahead(2).kind != token_kind::close || ahead(3).kind != token_kind::arrow) return;
    names_.push_back({text_of(ahead(1)), op::profile, 0});
    at_ += 4;
}

parser::index parser::expression() {
    const auto position = here().begin;
    const auto first = conjunction();
    if (!sees_word("or")) return first;
    std::vector<index> operands{need_condition(first)};
    while (take_word("or"))
        operands.push_back(need_condition(conjunction()));
    return add({.what = op::any_of, .types = may_be::boolean, .position = position}, operands);
}

parser::index parser::conjunction() {
    const auto position = here().begin;
    const auto first = negation();
    if (!sees_word("and")) return first;
    std::vector<index> operands{need_condition(first)};
    while (take_word("and"))
        operands.push_back(need_condition(negation()));
    return add({.what = op::all_of, .types = may_be::boolean, .position = position}, operands);
}

parser::index parser::negation() {
    const auto position = here().begin;
    if (!take_word("not") && !take(token_kind::bang)) return compared();
    const nested level(*this, position);
    const auto operand = need_condition(negation());
    return add({.what = op::negation, .types = may_be::boolean, .position = position}, {operand});
}

bool parser::take_relation(relation& found) {
    switch (here().kind) {
    case token_kind::equal: found = relation::equal; break;
    case token_kind::not_equal: found = relation::not_equal; break;
    case token_kind::less: found = relation::less; break;
    case token_kind::less_equal: found = relation::less_equal; break;
    case token_kind::greater: found = relation::greater; break;
    case token_kind::greater_equal: found = relation::greater_equal; break;
    default: return false;
    }
    ++at_;
    return true;
}

/// One comparison, `in`, `like` or `occurs`; what follows it has to be in parentheses.
parser::index parser::compared() {
    const auto position = here().begin;
    const auto left = sum();
    node made{.types = may_be::boolean, .position = position};
    if (take_relation(made.relation)) {
        made.what = op::compare;
        return add(made, {left, sum()});
    }
    if (sees_word("in") || sees_word("notIn")) {
        made.what = take_word("in") ? op::in : op::not_in;
        if (made.what == op::not_in) ++at_;
        return add(made, {left, need_types(sum(), may_be::array, "an array")});
    }
    if (take_word("like")) {
        made.what = op::like;
        return add(made, {left, sum()});
    }
    return take_word("occurs") ? occurs(left, position) : left;
}

parser::index parser::sum() {
    const auto position = here().begin;
    const auto first = product();
    std::vector<index> steps;
    while (sees(token_kind::plus) || sees(token_kind::minus)) {
        const node step{.what = sees(token_kind::plus) ? op::plus : op::minus,
                        .types = may_be::number,
                        .position = here().begin};
        ++at_;
        steps.push_back(add(step, {product()}));
    }
    return piped(first, steps, position);
}

parser::index parser::product() {
    const auto position = here().begin;
    const auto first = signed_value();
    std::vector<index> steps;
    for (;;) {
        node step{.types = may_be::number, .position = here().begin};
        if (sees(token_kind::star))
            step.what = op::times;
        else if (sees(token_kind::slash))
            step.what = op::divided;
        else if (sees(token_kind::percent))
            step.what = op::remainder;
        else
            return piped(first, steps, position);
        ++at_;
        steps.push_back(add(step, {signed_value()}));
    }
}

parser::index parser::signed_value() {
    const auto position = here().begin;
    if (!take(token_kind::minus)) return postfix();
    const nested level(*this, position);
    const auto operand = signed_value();
    return add({.what = op::negative, .types = may_be::number, .position = position}, {operand});
}

} // namespace waybill::pql
