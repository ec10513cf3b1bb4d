// The segments that evaluations are measured on, over the people of waybill-generate: conditions on what
// their records and events say, each true of about a hundredth of the profiles. One thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <vector>

#include <waybill/new_export_job.hpp>
#include <waybill/timestamp.hpp>

namespace waybill::bench {

struct bench;

struct segment_condition {
    const char* id;
    const char* expression;
};

/// Twenty, which look at other attributes each. Floor and peers find the members of the first one, too.
std::span<const segment_condition> attribute_conditions();

/// What the first condition asks for, as it stands in the texts of records of two datasets: a profile that
/// has each of these somewhere is a member.
std::span<const char* const> literals_of_the_first();
/// The same as a program for jq.
extern const char* const first_for_jq;

/// Two events of the last three months, one after the other.
extern const segment_condition event_chain;

/// What conditions call `now`: all events are earlier.
inline constexpr timestamp end_of_events{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

/// A segment store with the definitions of all of them. Made once a run.
std::filesystem::path segment_store_of(const bench& in);

/// A job that evaluates these and exports who stands to one of them in one of these ways. Nobody was a member
/// before, so nobody has `exited`.
new_export_job evaluation_of(std::span<const segment_condition> which,
                             const std::vector<membership_status>& exported = {membership_status::exited});

} // namespace waybill::bench
