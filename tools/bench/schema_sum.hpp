// Stands for every migration that a kind of store has, so that a large store which was kept from an earlier
// run is used only while its schema is today's.
#pragma once

#include <filesystem>
#include <string>

#include <waybill/store_inspection.hpp>

namespace waybill::bench {

/// 16 hex digits. Makes an empty store in this directory for a moment. Throws when it cannot.
std::string schema_sum(store_kind kind, const std::filesystem::path& folder);

} // namespace waybill::bench
