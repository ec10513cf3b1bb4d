// What all who read or write a profile store have to do. One thread. Throws `store_failure`.
#pragma once

#include "sql/change_count.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"

namespace waybill::profile {

inline void expect_newest_schema(sql::connection& on) {
    sql::expect_newest_schema(on, sql::profiles_migrations(), "import into it to bring it up");
}

/// Within each transaction that changes something: tells readers' snapshots apart.
using sql::count_change;

} // namespace waybill::profile
