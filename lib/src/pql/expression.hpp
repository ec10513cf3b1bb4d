// One segment's condition in Profile Query Language (`pql/text`): read once into a flat tree, then evaluated
// over many profiles (docs/segments.md). An expression never changes and may be read from any thread; reading
// one throws nothing but for memory.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace waybill::pql {

/// Why a text is no expression.
struct expression_error {
    std::string code;         ///< `syntax`, `unknown_function`, `unsupported`, … (docs/segments.md)
    std::string message;      ///< what was found and what to write instead
    std::size_t position = 0; ///< bytes from the beginning to the token; the text's length at its end
};

/// Fields that an answer may depend on. Arrays are passed through; a path takes all below its end.
struct field_set {
    bool whole = false;                          ///< any field
    std::vector<std::vector<std::string>> paths; ///< names from the outermost on
};

struct tree;

class expression {
  public:
    /// What `inSegment` asks for: distinct, in the order of the text.
    const std::vector<std::string>& segments() const;
    /// Of the merged profile.
    const field_set& profile_fields() const;
    /// Of each event, besides `_id` and `timestamp`.
    const field_set& event_fields() const;
    bool reads_events() const;

  private:
    friend class evaluator;
    friend std::variant<expression, expression_error> parse(std::string_view text);
    std::shared_ptr<const tree> tree_;
};

std::variant<expression, expression_error> parse(std::string_view text);

} // namespace waybill::pql
