// A number in a store that grows with each transaction that changes something: readers whose connections see
// the same number see the same (table `changes`). The connection's thread. Throws `store_failure`.
#pragma once

#include <cstdint>

#include "sql/connection.hpp"

namespace waybill::sql {

/// Within each transaction that changes something.
inline void count_change(connection& on) { on.prepare("update changes set count = count + 1").run(); }

inline std::int64_t changes_seen_by(connection& on) {
    auto row = on.prepare("select count from changes");
    return row.step() ? row.integer(0) : 0;
}

} // namespace waybill::sql
