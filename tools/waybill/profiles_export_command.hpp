// `waybill profiles export`, which stands in the group of the imports.
#pragma once

#include "commands.hpp"

namespace waybill::tool {

void add_profiles_export(CLI::App& profiles, command& chosen);

} // namespace waybill::tool
