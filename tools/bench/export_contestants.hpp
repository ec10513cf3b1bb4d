// Exports by the embedded engine as contestants, and what their references are given. One thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include <waybill/export_job.hpp>

#include "workload.hpp"

namespace waybill::bench {

/// So many exports a slice; an operation is an export. Those of the last one stay until the round's end.
contestant exporting(const bench& in, std::string name, new_export_job request, std::size_t times = 1,
                     std::function<void(export_job&)> settle = {});

/// One a slice of a job that evaluates segments of `evaluated_segments.hpp`. Memberships are never published,
/// so each begins with those that came with the profiles.
contestant evaluating(const bench& in, std::string name, new_export_job request);

/// The rows of an export of everything in one file of NDJSON, for those who begin with it. Made once a run.
std::filesystem::path rows_of_all(const bench& in);

} // namespace waybill::bench
