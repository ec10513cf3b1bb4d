// Where a moment or a cursor lies among the ids. Ids are handed out in the order of creation times and the
// database refuses any other, so a stretch of the listing's order is a range of ids, found without an index
// on times: by the neighbours of the cursor's id, else by bisection.
#pragma once

#include <optional>

#include <waybill/export_job.hpp>
#include <waybill/job_page.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

/// The ids from `from` on, up to but without `before`.
struct id_range {
    job_id from = 0;
    job_id before = 0;
};

class creation_order {
  public:
    explicit creation_order(sql::connection& on) : on_(on) {}

    /// What lies after the query's cursor and between its times.
    id_range range_of(const job_query& query);
    /// The lowest id from which on every job was created at this moment or later.
    job_id first_at(std::int64_t creation_time);
    /// The highest id below this one that a job has, whoever's it is.
    std::optional<job_id> last_before(job_id id);

  private:
    job_id first_from(const cursor& position);
    sql::connection& on_;
};

} // namespace waybill::store
