// What an evaluation is measured against, each one thread and SQLite's C interface: the records' raw texts
// searched for what a condition compares with, SQLite's own JSON functions, and events that are only read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include <waybill/tenant.hpp>

#include "raw_database.hpp"

namespace waybill::bench {

/// Reads all records in the order in which an export does.
class floor_evaluator {
  public:
    /// The literals outlive it; at most 32.
    floor_evaluator(const std::filesystem::path& profiles, const tenant& owner,
                    std::span<const char* const> literals);

    /// How many profiles have each of the literals in some record's text.
    std::int64_t run();

  private:
    raw_database database_;
    raw_statement records_;
    std::span<const char* const> literals_;
};

/// The first of `attribute_conditions` as one statement.
class json_functions {
  public:
    json_functions(const std::filesystem::path& profiles, const tenant& owner);

    /// How many profiles are members.
    std::int64_t run();

  private:
    raw_database database_;
    raw_statement members_;
};

/// Reads all events in the order of profiles, and looks at nothing in them.
class floor_event_reader {
  public:
    floor_event_reader(const std::filesystem::path& profiles, const tenant& owner);

    /// How many there are.
    std::int64_t run();

  private:
    raw_database database_;
    raw_statement events_;
};

/// How many profiles have `event_chain`: no reference, but the proof of what ours found.
std::int64_t members_of_the_chain(const std::filesystem::path& profiles, const tenant& owner);

} // namespace waybill::bench
