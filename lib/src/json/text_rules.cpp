#include "json/text_rules.hpp"

#include <string>

#include <waybill/field_paths.hpp>
#include <waybill/timestamp.hpp>

#include "model/job_rules.hpp"

namespace waybill::json {
namespace {

verdict at_most(std::size_t most, std::string_view text, const char* of_what) {
    if (text.size() <= most || count_characters(text) <= most) return {};
    return complaint{"too_long", "expected at most " + std::to_string(most) + " characters" + of_what};
}

} // namespace

verdict bounded_text::operator()(std::string_view text) const {
    if (text.empty()) return complaint{"invalid_value", "expected at least one character"};
    return at_most(most, text, "");
}

verdict rfc3339_time::operator()(std::string_view text) const {
    if (parse_rfc3339(text)) return {};
    return complaint{"invalid_time", "expected an RFC 3339 time such as 2018-01-01T00:00:00Z"};
}

verdict dataset_name::operator()(std::string_view text) const {
    if (auto wrong = at_most(most, text, "")) return wrong;
    if (!is_dataset_id(text)) return complaint{"invalid_value", "expected letters, digits, '_' and '-'"};
    return {};
}

verdict field_list::operator()(std::string_view text) const {
    const auto paths = split_fields(text);
    if (!paths)
        return complaint{"invalid_value", "expected dot paths with commas between, none of them empty"};
    if (paths->size() > limits.field_paths)
        return complaint{"too_many", "expected at most " + std::to_string(limits.field_paths) + " paths"};
    for (const auto& path : *paths)
        if (auto wrong = at_most(limits.path_characters, path, " in each path")) return wrong;
    return {};
}

} // namespace waybill::json
