#include "segments/definition_rules.hpp"

#include <algorithm>
#include <variant>

#include "model/job_rules.hpp"
#include "pql/expression.hpp"

namespace waybill::segments {
namespace {

constexpr std::size_t longest_id = 256; ///< characters, as all of these
constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_description = 4'096;
constexpr std::size_t longest_other = 256;
constexpr std::size_t longest_ttl = 256 * 12 + 2; ///< of JSON: so many characters, each as two escapes

class rule_check {
  public:
    explicit rule_check(std::vector<finding>& broken) : broken_(broken) {}

    void length(std::string_view text, std::size_t least, std::size_t most, const char* path) {
        const auto characters = count_characters(text);
        if (characters < least)
            broken_.push_back({"invalid_value", "expected at least one character", path});
        else if (characters > most)
            broken_.push_back({"too_long", "expected at most " + std::to_string(most) + " characters", path});
    }
    /// Of a member that may be missing.
    void length(const std::optional<std::string>& text, std::size_t least, std::size_t most,
                const char* path) {
        if (text) length(std::string_view(*text), least, most, path);
    }
    void schema(const segment_schema& what) {
        if (!what.name && !what.id)
            broken_.push_back({"required", "must be there, or schema.id", "/schema/name"});
        length(what.name, 1, longest_other, "/schema/name");
        length(what.id, 1, longest_other, "/schema/id");
    }

  private:
    std::vector<finding>& broken_;
};

std::vector<std::string> check_expression(const std::string& text, std::vector<finding>& broken) {
    auto read = pql::parse(text);
    if (auto* const wrong = std::get_if<pql::expression_error>(&read)) {
        auto message = wrong->code + " at byte " + std::to_string(wrong->position) + ": " + wrong->message;
        broken.push_back(invalid_expression(std::move(wrong->code), std::move(message), wrong->position));
        return {};
    }
    auto asked = std::get<pql::expression>(read).segments();
    std::sort(asked.begin(), asked.end());
    return asked;
}

} // namespace

finding invalid_expression(std::string reason, std::string message, std::optional<std::size_t> position) {
    return {"invalid_expression", std::move(message), "/expression/value", std::move(reason), position};
}

std::vector<std::string> check_members(const segment_changes& what, std::vector<finding>& broken) {
    rule_check check(broken);
    check.length(what.name, 1, longest_name, "/name");
    if (what.description) check.length(*what.description, 0, longest_description, "/description");
    if (what.schema) check.schema(*what.schema);
    if (what.merge_policy_id) check.length(*what.merge_policy_id, 1, longest_id, "/mergePolicyId");
    if (what.ttl_in_days) check.length(*what.ttl_in_days, 1, longest_ttl, "/ttlInDays");
    if (what.payload_schema) check.length(*what.payload_schema, 0, longest_other, "/payloadSchema");
    check.length(what.profile_instance_id, 1, longest_other, "/profileInstanceId");
    if (!what.expression) return {};
    return check_expression(*what.expression, broken);
}

void require_members(const segment_changes& what, std::vector<finding>& broken) {
    const auto require = [&](bool there, const char* path) {
        if (!there) broken.push_back({"required", "must be there", path});
    };
    require(what.name.has_value(), "/name");
    require(what.expression.has_value(), "/expression");
    require(what.schema.has_value(), "/schema");
}

void check_id(std::string_view id, std::vector<finding>& broken) {
    rule_check(broken).length(id, 1, longest_id, "/id");
    if (id.find('\0') != std::string_view::npos)
        broken.push_back({"invalid_value", "expected a text without a NUL", "/id"});
}

} // namespace waybill::segments
