// Brings a store's schema to the newest version that this library knows, one transaction a migration, and
// refuses a schema that is newer. Every schema keeps what was applied in `schema_migrations`.
#pragma once

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

/// Applies what is missing; answers how many.
int migrate_up(connection& on, std::span<const migration> known, timestamp now);

/// The schema as SQL text, in a fixed order: what stands in schema/*.sql.
std::string dump_schema(connection& on);

} // namespace waybill::sql
