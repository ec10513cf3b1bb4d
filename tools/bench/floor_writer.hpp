// The floor of the writes: what a job store does for W7, written by hand against SQLite's C interface, on the
// same schema (made by `job_store::open`, so triggers and indexes are the same) and with the same pragmas.
// Numbers come from counters, binds are positional, texts are not copied, there are no savepoints. One thread
// at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <waybill/new_export_job.hpp>
#include <waybill/tenant.hpp>

#include "raw_database.hpp"

namespace waybill::bench {

/// Numbers that a file goes on with.
struct floor_numbers {
    std::int64_t tenant = 0;
    std::int64_t epoch = 0;
    std::int64_t job = 0;
    std::int64_t transition = 0;
    std::int64_t commit_sequence = 0;
    std::int64_t time = 0;
    std::string store_id{};
};

/// Makes a job store with one tenant, and no more.
void make_empty_store(const std::filesystem::path& file, const tenant& owner);

floor_numbers read_numbers(raw_database& from);

class floor_writer {
  public:
    explicit floor_writer(const std::filesystem::path& file);

    void begin() { begin_.run(); }
    void commit() { commit_.run(); }
    /// Between the two.
    void insert(const new_export_job& request);

    void create(const new_export_job& request) {
        begin();
        insert(request);
        commit();
    }

    raw_database& database() noexcept { return database_; }
    floor_numbers& numbers() noexcept { return numbers_; }
    void append_transition(std::int64_t job, const char* from, const char* to, std::int64_t attempt,
                           const char* actor, const char* reason);

  private:
    void insert_segments(std::int64_t job, const std::vector<segment_filter>& segments);
    void write_batch_id(std::int64_t job);

    raw_database database_;
    floor_numbers numbers_;
    std::string batch_id_;
    raw_statement begin_;
    raw_statement commit_;
    raw_statement job_;
    raw_statement segment_;
    raw_statement status_;
    raw_statement batch_;
    raw_statement transition_;
};

} // namespace waybill::bench
