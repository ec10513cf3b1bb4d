// Whether a database is whole: SQLite's own check of its pages, and the rows that name others. Both read all
// of it. Belongs to the connection's thread; errors are thrown as `store_failure`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sql/connection.hpp"

namespace waybill::sql {

/// One sentence for each row that names a row that is not there.
std::vector<std::string> orphaned_rows(connection& on);

/// What the integrity check finds, then the orphaned rows; empty when all is well. Damage beyond reading is a
/// finding too.
std::vector<std::string> integrity_problems(connection& on);

struct table_rows {
    std::string table;
    std::int64_t rows = 0;

    friend bool operator==(const table_rows&, const table_rows&) = default;
};

/// Of every table, in the order of their names.
std::vector<table_rows> count_rows(connection& on);

} // namespace waybill::sql
