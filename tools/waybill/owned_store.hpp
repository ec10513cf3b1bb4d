// Opening a job store in order to change it, for commands that work on its file. One thread; throws
// `command_failure` and what the library throws.
#pragma once

#include <filesystem>
#include <string>

#include <waybill/job_store.hpp>

namespace waybill::tool {

/// Never creates a store, nor migrates one. When another process owns it, the message names that and says
/// `instead`, what the user can do.
job_store own_store(const std::filesystem::path& file, const std::string& instead);

} // namespace waybill::tool
