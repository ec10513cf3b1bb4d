#include "segments/definition_rows.hpp"

#include <array>
#include <set>

#include <waybill/result.hpp>

#include "model/milliseconds.hpp"
#include "segments/definition_dependencies.hpp"
#include "segments/segment_tenants.hpp"

namespace waybill::segments {
namespace {

#define WAYBILL_SELECT_DEFINITION                                                                            \
    "select id, segment_id, name, description, expression, merge_policy, batch, continuous, synchronous, "   \
    "exclude_opt_out, lifecycle_state, schema_name, schema_id, ttl_in_days, payload_schema, "                \
    "profile_instance_id, version, created_at, updated_at from definitions "

constexpr const char* select_definition = WAYBILL_SELECT_DEFINITION R"(
where tenant_id = :tenant and segment_id = :segment)";

constexpr const char* select_named = R"(
select segment_id
from definitions
where tenant_id = :tenant and name = :name)";

constexpr const char* insert_row = R"(
insert into definitions (
    tenant_id, segment_id, name, description, expression, merge_policy, batch, continuous, synchronous,
    exclude_opt_out, lifecycle_state, schema_name, schema_id, ttl_in_days, payload_schema, profile_instance_id,
    version, created_at, updated_at)
values (
    :tenant, :segment, :name, :description, :expression, :merge_policy, :batch, :continuous, :synchronous,
    :exclude_opt_out, :lifecycle_state, :schema_name, :schema_id, :ttl_in_days, :payload_schema,
    :profile_instance_id, :version, :created_at, :updated_at))";

constexpr const char* update_row = R"(
update definitions
set name = :name, description = :description, expression = :expression, merge_policy = :merge_policy,
    batch = :batch, continuous = :continuous, synchronous = :synchronous, exclude_opt_out = :exclude_opt_out,
    lifecycle_state = :lifecycle_state, schema_name = :schema_name, schema_id = :schema_id,
    ttl_in_days = :ttl_in_days, payload_schema = :payload_schema, profile_instance_id = :profile_instance_id,
    version = :version, updated_at = :updated_at
where id = :id)";

constexpr const char* delete_row = R"(
delete from definitions
where id = :id)";

#define WAYBILL_BY_FILTERS                                                                                   \
    "where tenant_id = :tenant and (:batch is null or batch = :batch) "                                      \
    "and (:continuous is null or continuous = :continuous) "                                                 \
    "and (:synchronous is null or synchronous = :synchronous) "

#define WAYBILL_LIST(index, order)                                                                           \
    WAYBILL_SELECT_DEFINITION "indexed by " index " " WAYBILL_BY_FILTERS "order by " order                   \
                              " limit :limit offset :start"

constexpr const char* count_rows = "select count(*) from definitions " WAYBILL_BY_FILTERS;

/// By order, then by direction.
constexpr std::array<std::array<const char*, 2>, 3> list_rows{{
    {WAYBILL_LIST("definitions_by_creation", "created_at, id"),
     WAYBILL_LIST("definitions_by_creation", "created_at desc, id desc")},
    {WAYBILL_LIST("definitions_by_update", "updated_at, id"),
     WAYBILL_LIST("definitions_by_update", "updated_at desc, id desc")},
    {WAYBILL_LIST("definitions_by_name", "name"), WAYBILL_LIST("definitions_by_name", "name desc")},
}};

segment_lifecycle lifecycle_of(std::string_view text) {
    if (const auto known = parse_segment_lifecycle(text)) return *known;
    throw store_failure(store_failure::kind::corrupt, "a segment definition's state is not readable");
}

definition_row read_row(const sql::query& row, const tenant& owner) {
    definition_row read{row.integer(0), {}};
    auto& what = read.what;
    what.owner = owner;
    what.id = row.text(1);
    what.name = row.text(2);
    what.description = row.maybe_text(3);
    what.expression = row.text(4);
    what.merge_policy_id = row.maybe_text(5);
    what.evaluation = {row.integer(6) != 0, row.integer(7) != 0, row.integer(8) != 0};
    what.exclude_opt_out = row.integer(9) != 0;
    what.lifecycle = lifecycle_of(row.view(10));
    what.schema = {row.maybe_text(11), row.maybe_text(12)};
    what.ttl_in_days = row.maybe_text(13);
    what.payload_schema = row.maybe_text(14);
    what.profile_instance_id = row.text(15);
    what.version = row.integer(16);
    what.creation_time = to_timestamp(row.integer(17));
    what.update_time = to_timestamp(row.integer(18));
    return read;
}

