// The tokens of an expression. Words are names here; which of them are keywords depends on where they stand,
// which the parser knows. Internal to the pql folder; pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pql/expression.hpp"

namespace waybill::pql {

enum class token_kind : std::uint8_t {
    end,
    bad, ///< no token; `lexed::error` tells why. Nothing follows it.
    name,
    number,
    text,
    parameter, ///< `$1`
    open,
    close,
    open_bracket,
    close_bracket,
    comma,
    dot,
    colon,
    arrow, ///< `=>`
    equal,
    double_equal, ///< of other languages
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    plus,
    minus,
    star,
    slash,
    percent,
    bang,
    caret,
};

struct token {
    token_kind kind = token_kind::end;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct lexed {
    std::vector<token> tokens; ///< the last is `end` or `bad`
    std::optional<expression_error> error;
};

/// The text must be shorter than 4 GiB.
lexed lex(std::string_view text);

} // namespace waybill::pql
