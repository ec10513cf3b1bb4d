// Where the job commands look: a store's file, or a running host. Both answer with the documents of the wire,
// so the commands show the same whichever it is. One thread; throws `command_failure` and what the library
// throws.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/export_job.hpp>
#include <waybill/job_page.hpp>

#include "named_host.hpp"

namespace waybill::tool {

struct job_view {
    std::string document;           ///< the job as it stands on the wire
    nlohmann::ordered_json batches; ///< `{batchId, segmentId?, segmentNs?, rows?, bytes?}` each
    std::optional<nlohmann::ordered_json> transitions; ///< the timeline; a host does not tell it
};

class job_source {
  public:
    job_source() = default;
    job_source(const job_source&) = delete;
    job_source& operator=(const job_source&) = delete;
    virtual ~job_source() = default;

    /// The page document.
    virtual std::string list(const job_query& query) = 0;
    virtual job_view show(job_id id) = 0;
    /// What became of the job: `cancelled`, `cancelling`, `repeated` or `removed`.
    virtual std::string cancel(job_id id) = 0;
    /// The new job's document.
    virtual std::string retry(job_id id) = 0;
};

std::unique_ptr<job_source> stored_jobs(const std::filesystem::path& file, const tenant& owner);
/// Token and key come from WAYBILL_TOKEN and WAYBILL_API_KEY.
std::unique_ptr<job_source> hosted_jobs(const named_host& host, const tenant& owner);

} // namespace waybill::tool
