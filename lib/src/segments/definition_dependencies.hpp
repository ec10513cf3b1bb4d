// The table definition_dependencies: which segments an expression asks for, whether they are defined or not.
// One thread, one connection. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/connection.hpp"

namespace waybill::segments {

/// Takes the place of what the definition asked for before. Inside a transaction.
void set_dependencies(sql::connection& on, std::int64_t definition, const std::vector<std::string>& asked);
/// What the definition asks for, sorted.
std::vector<std::string> dependencies_of(sql::connection& on, std::int64_t definition);
/// The ids of the tenant's definitions that ask for this segment, sorted.
std::vector<std::string> dependents_of(sql::connection& on, std::int64_t tenant_id, std::string_view segment);
/// Whether what the definition asks for leads, over the tenant's definitions, to this segment.
bool leads_to(sql::connection& on, std::int64_t tenant_id, std::int64_t definition, std::string_view segment);

} // namespace waybill::segments
