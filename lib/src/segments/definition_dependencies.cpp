#include "segments/definition_dependencies.hpp"

namespace waybill::segments {
namespace {

constexpr const char* delete_dependencies = R"(
delete from definition_dependencies
where definition_id = :definition)";

constexpr const char* insert_dependency = R"(
insert into definition_dependencies (definition_id, segment_id)
values (:definition, :segment))";

constexpr const char* select_dependencies = R"(
select segment_id
from definition_dependencies
where definition_id = :definition
order by segment_id)";

constexpr const char* select_dependents = R"(
select d.segment_id
from definition_dependencies n indexed by definition_dependencies_by_segment
cross join definitions d on d.id = n.definition_id
where n.segment_id = :segment
    and d.tenant_id = :tenant
order by d.segment_id)";

// `union`, which takes each segment once, also where a circle was stored in another way.
constexpr const char* select_reached = R"(
with recursive reached (segment_id) as (
    select segment_id
    from definition_dependencies
    where definition_id = :definition
    union
    select n.segment_id
    from reached r
    cross join definitions d on d.tenant_id = :tenant and d.segment_id = r.segment_id
    cross join definition_dependencies n on n.definition_id = d.id)
select 1
from reached
where segment_id = :segment
limit 1)";

std::vector<std::string> texts_of(sql::query& rows) {
    std::vector<std::string> texts;
    while (rows.step())
        texts.push_back(rows.text(0));
    return texts;
}

} // namespace

void set_dependencies(sql::connection& on, std::int64_t definition, const std::vector<std::string>& asked) {
    on.prepare(delete_dependencies).bind(":definition", definition).run();
    auto row = on.prepare(insert_dependency);
    for (const auto& segment : asked) {
        row.reset();
        row.bind(":definition", definition).lend(":segment", segment).run();
    }
}

std::vector<std::string> dependencies_of(sql::connection& on, std::int64_t definition) {
    auto rows = on.prepare(select_dependencies);
    return texts_of(rows.bind(":definition", definition));
}

std::vector<std::string> dependents_of(sql::connection& on, std::int64_t tenant_id,
                                       std::string_view segment) {
    auto rows = on.prepare(select_dependents);
    return texts_of(rows.bind(":tenant", tenant_id).bind(":segment", segment));
}

bool leads_to(sql::connection& on, std::int64_t tenant_id, std::int64_t definition,
              std::string_view segment) {
    auto rows = on.prepare(select_reached);
    return rows.bind(":tenant", tenant_id).bind(":definition", definition).bind(":segment", segment).step();
}

} // namespace waybill::segments
