#include "profile/interchange_lines.hpp"

#include "model/namespaces.hpp"
#include "profile/parsed_texts.hpp"
#include "profile/policy_table.hpp"
#include "profile/record_text.hpp"
#include "json/object_writer.hpp"

namespace waybill::profile {
namespace {

constexpr const char* select_tenants = R"(
select id, org, sandbox
from tenants
order by org, sandbox)";

// Rows are read as they lie in the file, whoever's they are: `not indexed` and `cross join` keep it so,
// whatever `analyze` has seen.
constexpr const char* select_fragments = R"(
select tenants.org, tenants.sandbox, datasets.name, fragments.ingest_time, fragments.id,
       namespaces.folded, namespaces.name, profiles.identity, fragments.identity_map, fragments.record
from fragments not indexed
cross join datasets on datasets.id = fragments.dataset_id
cross join tenants on tenants.id = datasets.tenant_id
cross join profiles on profiles.id = fragments.profile_id
cross join namespaces on namespaces.id = profiles.namespace_id
where :tenant is null or datasets.tenant_id = :tenant
order by fragments.id)";

// An event that an older Waybill has imported does not know how it spells its namespace.
constexpr const char* select_events = R"(
select tenants.org, tenants.sandbox, datasets.name, events.ingest_time, events.id, events.event_id,
       events.occurred_at, coalesce(events.namespace, namespaces.name), profiles.identity, events.record
from events not indexed
cross join datasets on datasets.id = events.dataset_id
cross join tenants on tenants.id = datasets.tenant_id
cross join profiles on profiles.id = events.profile_id
cross join namespaces on namespaces.id = profiles.namespace_id
where :tenant is null or datasets.tenant_id = :tenant
order by events.id)";

constexpr const char* select_event_identities = R"(
select event_identities.event_id, namespaces.name, event_identities.identity
from event_identities
cross join namespaces on namespaces.id = event_identities.namespace_id
order by event_identities.event_id)";

void append_identity(std::string& out, std::string_view ns, std::string_view id) {
    json::object_writer one(out);
    one.text("namespace", ns);
    one.text("id", id);
}

/// What lines of both kinds begin with: columns 0 to 4 of their rows.
void begin_line(json::object_writer& line, const sql::query& row) {
    line.text("org", row.view(0));
    line.text("sandbox", row.view(1));
    line.text("datasetId", row.view(2));
    line.integer("ingestTime", row.integer(3));
    line.integer("sequence", row.integer(4));
}

} // namespace

std::vector<named_tenant> list_tenants(sql::connection& on) {
    std::vector<named_tenant> all;
    auto rows = on.prepare(select_tenants);
    while (rows.step())
        all.push_back({rows.integer(0), {rows.text(1), rows.text(2)}});
    return all;
}

fragment_lines::fragment_lines(sql::connection& on, std::optional<std::int64_t> tenant_id)
    : rows_(on.prepare(select_fragments)) {
    rows_.bind(":tenant", tenant_id);
}

std::optional<std::string_view> fragment_lines::next() {
    if (!rows_.step()) return std::nullopt;
    line_.clear();
    {
        json::object_writer line(line_);
        begin_line(line, rows_);
        append_identity(line.member("primary"), spelled_primary(), rows_.view(7));
        line.member("identityMap") += rows_.view(8);
        line.member("record") += rows_.view(9);
    }
    return line_;
}

/// The namespace of the primary identity as the fragment spells it, which is what rows show.
std::string_view fragment_lines::spelled_primary() {
    if (identity_map_.parse_again(rows_.view(8))) unreadable_record();
    for (const auto entries : identity_map_.root().children())
        if (folded(entries.key()) == rows_.view(5)) return entries.key();
    return rows_.view(6);
}

event_lines::event_lines(sql::connection& on, std::optional<std::int64_t> tenant_id)
    : rows_(on.prepare(select_events)), further_(on.prepare(select_event_identities)) {
    rows_.bind(":tenant", tenant_id);
    more_ = further_.step();
}

std::optional<std::string_view> event_lines::next() {
    if (!rows_.step()) return std::nullopt;
    line_.clear();
    {
        json::object_writer line(line_);
        begin_line(line, rows_);
        line.text("eventId", rows_.view(5));
        line.integer("timestamp", rows_.integer(6));
        append_identity(line.member("primary"), rows_.view(7), rows_.view(8));
        line.member("identities") += '[';
        append_identities();
        line_ += ']';
        line.member("record") += rows_.view(9);
    }
    return line_;
}

/// All of the event, the primary one first.
void event_lines::append_identities() {
    append_identity(line_, rows_.view(7), rows_.view(8));
    for (; more_ && further_.integer(0) <= rows_.integer(4); more_ = further_.step()) {
        if (further_.integer(0) < rows_.integer(4)) continue; // of another tenant's event
        line_ += ',';
        append_identity(line_, further_.view(1), further_.view(2));
    }
}

std::int64_t append_policies(std::string& out, sql::connection& on, const named_tenant& whose) {
    const auto all = list_policies(on, whose.id);
    for (const auto& policy : all) {
        separate(out);
        json::object_writer one(out);
        one.text("org", whose.name.org);
        one.text("sandbox", whose.name.sandbox);
        one.text("id", policy.id);
        one.integer("version", policy.version);
        one.text("identityGraph", to_text(policy.graph));
        one.text("attributeMerge", to_text(policy.merge));
        json::append_array(one.member("order"), policy.datasets,
                           [&](const std::string& dataset) { json::append_string(out, dataset); });
    }
    return static_cast<std::int64_t>(all.size());
}

} // namespace waybill::profile
