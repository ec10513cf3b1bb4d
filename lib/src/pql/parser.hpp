// The recursive-descent parser behind `parse`, and what it finds wrong by the way. Internal to the pql
// folder; one text, one thread. Ends with an exception of its own where the text is no expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pql/functions.hpp"
#include "pql/lexer.hpp"
#include "pql/tree.hpp"

namespace waybill::pql {

struct refusal {
    expression_error error;
};

class parser {
  public:
    explicit parser(std::string_view text);

    /// Throws `refusal`.
    tree run();

  private:
    using index = std::uint32_t;

    /// A name that stands for something: a quantifier's variable, a chain's label, the profile of a lambda.
    struct known_name {
        std::string_view name;
        op what;
        index level;
    };

    /// One more level of nesting, for as long as it lives.
    class nested {
      public:
        nested(parser& of, std::size_t position) : of_(of) { of_.enter(position); }
        ~nested() { --of_.depth_; }
        nested(const nested&) = delete;
        nested& operator=(const nested&) = delete;

      private:
        parser& of_;
    };

    // What stands there (parser.cpp).
    const token& here() const { return tokens_[at_]; }
    const token& ahead(std::size_t distance) const;
    std::string_view text_of(const token& one) const { return text_.substr(one.begin, one.end - one.begin); }
    bool sees(token_kind kind) const { return here().kind == kind; }
    bool sees_word(std::string_view word, std::size_t distance = 0) const;
    bool sees_free_name(std::size_t distance = 0) const;
    bool take(token_kind kind);
    bool take_word(std::string_view word);
    std::uint32_t expect(token_kind kind, const char* wanted);
    void enter(std::size_t position);
    [[noreturn]] void fail(const char* code, std::string message, std::size_t position) const;
    /// What can be read but makes no sense. The text is read on: what cannot be read comes first, and then
    /// the leftmost of these.
    void note(const char* code, std::string message, std::size_t position);
    [[noreturn]] void fail_unexpected(const char* wanted = nullptr) const;

    // Nodes.
    index add(node made, const std::vector<index>& children = {});
    index add_text(op what, std::uint8_t types, std::uint32_t position, std::string text);
    index piped(index base, const std::vector<index>& steps, std::uint32_t position);
    const node& at(index which) const { return tree_.nodes[which]; }
    index inner_level() const { return level_ + 1; }
    index need_condition(index which);
    index need_types(index which, std::uint8_t wanted, const char* what);

    // Operators (parser.cpp).
    void skip_lambda_head();
    index expression();
    index conjunction();
    index negation();
    index compared();
    bool take_relation(relation& found);
    index sum();
    index product();
    index signed_value();

    // Values (parse_values.cpp).
    index postfix();
    index primary(std::vector<index>& steps);
    index named(std::vector<index>& steps);
    index constant_word(std::string_view word);
    index list();
    index above(std::vector<index>& steps);
    index quantified();
    index binding();
    index bound_source();
    void refuse_other_uses(std::string_view name) const;

    // Calls (parse_calls.cpp).
    index member_or_method();
    index filter();
    index called_method(const method& found, std::uint32_t position);
    index argument_of(argument kind);
    index need_amount(index which);
    index call();
    index segment_test(std::uint32_t position);
    index date(std::uint32_t position);
    index choice(std::uint32_t position);
    std::vector<index> arguments(std::size_t count, std::string_view name, std::uint32_t position,
                                 bool condition_first = false);

    // Times and chains (parse_times.cpp).
    index occurs(index value, std::uint32_t position);
    std::vector<index> read_moment(node& into);
    index time();
    index need_time(index which);
    std::int64_t distance();
    index chain();
    index chain_step();

    std::string_view text_;
    lexed lexed_;
    const std::vector<token>& tokens_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    index level_ = 0; ///< of the context that bare names belong to
    std::vector<known_name> names_;
    tree tree_;
    std::optional<expression_error> noted_;
};

} // namespace waybill::pql
