#include <chrono>

#include <waybill/segment_document.hpp>

#include "json/object_writer.hpp"

namespace waybill {
namespace {

using json::append_array;
using json::object_writer;

void text_if_there(object_writer& to, std::string_view name, const std::optional<std::string>& text) {
    if (text) to.text(name, *text);
}

void append_ids(std::string& out, const std::vector<std::string>& ids) {
    append_array(out, ids, [&](const auto& id) { json::append_string(out, id); });
}

void append_expression(std::string& out, const std::string& expression) {
    object_writer to(out);
    to.text("type", "PQL");
    to.text("format", "pql/text");
    to.text("value", expression);
}

void append_schema(std::string& out, const segment_schema& schema) {
    object_writer to(out);
    text_if_there(to, "name", schema.name);
    text_if_there(to, "id", schema.id);
}

void append_evaluation(std::string& out, const evaluation_methods& methods) {
    object_writer to(out);
    object_writer(to.member("batch")).boolean("enabled", methods.batch);
    object_writer(to.member("continuous")).boolean("enabled", methods.continuous);
    object_writer(to.member("synchronous")).boolean("enabled", methods.synchronous);
}

void append_times(object_writer& to, const segment_definition& definition) {
    const auto updated = definition.update_time.time_since_epoch();
    to.integer("creationTime", definition.creation_time.time_since_epoch().count());
    to.integer("updateEpoch", std::chrono::floor<std::chrono::seconds>(updated).count());
    to.integer("updateTime", updated.count());
}

std::string_view field_of(segment_query::order by) {
    switch (by) {
    case segment_query::order::creation_time: return "creationTime";
    case segment_query::order::update_time: return "updateTime";
    case segment_query::order::name: return "name";
    }
    return {};
}

void append_page(std::string& out, const segment_page& page, const segment_query& asked) {
    const auto limit = static_cast<std::int64_t>(asked.limit);
    object_writer to(out);
    to.integer("totalCount", page.total);
    to.integer("totalPages", page.total / limit + (page.total % limit == 0 ? 0 : 1));
    to.text("sortField", field_of(asked.by));
    to.text("sort", asked.descending ? "desc" : "asc");
    to.integer("pageSize", static_cast<std::int64_t>(page.definitions.size()));
    to.integer("limit", limit);
}

} // namespace

void append_json(std::string& out, const segment_definition& definition) {
    object_writer to(out);
    to.text("id", definition.id);
    append_schema(to.member("schema"), definition.schema);
    if (definition.ttl_in_days) to.member("ttlInDays") += *definition.ttl_in_days;
    to.text("profileInstanceId", definition.profile_instance_id);
    to.text("imsOrgId", definition.owner.org);
    object_writer(to.member("sandbox")).text("sandboxName", definition.owner.sandbox);
    to.text("name", definition.name);
    text_if_there(to, "description", definition.description);
    append_expression(to.member("expression"), definition.expression);
    text_if_there(to, "mergePolicyId", definition.merge_policy_id);
    append_evaluation(to.member("evaluationInfo"), definition.evaluation);
    object_writer(to.member("dataGovernancePolicy")).boolean("excludeOptOut", definition.exclude_opt_out);
    to.text("lifecycleState", to_text(definition.lifecycle));
    text_if_there(to, "payloadSchema", definition.payload_schema);
    to.integer("version", definition.version);
    append_ids(to.member("dependencies"), definition.dependencies);
    append_ids(to.member("dependents"), definition.dependents);
    append_times(to, definition);
}

void append_json(std::string& out, const segment_page& page, const segment_query& asked) {
    object_writer to(out);
    auto& list = to.member("segments");
    append_array(list, page.definitions, [&](const auto& each) { append_json(out, each); });
    append_page(to.member("page"), page, asked);
    to.member("link") += "{}";
}

} // namespace waybill
