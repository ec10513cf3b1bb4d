// Which columns a job's rows have, when its dataset is CSV, and whether it can be written at all. Pure
// functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <waybill/export_job.hpp>

namespace waybill::dataset {

/// A column a path, as sent but trimmed, and `eventList` behind them when events are asked for. None when the
/// job asks for all fields, which no header could name.
std::vector<std::string> output_columns(const new_export_job& request);

/// Why the job's dataset can take no rows of it; nothing when it can.
std::optional<job_error> check_output(const export_job& job);

} // namespace waybill::dataset
