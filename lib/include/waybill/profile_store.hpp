// The profiles that the embedded engine exports (contract 3): fragments and events of every tenant in one
// SQLite file. An import owns the file for writing; a host only reads it, also while an import runs. Thread
// rule: externally serialised. Error rule: as job_store.hpp; a bad record is no failure of the import.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/merge_policy.hpp>
#include <waybill/result.hpp>
#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// A path of the record whose text (or number) is an identity: `_acme.systemIdentifier.crmId` is `CRMID`.
struct identity_path {
    std::string path{}; ///< members separated by dots
    std::string ns{};   ///< identity namespace, as it is shown
    bool primary = false;
};

/// Reads `PATH=NAMESPACE` or `PATH=NAMESPACE:primary`.
result<identity_path> parse_identity_path(std::string_view text);

struct rejected_record {
    std::int64_t line = 0;     ///< where the record begins, counted from 1
    std::string reason{};      ///< what was expected
    std::string_view record{}; ///< its text as read (bounded, 16 MiB)
};

struct import_progress {
    std::int64_t bytes = 0;   ///< read so far of the input, compressed as it is
    std::int64_t records = 0; ///< of the summary's `read`
};

/// One less than the machine has processors, at most 3.
unsigned usual_import_threads();

struct import_options {
    tenant owner;
    std::string dataset_id{}; ///< letters, digits, `_`, `-`; 1 to 64
    std::vector<identity_path> identities{};
    timestamp ingest_time = wall_clock();
    std::function<void(const rejected_record&)> on_reject{};
    std::function<void(const import_progress&)> on_progress{}; ///< every thousand records, and at the end
    /// Records to a transaction: readers see them when it ends, and a process that is killed loses at most so
    /// many. It also ends when its records come to 64 MiB.
    std::int64_t commit_every = 50'000;
    /// Threads of its own that parse, while the caller's reads, calls back and writes; without any, it parses
    /// as well.
    unsigned threads = usual_import_threads();
    /// Memory for the store's pages while the import runs: indexes that fit into it are not read again.
    std::size_t cache_bytes = std::size_t{256} << 20U;
};

struct import_summary {
    std::int64_t read = 0;      ///< records seen: the sum of the four below
    std::int64_t added = 0;     ///< new fragments or events
    std::int64_t replaced = 0;  ///< fragments that a later record replaced
    std::int64_t unchanged = 0; ///< repetitions, older fragments, events that were there
    std::int64_t rejected = 0;
};

class profile_store {
  public:
    /// Creates the file with its schema when it is not there. `owned_elsewhere` while another import runs.
    static result<profile_store> open(const std::filesystem::path& file);
    profile_store(profile_store&&) noexcept;
    profile_store& operator=(profile_store&&) noexcept;
    ~profile_store();

    /// Reads NDJSON or one JSON array, as it is or compressed by gzip or zstd, which its first bytes tell.
    /// Memory does not grow with the input. `invalid` when the options break a rule, when an array breaks
    /// off, and when what is compressed does or is damaged; what was read before stays. An import that broke
    /// off is simply run again: what is there already changes nothing, and is passed quickly.
    result<import_summary> import_profiles(std::istream& input, const import_options& options);
    /// The same for events: records with `_id`, `timestamp` and an identity.
    result<import_summary> import_events(std::istream& input, const import_options& options);

    /// Declares a merge policy, or a further version of it: the version is given here, the next one.
    /// `invalid` for a built-in policy's id, for datasets that do not go with the rule of attributes, and for
    /// ones that are no dataset ids or there twice.
    result<merge_policy> declare_policy(const tenant& owner, merge_policy what);

  private:
    struct impl;
    explicit profile_store(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

/// The merge policies that a job of this tenant may name, those that are built in included, by id and
/// version. Only reads, also while an import runs; where there is no file, there are the built-in ones.
result<std::vector<merge_policy>> known_policies(const std::filesystem::path& profiles, const tenant& owner);

/// The version that a job's policy means when it names none: the latest. Nothing when it is unknown.
result<std::optional<std::int64_t>> latest_policy_version(const std::filesystem::path& profiles,
                                                          const tenant& owner, const std::string& id);

} // namespace waybill
