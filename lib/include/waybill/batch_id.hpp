// What the id of a batch tells: it is the store's random id, the job's id and the batch's place, so that the
// job is found without an index. Pure functions, any thread; nothing is thrown.
#pragma once

#include <string_view>

#include <waybill/export_job.hpp>

namespace waybill {

/// The job whose batch it is, in the store that gave the id; 0 when no store gives such an id.
job_id job_of_batch(std::string_view batch_id) noexcept;

} // namespace waybill
