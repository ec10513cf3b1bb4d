// The text of `fields`: comma-separated dot paths (contract 1.3). Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace waybill {

/// Splits at the commas and trims blanks. Nothing when a path between commas, or a member between dots, is
/// empty; a blank text has no paths, which means all fields.
std::optional<std::vector<std::string>> split_fields(std::string_view fields);

/// Whether `split_fields` would give paths.
bool is_field_list(std::string_view fields);

} // namespace waybill
