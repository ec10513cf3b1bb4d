#include "dataset/output_columns.hpp"

#include <algorithm>

#include <waybill/error_codes.hpp>
#include <waybill/field_paths.hpp>

namespace waybill::dataset {

std::vector<std::string> output_columns(const new_export_job& request) {
    constexpr const char* events = "eventList";
    auto columns = split_fields(request.fields.value_or("")).value_or(std::vector<std::string>{});
    if (columns.empty()) return columns;
    if (request.events && std::find(columns.begin(), columns.end(), events) == columns.end())
        columns.emplace_back(events);
    return columns;
}

std::optional<job_error> check_output(const export_job& job) {
    if (job.output.format != dataset_format::csv || !output_columns(job.request).empty()) return std::nullopt;
    return errors::csv_without_fields.about(job.request.dataset_id);
}

} // namespace waybill::dataset