/// All that an update may change.
void bind_members(sql::query& row, const segment_definition& what) {
    row.lend(":name", what.name)
        .lend(":description", what.description)
        .lend(":expression", what.expression)
        .lend(":merge_policy", what.merge_policy_id)
        .bind(":batch", std::int64_t{what.evaluation.batch})
        .bind(":continuous", std::int64_t{what.evaluation.continuous})
        .bind(":synchronous", std::int64_t{what.evaluation.synchronous})
        .bind(":exclude_opt_out", std::int64_t{what.exclude_opt_out})
        .bind(":lifecycle_state", to_text(what.lifecycle))
        .lend(":schema_name", what.schema.name)
        .lend(":schema_id", what.schema.id)
        .lend(":ttl_in_days", what.ttl_in_days)
        .lend(":payload_schema", what.payload_schema)
        .lend(":profile_instance_id", what.profile_instance_id)
        .bind(":version", what.version)
        .bind(":updated_at", to_integer(what.update_time));
}

void bind_filters(sql::query& rows, std::int64_t tenant_id, const segment_query& query) {
    const auto number = [](const std::optional<bool>& wanted) {
        return wanted ? std::optional<std::int64_t>(*wanted) : std::nullopt;
    };
    rows.bind(":tenant", tenant_id)
        .bind(":batch", number(query.batch))
        .bind(":continuous", number(query.continuous))
        .bind(":synchronous", number(query.synchronous));
}

} // namespace

std::optional<definition_row> find_definition(sql::connection& on, std::int64_t tenant_id,
                                              const tenant& owner, std::string_view segment) {
    auto rows = on.prepare(select_definition);
    if (!rows.bind(":tenant", tenant_id).bind(":segment", segment).step()) return std::nullopt;
    return read_row(rows, owner);
}

std::optional<std::string> segment_named(sql::connection& on, std::int64_t tenant_id, std::string_view name) {
    auto rows = on.prepare(select_named);
    if (!rows.bind(":tenant", tenant_id).bind(":name", name).step()) return std::nullopt;
    return rows.text(0);
}

std::int64_t insert_definition(sql::connection& on, std::int64_t tenant_id, const segment_definition& what) {
    auto row = on.prepare(insert_row);
    bind_members(row, what);
    row.bind(":tenant", tenant_id)
        .lend(":segment", what.id)
        .bind(":created_at", to_integer(what.creation_time))
        .run();
    return on.last_insert_id();
}

void update_definition(sql::connection& on, const definition_row& row) {
    auto statement = on.prepare(update_row);
    bind_members(statement, row.what);
    statement.bind(":id", row.id).run();
}

void delete_definition(sql::connection& on, std::int64_t row) {
    on.prepare(delete_row).bind(":id", row).run();
}

std::int64_t count_definitions(sql::connection& on, std::int64_t tenant_id, const segment_query& query) {
    auto rows = on.prepare(count_rows);
    bind_filters(rows, tenant_id, query);
    rows.step();
    return rows.integer(0);
}

std::vector<definition_row> list_definitions(sql::connection& on, std::int64_t tenant_id, const tenant& owner,
                                             const segment_query& query) {
    auto rows = on.prepare(list_rows.at(static_cast<std::size_t>(query.by)).at(query.descending ? 1 : 0));
    bind_filters(rows, tenant_id, query);
    rows.bind(":limit", static_cast<std::int64_t>(query.limit)).bind(":start", query.start);
    std::vector<definition_row> page;
    while (rows.step())
        page.push_back(read_row(rows, owner));
    return page;
}

std::vector<evaluable_definition> read_definitions(sql::connection& on, const tenant& owner,
                                                   std::span<const std::string> segments) {
    std::vector<evaluable_definition> found;
    const auto tenant_id = find_tenant(on, owner);
    if (!tenant_id) return found;
    std::set<std::string_view> seen;
    for (const auto& segment : segments) {
        if (!seen.insert(segment).second) continue;
        auto row = find_definition(on, *tenant_id, owner, segment);
        if (!row) continue;
        auto& what = row->what;
        found.push_back({std::move(what.id), what.version, std::move(what.expression), what.exclude_opt_out,
                         what.lifecycle, std::move(what.merge_policy_id), dependencies_of(on, row->id)});
    }
    return found;
}

} // namespace waybill::segments
