// The store of segment definitions: one SQLite file that one process, the host, opens for writing. Every verb
// takes a tenant. Thread rule: any thread; one verb at a time is done, the others wait. Error rule: as
// job_store.hpp. Definitions can also be read beside the owner, from any process.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <waybill/export_job.hpp>
#include <waybill/result.hpp>
#include <waybill/segment_definition.hpp>

namespace waybill {

/// Version 4 of RFC 9562, of the system's random bytes. Throws `store_failure` when there are none.
std::string random_uuid();

struct segment_store_options {
    std::filesystem::path
        file{}; ///< is created, with its schema, when it is not there; the lock is `<file>.lock`
    std::function<timestamp()> now = wall_clock;       ///< the wall clock; may jump
    std::function<std::string()> new_id = random_uuid; ///< of definitions that were sent without one
};

class segment_store {
  public:
    /// Takes the lock and brings the schema up to date. `owned_elsewhere`, naming the owner's process id.
    static result<segment_store> open(segment_store_options options);
    segment_store(segment_store&&) noexcept;
    segment_store& operator=(segment_store&&) noexcept;
    ~segment_store();

    /// Durable when it returns. `invalid` with a finding for each rule that is broken: also for an expression
    /// that is none, and for one whose `inSegment` leads back to this segment (one of a segment that is not
    /// defined is none of these). `exists` when the id or the name is taken.
    result<segment_definition> create(const tenant& owner, const segment_changes& what,
                                      const std::optional<std::string>& id = std::nullopt);
    /// The same for a definition that there is; `not_found`.
    result<segment_definition> update(const tenant& owner, const std::string& id,
                                      const segment_changes& what);
    /// `not_found`; `conflict` while another definition asks for it. Memberships stay as they are.
    result<done> remove(const tenant& owner, const std::string& id);

    result<segment_definition> find(const tenant& owner, const std::string& id);
    /// Those of these that there are, each once, in this order.
    result<std::vector<segment_definition>> find_all(const tenant& owner, std::span<const std::string> ids);
    /// `invalid` when the limit is not 1 to `segment_query::most`, or the start negative.
    result<segment_page> list(const tenant& owner, const segment_query& query);
    /// The merge policies that the definitions of these segments name, each once; at most two of them.
    result<std::vector<std::string>> merge_policies(const tenant& owner, std::span<const std::string> ids);

    /// Makes memberships count that a job's evaluation has staged in this file, in one transaction that is
    /// durable when it returns. What was taken over before, or after a later publication of a segment,
    /// changes nothing. For `dataset_publisher_options::take_memberships`. Throws `store_failure`, also for a
    /// file that is not there or damaged.
    void take_memberships(const tenant& owner, job_id job, std::int64_t commit_sequence,
                          const std::filesystem::path& staged);

  private:
    struct impl;
    explicit segment_store(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

/// The same as `find` and `list` of a store, also while another process owns it. `not_found` when there is no
/// such file; throws `store_failure` for a file that is no segment store and for another schema.
result<segment_definition> read_segment(const std::filesystem::path& file, const tenant& owner,
                                        const std::string& id);
result<segment_page> read_segments(const std::filesystem::path& file, const tenant& owner,
                                   const segment_query& query);

} // namespace waybill
