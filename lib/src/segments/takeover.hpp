// Makes staged memberships count: a step of bringing a job's batches into place, before anybody can see them
// (contract 2.3, "Place"; docs/segments.md). Taking the same over twice, or after a later publication of a
// segment, changes nothing of it. The owner's connection and thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>

#include <waybill/tenant.hpp>

#include "sql/connection.hpp"

namespace waybill::segments {

/// Whose memberships, and in which order of publications they stand.
struct staged_source {
    const tenant& owner;
    std::int64_t job_id = 0;
    std::int64_t commit_sequence = 0;
    const std::filesystem::path& file;
};

void take_over(sql::connection& on, const staged_source& what);

} // namespace waybill::segments
