// What a store's statistics are read from: the counts that triggers keep, and the few rows that an index
// finds. Every statement here costs the same whether there are ten jobs or ten million.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <waybill/store_statistics.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class statistics_rows {
  public:
    explicit statistics_rows(sql::connection& on) : on_(on) {}

    /// Every tenant that ever had a job, by organisation and sandbox, with its counts.
    std::vector<tenant_statistics> tenants();
    /// Of each tenant its oldest job that is `NEW`: of those held for a backoff, or of the others.
    std::vector<waiting_job> oldest_waiting(bool held);
    /// Up to `most` jobs that attempts are under way for.
    std::vector<running_job> running(std::size_t most);

    /// Adds up to `most` of the moves that came after this one, and answers which was the last of them.
    std::int64_t add_moves(std::int64_t after, std::size_t most, moves_made& to);

    int schema_version();

  private:
    void add_exports(std::int64_t after, std::int64_t last, moves_made& to);

    sql::connection& on_;
};

} // namespace waybill::store
