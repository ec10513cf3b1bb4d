// Where the datasets of one tenant stand. Any thread; `not_found` for what is not there, also for a root, and
// for what could be no dataset; throws `store_failure` when a directory cannot be read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/tenant.hpp>

namespace waybill::dataset {

/// As a path in the root.
std::filesystem::path tenant_directory(const tenant& owner);

/// By name.
result<std::vector<std::filesystem::path>> directories_of(const std::filesystem::path& root,
                                                          const tenant& owner);
result<std::filesystem::path> directory_of(const std::filesystem::path& root, const tenant& owner,
                                           const std::string& dataset_id);

} // namespace waybill::dataset
