// The table definitions: its statements, binds and the one reader of a row. One thread, one connection.
// Throws `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/segment_definition.hpp>

#include "sql/connection.hpp"

namespace waybill::segments {

/// A definition without what it asks for, and its row's number.
struct definition_row {
    std::int64_t id = 0;
    segment_definition what{};
};

std::optional<definition_row> find_definition(sql::connection& on, std::int64_t tenant_id,
                                              const tenant& owner, std::string_view segment);
/// The segment whose definition has this name.
std::optional<std::string> segment_named(sql::connection& on, std::int64_t tenant_id, std::string_view name);
/// Inside a transaction, as what follows; answers the row's number.
std::int64_t insert_definition(sql::connection& on, std::int64_t tenant_id, const segment_definition& what);
void update_definition(sql::connection& on, const definition_row& row);
void delete_definition(sql::connection& on, std::int64_t row);

/// How many there are by the query's filters alone.
std::int64_t count_definitions(sql::connection& on, std::int64_t tenant_id, const segment_query& query);
std::vector<definition_row> list_definitions(sql::connection& on, std::int64_t tenant_id, const tenant& owner,
                                             const segment_query& query);

/// What an evaluation has to know of a definition.
struct evaluable_definition {
    std::string segment_id;
    std::int64_t version = 1;
    std::string expression;
    bool exclude_opt_out = true;
    segment_lifecycle lifecycle = segment_lifecycle::published;
    std::optional<std::string> merge_policy;
    std::vector<std::string> dependencies; ///< sorted
};

/// The definitions of these segments, each once, in this order; a segment without one is left out. On any
/// connection, for whoever evaluates; in the snapshot that it is in, if any.
std::vector<evaluable_definition> read_definitions(sql::connection& on, const tenant& owner,
                                                   std::span<const std::string> segments);

} // namespace waybill::segments
