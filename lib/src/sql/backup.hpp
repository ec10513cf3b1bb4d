// Copies a database while others write to it, by SQLite's own backup. In one step: a backup in many begins
// again at every write. Belongs to the connection's thread; errors are thrown as `store_failure`.
#pragma once

#include <filesystem>

#include "sql/connection.hpp"

namespace waybill::sql {

/// Writes what `from` sees to `to`, a file that is not there, and makes it one that stands alone: no journal
/// beside it. Inside a `snapshot` it is exactly what that sees. Writes nothing to the source.
void copy_database(connection& from, const std::filesystem::path& to);

} // namespace waybill::sql
