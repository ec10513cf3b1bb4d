// What all who read or write a segment store have to do. One thread. Throws `store_failure`.
#pragma once

#include <string>

#include <waybill/result.hpp>

#include "sql/migration.hpp"
#include "sql/migrator.hpp"

namespace waybill::segments {

inline void expect_newest_schema(sql::connection& on) {
    const auto known = sql::segments_migrations();
    if (sql::check_schema(on, known) != known.back().version)
        throw store_failure(store_failure::kind::corrupt,
                            on.file().string() +
                                ": its schema is older than this Waybill's; a host brings it up");
}

/// Within each transaction that changes something: tells readers' snapshots apart.
inline void count_change(sql::connection& on) { on.prepare("update changes set count = count + 1").run(); }

} // namespace waybill::segments
