// Looks at a store as people read them, and as programs do. To stdout, but for the JSON.
#pragma once

#include <cstddef>
#include <optional>

#include <nlohmann/json.hpp>

#include "store_look.hpp"

namespace waybill::tool {

/// For `stats`: by tenant and status, what waits longest, sizes, owner.
void print_statistics(const store_look& seen);
nlohmann::ordered_json statistics_json(const store_look& seen);

/// For `top`: by status, what happens a second, and at most so many running jobs.
void print_activity(const store_look& seen, const std::optional<move_rates>& rates, std::size_t most_running);
nlohmann::ordered_json activity_json(const store_look& seen, const std::optional<move_rates>& rates);

} // namespace waybill::tool
