// How trouble with a dataset's disk is told in a job's `errors`. Pure functions, any thread.
#pragma once

#include <filesystem>
#include <new>
#include <vector>

#include <waybill/error_codes.hpp>
#include <waybill/publisher.hpp>
#include <waybill/result.hpp>

namespace waybill::dataset {

/// The error for a failure to write at, or to read back from, this path.
inline job_error disk_error(const store_failure& trouble, const std::filesystem::path& where) {
    const auto& code =
        trouble.why() == store_failure::kind::no_space ? errors::no_space : errors::output_failed;
    return code.about(where.string(), trouble.what());
}

/// What can be said when there was no memory: nothing, if there is none for the words either.
inline std::vector<job_error> no_memory_errors(const std::filesystem::path& where) noexcept {
    try {
        return {errors::output_failed.about(where.string(), "there is not enough memory")};
    } catch (const std::bad_alloc&) {
        return {};
    }
}

inline publication_report failed_report(job_error error, bool transient) {
    publication_report report;
    report.state = publication_state::failed;
    report.errors.push_back(std::move(error));
    report.transient = transient;
    return report;
}

} // namespace waybill::dataset
