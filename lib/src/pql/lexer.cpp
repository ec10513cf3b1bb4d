#include "pql/lexer.hpp"

#include <algorithm>
#include <cstring>

#include "json/characters.hpp"

namespace waybill::pql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

token_kind kind_of_sign(char c) {
    switch (c) {
    case '(': return token_kind::open;
    case ')': return token_kind::close;
    case '[': return token_kind::open_bracket;
    case ']': return token_kind::close_bracket;
    case ',': return token_kind::comma;
    case '.': return token_kind::dot;
    case ':': return token_kind::colon;
    case '=': return token_kind::equal;
    case '<': return token_kind::less;
    case '>': return token_kind::greater;
    case '+': return token_kind::plus;
    case '-': return token_kind::minus;
    case '*': return token_kind::star;
    case '/': return token_kind::slash;
    case '%': return token_kind::percent;
    case '!': return token_kind::bang;
    case '^': return token_kind::caret;
    default: return token_kind::bad;
    }
}

token_kind kind_of_pair(char first, char second) {
    if (first == '=' && second == '>') return token_kind::arrow;
    if (second != '=') return token_kind::bad;
    switch (first) {
    case '=': return token_kind::double_equal;
    case '!': return token_kind::not_equal;
    case '<': return token_kind::less_equal;
    case '>': return token_kind::greater_equal;
    default: return token_kind::bad;
    }
}

/// The quotes that word processors make of the straight ones.
bool is_typographic_quote(std::string_view rest) {
    return rest.starts_with("\xE2\x80\x98") || rest.starts_with("\xE2\x80\x99") ||
           rest.starts_with("\xE2\x80\x9C") || rest.starts_with("\xE2\x80\x9D");
}

class lexer {
  public:
    explicit lexer(std::string_view text) : text_(text), end_(text.data() + text.size()) {}

    lexed run() {
        while (!out_.error && skip_blanks())
            read_token();
        if (!out_.error) add(token_kind::end, at_);
        return std::move(out_);
    }

  private:
    bool skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_]))
            ++at_;
        return at_ < text_.size();
    }

    char after(std::size_t distance) const {
        return at_ + distance < text_.size() ? text_[at_ + distance] : '\0';
    }

    void add(token_kind kind, std::size_t end) {
        out_.tokens.push_back({kind, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)});
        at_ = end;
    }

    void fail(const char* code, std::string message, std::size_t where) {
        at_ = where;
        add(token_kind::bad, where);
        out_.error = expression_error{code, std::move(message), where};
    }

    void read_token() {
        const char c = text_[at_];
        if (is_letter(c)) return read_name();
        if (is_digit(c) || (c == '.' && is_digit(after(1)))) return read_number();
        if (c == '"') return read_text();
        if (c == '$') return read_parameter();
        if (const auto pair = kind_of_pair(c, after(1)); pair != token_kind::bad) return add(pair, at_ + 2);
        if (const auto sign = kind_of_sign(c); sign != token_kind::bad) return add(sign, at_ + 1);
        refuse_character();
    }

    void read_name() {
        auto end = at_;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end])))
            ++end;
        add(token_kind::name, end);
    }

    std::size_t digits_from(std::size_t at) const {
        while (at < text_.size() && is_digit(text_[at]))
            ++at;
        return at;
    }

    void read_number() {
        auto end = digits_from(at_);
        if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1]))
            end = digits_from(end + 1);
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            auto exponent = end + 1;
            if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
            if (exponent < text_.size() && is_digit(text_[exponent])) end = digits_from(exponent);
        }
        add(token_kind::number, end);
    }

    void read_parameter() {
        const auto end = digits_from(at_ + 1);
        const auto number = text_.substr(at_ + 1, end - at_ - 1);
        if (number.empty()) return fail("bad_character", "unexpected $; the profile is $1", at_);
        if (number != "1")
            return fail("unknown_variable",
                        "there is no $" + std::string(number.substr(0, 20)) + ", the profile is $1", at_);
        add(token_kind::parameter, end);
    }

    void read_text() {
        auto at = at_ + 1;
        for (;;) {
            while (at < text_.size() && !json::ends_plain_run(text_[at]))
                ++at;
            if (at == text_.size() || text_[at] == '\r' || text_[at] == '\n')
                return fail("unterminated_string", "expected the closing quote of a text", at_);
            if (text_[at] == '"') return add(token_kind::text, at + 1);
            if (text_[at] == '\\') {
                const auto length = escape_length(at);
                if (length == 0) return;
                at += length;
            } else if (const auto length = json::utf8_length(text_.data() + at, end_); length != 0) {
                at += length;
            } else {
                return fail("bad_character", "expected UTF-8", at);
            }
        }
    }

    /// Of the escape at `at`; 0 when there is none, which is told.
    std::size_t escape_length(std::size_t at) {
        const auto refuse = [&](const char* message) {
            fail("bad_escape", message, at);
            return std::size_t{0};
        };
        if (at + 1 == text_.size()) {
            fail("unterminated_string", "expected the closing quote of a text", at_);
            return 0;
        }
        const char c = text_[at + 1];
        if (c == '\0' || std::strchr("\"\\/bfnrtu", c) == nullptr)
            return refuse(R"(expected one of the escapes \" \\ \/ \b \f \n \r \t \u; a backslash is \\)");
        if (c != 'u') return 2;
        const auto high = json::hex4(text_.data() + at + 2, end_);
        if (!high) return refuse("expected four hex digits after \\u");
        if (*high < 0xD800U || *high > 0xDFFFU) return 6;
        const bool paired = *high <= 0xDBFFU && text_.substr(at + 6).starts_with("\\u");
        const auto low = paired ? json::hex4(text_.data() + at + 8, end_) : std::nullopt;
        if (!low || *low < 0xDC00U || *low > 0xDFFFU)
            return refuse("a surrogate escape stands without its other half");
        return 12;
    }

    void refuse_character() {
        const auto rest = text_.substr(at_);
        const char c = rest.front();
        if (c == '@' || c == '{')
            return fail("unsupported",
                        c == '@' ? "contexts beside the profile (@{…}) are not supported"
                                 : "objects ({…}) are not supported",
                        at_);
        if (c == '\'' || is_typographic_quote(rest))
            return fail("bad_character", "write \" around a text", at_);
        if (c == '&') return fail("bad_character", "unexpected &, write and", at_);
        if (c == '|') return fail("bad_character", "unexpected |, write or", at_);
        const auto length = json::utf8_length(rest.data(), end_);
        if (length == 0) return fail("bad_character", "expected UTF-8", at_);
        const bool shown = static_cast<unsigned char>(c) >= 0x20U && c != '\x7F';
        fail("bad_character",
             shown ? "unexpected " + std::string(rest.substr(0, length)) : "unexpected control character",
             at_);
    }

    std::string_view text_;
    const char* end_;
    std::size_t at_ = 0;
    lexed out_;
};

} // namespace

lexed lex(std::string_view text) { return lexer(text).run(); }

} // namespace waybill::pql
