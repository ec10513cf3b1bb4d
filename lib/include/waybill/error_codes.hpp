// The one table of the codes in a job's `errors` (contract 2.8): three digits for the module (008
// segmentation, 009 profiles and datasets, 010 job), seven for the error. docs/errors.md shows the same
// table; a test compares.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <waybill/export_job.hpp>

namespace waybill {

struct error_code {
    std::string_view code;
    std::string_view message; ///< `{}` stands for what it is about

    /// The error with `{}` replaced; `cause` is what the system or a library said, and becomes `callStack`.
    job_error about(std::string_view subject = {}, std::string cause = {}) const {
        std::string msg(message);
        if (const auto at = msg.find("{}"); at != std::string::npos) msg.replace(at, 2, subject);
        return {std::string(code), std::move(msg), std::move(cause)};
    }
};

namespace errors {
inline constexpr error_code segments_not_evaluated{"0080000001",
                                                   "Segment definitions cannot be evaluated here"};
inline constexpr error_code evaluation_too_costly{"0080000002",
                                                  "Evaluating segment '{}' takes too much work"};
inline constexpr error_code memberships_not_taken{
    "0080000003", "The staged memberships of job {} cannot be published here"};
inline constexpr error_code output_failed{"0090000009", "Error writing profiles to output path '{}'"};
inline constexpr error_code profiles_unreadable{"0090000010", "Error reading profiles from '{}'"};
inline constexpr error_code unknown_merge_policy{"0090000011", "Merge policy '{}' is not known"};
inline constexpr error_code bad_staged_batch{"0090000013", "Staged batch '{}' is not as its manifest says"};
inline constexpr error_code foreign_batch{"0090000014",
                                          "Batch '{}' is in place, but of another job or attempt"};
inline constexpr error_code lost_batch{"0090000015", "Batch '{}' is neither staged nor in place"};
inline constexpr error_code no_space{"0090000016", "No space left at '{}'"};
inline constexpr error_code csv_without_fields{"0090000017", "Dataset '{}' is CSV, which needs fields"};
inline constexpr error_code outside_root{"0090000018", "Output path '{}' leads out of the datasets' root"};
inline constexpr error_code export_failed{"0100000003", "Error in Export Job"};
inline constexpr error_code deadline_passed{"0100000004", "The attempt ran longer than {}"};
inline constexpr error_code host_ended{"0100000006", "The host ended while the attempt {} ran"};
inline constexpr error_code staging_claimed{"0100000007", "The staging directory '{}' is claimed already"};
inline constexpr error_code spark_refused{"0100000008", "Spark refuses the driver: {}"};
inline constexpr error_code spark_ended{"0100000009", "The Spark driver {} ended without a result"};
inline constexpr error_code spool_damaged{"0100000010", "What was agreed with Spark in '{}' cannot be read"};

inline constexpr std::array all{
    segments_not_evaluated,
    evaluation_too_costly,
    memberships_not_taken,
    output_failed,
    profiles_unreadable,
    unknown_merge_policy,
    bad_staged_batch,
    foreign_batch,
    lost_batch,
    no_space,
    csv_without_fields,
    outside_root,
    export_failed,
    deadline_passed,
    host_ended,
    staging_claimed,
    spark_refused,
    spark_ended,
    spool_damaged,
};
} // namespace errors

} // namespace waybill
