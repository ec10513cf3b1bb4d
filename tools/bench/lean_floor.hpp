// The lean floor: W7 alone on the leanest schema that holds it, by hand against SQLite's C interface, with a
// job store's pragmas. It keeps no timeline, no batches, no foreign keys and no rules: what a store costs
// beyond it is the price of those. One thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <waybill/new_export_job.hpp>

#include "raw_database.hpp"

namespace waybill::bench {

class lean_floor {
  public:
    /// Makes the file.
    explicit lean_floor(const std::filesystem::path& file);

    void begin() { begin_.run(); }
    void commit() { commit_.run(); }
    void insert(const new_export_job& request);
    void create(const new_export_job& request) {
        begin();
        insert(request);
        commit();
    }

  private:
    struct database_with_schema : raw_database {
        explicit database_with_schema(const std::filesystem::path& file);
    };

    database_with_schema database_;
    std::int64_t job_id_ = 0;
    std::int64_t time_ = 1'700'000'000'000;
    std::string public_id_ = std::string(32, '0');
    raw_statement begin_;
    raw_statement commit_;
    raw_statement job_;
    raw_statement segment_;
    raw_statement status_;
};

} // namespace waybill::bench
