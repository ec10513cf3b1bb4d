// Since when batches are superseded, told in the running time of those who own the root: a wall clock that is
// turned makes no batch old, and neither does a host that is down. A small file at the root, which only the
// owner writes. Throws `store_failure`: `corrupt` for a damaged file, which is never overwritten,
// `newer_schema` for one of a newer Waybill.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include <waybill/store_backup.hpp>

namespace waybill::dataset {

struct superseded_ledger {
    std::chrono::milliseconds running{0}; ///< of all owners so far, by the monotonic clock
    /// By batch id: how much of it had passed when the batch was first seen to be superseded.
    std::map<std::string, std::chrono::milliseconds> since{};
    /// Numbers of batches that are gone, where nothing that stayed has one as high: a restore must begin
    /// beyond them.
    used_numbers gone{};

    friend bool operator==(const superseded_ledger&, const superseded_ledger&) = default;
};

/// An empty one while there is no such file.
superseded_ledger read_ledger(const std::filesystem::path& root);

/// Durable when it returns.
void replace_ledger(const std::filesystem::path& root, const superseded_ledger& what);

} // namespace waybill::dataset
