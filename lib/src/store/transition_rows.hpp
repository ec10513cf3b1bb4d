// The table job_transitions: every creation and every move, in the order in which they became durable.
#pragma once

#include <string_view>
#include <vector>

#include <waybill/job_store.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class transition_rows {
  public:
    explicit transition_rows(sql::connection& on) : on_(on) {}

    struct entry {
        std::int64_t sequence = 0;
        job_id job = 0;
        std::optional<job_status> from;
        job_status to = job_status::new_;
        timestamp at;
        std::int64_t attempt = 0;
        std::int64_t epoch = 0;
        std::string_view actor;
        std::string_view reason;
    };
    void append(const entry& move);
    std::vector<job_transition> of_job(job_id job);
    /// Of all jobs, in order.
    std::vector<recorded_transition> after(std::int64_t sequence, std::size_t most);
    std::int64_t newest();

  private:
    sql::connection& on_;
};

} // namespace waybill::store
