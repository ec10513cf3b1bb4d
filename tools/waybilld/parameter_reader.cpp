#include "parameter_reader.hpp"

#include <algorithm>
#include <utility>

namespace waybill::http {

std::optional<std::string> parameter_reader::value_of(std::string_view name) {
    const auto is_it = [name](const query_parameter& parameter) { return parameter.name == name; };
    const auto found = std::find_if(parameters_.begin(), parameters_.end(), is_it);
    if (found == parameters_.end()) return std::nullopt;
    if (std::any_of(found + 1, parameters_.end(), is_it))
        complain("too_many", "expected this parameter once", name);
    else if (!found->value)
        complain("invalid_value", "expected two hex digits after each %", name);
    else if (found->value->empty())
        complain("invalid_value", "expected a value", name);
    else
        return found->value;
    return std::nullopt;
}

void parameter_reader::complain(const char* code, std::string message, std::string_view name) {
    findings.push_back({code, std::move(message), "?" + std::string(name)});
}

} // namespace waybill::http
