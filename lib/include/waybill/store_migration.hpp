// Changing the schema of a store on purpose: up, down, and whether it is what its migrations make. Each
// migration is one transaction, so a crash leaves the schema before it or after it.
// Thread rule: functions without state, any thread. Error rule: `not_found` for a missing file,
// `owned_elsewhere` (naming the owner) while another process owns the store, `invalid` for a version that
// there is not; disk, a foreign file, a newer schema, and one that no migrations made throw `store_failure`.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/store_inspection.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

struct migration_options {
    bool dry_run = false; ///< does it all in a transaction that is rolled back
    bool backup = true;   ///< of a store with a schema, beside it, before anything is changed
    std::function<timestamp()> now = wall_clock;
    /// Is told each statement before it runs, on the calling thread.
    std::function<void(int version, std::string_view statement)> on_statement{};
};

struct migration_outcome {
    int before = 0;                              ///< the version that was noted in the file
    int after = 0;                               ///< the version that is there now; would be, after a dry run
    std::vector<schema_migration> adopted;       ///< applied by another tool before, and noted now
    std::vector<schema_migration> taken;         ///< applied or taken back, in this order
    std::optional<std::filesystem::path> backup; ///< where the store stands as it was
};

/// Brings the schema to a version, the newest unless given; creates the file when it is not there. A schema
/// that another tool made of the same migrations is recognised, and noted.
result<migration_outcome> migrate_up(store_kind kind, const std::filesystem::path& file,
                                     std::optional<int> to = std::nullopt,
                                     const migration_options& options = {});

/// Takes back the migrations beyond a version, newest first, with what only they can hold.
result<migration_outcome> migrate_down(store_kind kind, const std::filesystem::path& file, int to,
                                       const migration_options& options = {});

/// An object of a schema that is not as the migrations make it.
struct schema_drift {
    std::string type; ///< `table`, `index`, `trigger`, `view`
    std::string name;
    std::string what; ///< `missing`, `extra`, `different`
};

struct schema_check {
    int version = 0;                ///< as noted in the file
    int newest = 0;                 ///< that this library knows
    int unnoted = 0;                ///< migrations that another tool applied; `migrate_up` notes them
    std::vector<std::string> notes; ///< what is wrong with the notes, one sentence each
    std::vector<schema_drift> drift;

    bool sound() const { return unnoted == 0 && notes.empty() && drift.empty(); }
};

/// Compares the notes with the migrations of this library, by name and checksum, and the schema in the file
/// with the one that the noted migrations make.
result<schema_check> verify_schema(store_kind kind, const std::filesystem::path& file);

} // namespace waybill
