// What an operator's tool asks of a store's file from outside: its schema, its health, its owner. Reading
// never disturbs the owner of a store. Thread rule: functions without state, any thread. Error rule:
// `not_found` for a missing file; disk, a foreign file and a newer schema throw `store_failure`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

enum class store_kind { jobs, profiles, segments };

constexpr std::string_view to_text(store_kind kind) {
    return kind == store_kind::jobs ? "jobs" : kind == store_kind::profiles ? "profiles" : "segments";
}

struct schema_migration {
    int version = 0;
    std::string name;
    std::string sha256;                  ///< of the migration's text, lower-case hex
    std::optional<timestamp> applied_at; ///< absent: not applied yet
};

struct schema_state {
    int version = 0;                          ///< of the file; 0 for an empty database
    int newest = 0;                           ///< that this library knows
    std::vector<schema_migration> migrations; ///< every one that this library knows, oldest first
};

/// The schema of this file.
result<schema_state> inspect_schema(store_kind kind, const std::filesystem::path& file);

/// The schema as SQL text in a fixed order.
result<std::string> dump_schema(store_kind kind, const std::filesystem::path& file);

/// What SQLite's integrity check and its check of the foreign keys find, one sentence each; empty when all is
/// well. Reads the whole file. A file that is damaged beyond reading is a finding too, not a `store_failure`.
result<std::vector<std::string>> check_integrity(const std::filesystem::path& file);

struct store_owner {
    std::int64_t pid = 0; ///< of the latest owner
    bool running = false; ///< whether that process owns the file now
};

/// Who owns a store (its file) or a datasets' root (its directory) for writing; nothing when nobody ever did.
std::optional<store_owner> find_owner(const std::filesystem::path& store_or_datasets);

struct sqlite_library {
    std::string version; ///< `3.40.1`
    /// Before 3.51.3 a WAL database can be damaged when one connection commits while another one checkpoints.
    /// A Waybill store is safe all the same, since only its owner's one connection writes and checkpoints.
    bool needs_single_writer = false;
};

/// The SQLite that this process uses.
sqlite_library linked_sqlite();

} // namespace waybill
