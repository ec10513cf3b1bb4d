// The floor of claiming and finishing: the same rows as the owner's verbs write, by hand against SQLite's C
// interface. It claims any number of jobs by one walk through what waits, reads them with their children as a
// claimer must, and writes what grows once a transaction. One thread at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include <waybill/tenant.hpp>

#include "floor_reader.hpp"
#include "floor_writer.hpp"

namespace waybill::bench {

/// What every finished job is told to have exported.
struct finish_numbers {
    std::int64_t rows = 1'234;
    std::int64_t bytes = 567'890;
};

class floor_claimer {
  public:
    floor_claimer(const std::filesystem::path& file, tenant owner);

    /// One transaction; the oldest jobs whose datasets nobody works on.
    std::vector<floor_job> claim(std::size_t most);
    /// One transaction; mark and success of each.
    void finish(const std::vector<floor_job>& jobs, const finish_numbers& told);

    /// The same connection, for a caller that creates while nobody claims.
    floor_writer& writer() noexcept { return writer_; }

  private:
    void finish_one(const floor_job& job, const finish_numbers& told);

    floor_writer writer_;
    tenant owner_;
    floor_children children_;
    raw_statement waiting_;
    raw_statement take_;
    raw_statement turn_;
    raw_statement publishing_;
    raw_statement mark_;
    raw_statement state_;
    raw_statement counter_;
    raw_statement totals_;
    raw_statement succeed_;
};

} // namespace waybill::bench
