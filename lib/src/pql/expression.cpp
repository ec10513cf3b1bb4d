#include "pql/expression.hpp"

#include "pql/needed_fields.hpp"
#include "pql/parser.hpp"
#include "pql/tree.hpp"

namespace waybill::pql {
namespace {

constexpr std::size_t most_bytes = 32'768;

const tree& nothing() {
    static const tree empty;
    return empty;
}

} // namespace

const std::vector<std::string>& expression::segments() const { return (tree_ ? *tree_ : nothing()).segments; }
const field_set& expression::profile_fields() const { return (tree_ ? *tree_ : nothing()).profile_fields; }
const field_set& expression::event_fields() const { return (tree_ ? *tree_ : nothing()).event_fields; }
bool expression::reads_events() const { return (tree_ ? *tree_ : nothing()).reads_events; }

std::variant<expression, expression_error> parse(std::string_view text) {
    if (text.size() > most_bytes)
        return expression_error{"too_long", "an expression has at most 32,768 bytes", most_bytes};
    try {
        auto read = std::make_shared<tree>(parser(text).run());
        note_needed_fields(*read);
        expression made;
        made.tree_ = std::move(read);
        return made;
    } catch (const refusal& found) {
        return found.error;
    }
}

} // namespace waybill::pql
