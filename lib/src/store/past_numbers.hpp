// The numbers that a job store has used, as far as its file tells: what a restore must begin beyond. Asked of
// files of any version and in any condition, so each table is asked for itself.
// Belongs to the connection's thread; throws nothing for what is damaged or not there.
#pragma once

#include "sql/connection.hpp"
#include "store/state_row.hpp"

namespace waybill::store {

struct past_numbers {
    store_state highest;  ///< without the store's id
    bool complete = true; ///< whether every table could be read
};

past_numbers read_past_numbers(sql::connection& on);

} // namespace waybill::store
