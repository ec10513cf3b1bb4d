// Reads a store of export jobs beside its owner, from any process. Thread and error rules: those of
// job_store.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/audit.hpp>
#include <waybill/export_job.hpp>
#include <waybill/job_page.hpp>
#include <waybill/job_transition.hpp>
#include <waybill/result.hpp>

namespace waybill {

struct store_statistics;

/// Reads a store, also while another process owns it; never writes, never checkpoints, keeps no snapshot
/// longer than a call. Externally serialised.
class job_reader {
  public:
    /// Fails with `not_found` when there is no such file; throws `store_failure` for a file that is no job
    /// store and for a newer schema.
    static result<job_reader> open(const std::filesystem::path& file);
    job_reader(job_reader&&) noexcept;
    job_reader& operator=(job_reader&&) noexcept;
    ~job_reader();

    /// `not_found` when there is none, also when it belongs to another tenant.
    result<export_job> find(const tenant& owner, job_id id);
    /// Newest first. `invalid` when the limit is 0.
    result<job_page> list(const tenant& owner, const job_query& query);
    /// A job's life so far, oldest first.
    result<std::vector<job_transition>> transitions(const tenant& owner, job_id id);
    /// Up to `most` of the moves of all jobs after this sequence number, in the order in which they became
    /// durable; 0 begins with the first. What removed jobs did is gone with them. For no client's eyes.
    std::vector<recorded_transition> transitions_after(std::int64_t sequence, std::size_t most);
    /// The highest sequence number so far; 0 in a store without jobs.
    std::int64_t newest_transition();
    /// Who did what, newest first, at most `limit` of them; for no client's eyes.
    std::vector<audit_entry> audit(const audit_query& query);
    /// An unfinished job of the tenant that evaluates this segment of namespace `ups`; nothing when none
    /// does.
    result<std::optional<job_id>> evaluating(const tenant& owner, const std::string& segment);
    /// The store in numbers, over all tenants (store_statistics.hpp); for no client's eyes.
    store_statistics statistics();

  private:
    struct impl;
    explicit job_reader(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

} // namespace waybill
