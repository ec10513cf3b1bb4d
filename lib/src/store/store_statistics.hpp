// The statistics of a store over one connection, look after look: it remembers up to which move it has
// counted. Belongs to the connection's thread.
#pragma once

#include <waybill/store_statistics.hpp>

#include "sql/connection.hpp"
#include "store/statistics_rows.hpp"
#include "store/transition_rows.hpp"

namespace waybill::store {

class statistics_reader {
  public:
    explicit statistics_reader(sql::connection& on) : on_(on), rows_(on) {}

    /// Counts moves from here on.
    void begin() { counted_up_to_ = transition_rows(on_).newest(); }
    /// Within the caller's snapshot.
    store_statistics read();

  private:
    sql::connection& on_;
    statistics_rows rows_;
    std::int64_t counted_up_to_ = 0;
    moves_made moves_;
};

} // namespace waybill::store
