// A store as a file among files, as an operator's tool sees it: its lock, its migrations, what stands beside
// it. Functions without state, any thread; errors of the disk are thrown as `store_failure`.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include <waybill/result.hpp>
#include <waybill/store_inspection.hpp>
#include <waybill/timestamp.hpp>

#include "sql/migration.hpp"
#include "sql/owner_lock.hpp"

namespace waybill::store {

std::span<const sql::migration> known_migrations(store_kind kind);

/// Of a store (its file) or a datasets' root (its directory).
std::filesystem::path lock_of(const std::filesystem::path& store_or_datasets);

/// `owned_elsewhere` when another process owns it.
result<sql::owner_lock> own(store_kind kind, const std::filesystem::path& file);

/// `not_found` when there is no such file.
std::optional<failure> missing(const std::filesystem::path& file);

/// The path with this behind its name.
std::filesystem::path beside(std::filesystem::path file, std::string_view suffix);

/// `20180101T000000Z`, for names of files.
std::string stamp_of(timestamp moment);

/// `<file><suffix>`, or with `-2`, `-3` … behind it when that is taken, be it by a journal alone.
std::filesystem::path free_name(const std::filesystem::path& file, const std::string& suffix);

} // namespace waybill::store
