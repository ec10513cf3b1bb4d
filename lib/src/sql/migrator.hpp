// Brings a store's schema from one version to another, one transaction a migration: a crash at any statement
// leaves the schema before it or the one after it. Refuses a schema that is newer, or that no migrations
// made. Every schema keeps what was applied in `schema_migrations`; what another tool applied is recognised
// by the schema and noted there. Belongs to the connection's thread; errors are thrown as `store_failure`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/timestamp.hpp>

#include "sql/connection.hpp"
#include "sql/migration.hpp"

namespace waybill::sql {

struct applied_migration {
    int version = 0;
    std::string name;
    std::string sha256;
    timestamp applied_at;
};

/// In the order of their versions; empty for an empty database. Throws `store_failure` (corrupt) when the
/// file is no Waybill store.
std::vector<applied_migration> applied_migrations(connection& on);

/// Throws `store_failure` (newer_schema), naming the migration, when one was applied that `known` lacks;
/// (corrupt) when one was applied from another text. Answers the version of the schema, 0 for an empty
/// database.
int check_schema(connection& on, std::span<const migration> known);

/// Throws as `check_schema` does, and (corrupt) for a schema that is older than the newest of `known`; `mend`
/// says what brings it up.
void expect_newest_schema(connection& on, std::span<const migration> known, const char* mend);

/// The version, `noted` or a higher one that another tool reached, whose schema the file has. Throws
/// (corrupt), naming the first object that differs, when there is none.
int recognised_version(connection& on, std::span<const migration> known, int noted);

/// `0002_name`
std::string numbered(int version, std::string_view name);

/// Is told each statement before it runs, the note in `schema_migrations` and the commit among them.
using migration_observer = std::function<void(int version, std::string_view statement)>;

struct migration_steps {
    int before = 0;           ///< the version that was noted
    std::vector<int> adopted; ///< found applied by another tool, and noted now
    std::vector<int> taken;   ///< applied or taken back, in this order
};

/// Applies what is missing up to `to`; nothing when the schema is there or beyond. Throws as
/// `recognised_version` does when something is missing.
migration_steps step_up(connection& on, std::span<const migration> known, int to, timestamp now,
                        const migration_observer& observer = {});

/// Takes back what is beyond `to`, newest first.
migration_steps step_down(connection& on, std::span<const migration> known, int to,
                          const migration_observer& observer = {});

/// `step_up` to the newest; answers how many were applied.
int migrate_up(connection& on, std::span<const migration> known, timestamp now);

/// The schema as SQL text, in a fixed order: what stands in schema/*.sql.
std::string dump_schema(connection& on);

} // namespace waybill::sql
