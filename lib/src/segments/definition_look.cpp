#include "segments/definition_look.hpp"

#include <waybill/segment_store.hpp>

#include "segments/definition_dependencies.hpp"
#include "segments/segment_schema.hpp"
#include "segments/segment_tenants.hpp"
#include "sql/transaction.hpp"

namespace waybill {
namespace segments {

failure no_such_segment(const std::string& id) {
    return {errc::not_found, "there is no segment definition " + id, {}};
}

segment_definition whole(sql::connection& on, std::int64_t tenant_id, definition_row row) {
    row.what.dependencies = dependencies_of(on, row.id);
    row.what.dependents = dependents_of(on, tenant_id, row.what.id);
    return std::move(row.what);
}

result<segment_definition> look_at(sql::connection& on, const tenant& owner, const std::string& id) {
    const auto tenant_id = find_tenant(on, owner);
    if (!tenant_id) return no_such_segment(id);
    auto row = find_definition(on, *tenant_id, owner, id);
    if (!row) return no_such_segment(id);
    return whole(on, *tenant_id, std::move(*row));
}

result<segment_page> look_at_page(sql::connection& on, const tenant& owner, const segment_query& query) {
    if (query.limit < 1 || query.limit > segment_query::most || query.start < 0)
        return failure{errc::invalid, "expected a limit of 1 to 100, and a start of at least 0", {}};
    segment_page page;
    const auto tenant_id = find_tenant(on, owner);
    if (!tenant_id) return page;
    page.total = count_definitions(on, *tenant_id, query);
    for (auto& row : list_definitions(on, *tenant_id, owner, query))
        page.definitions.push_back(whole(on, *tenant_id, std::move(row)));
    return page;
}

} // namespace segments

namespace {

/// Looks in one snapshot of a file that somebody else may own.
template <class T, class Look>
result<T> look_beside(const std::filesystem::path& file, Look look) {
    if (!std::filesystem::exists(file))
        return failure{errc::not_found, "there is no segment store " + file.string(), {}};
    sql::connection on(file, sql::access::read);
    segments::expect_newest_schema(on);
    const sql::snapshot one_state(on);
    return look(on);
}

} // namespace

result<segment_definition> read_segment(const std::filesystem::path& file, const tenant& owner,
                                        const std::string& id) {
    return look_beside<segment_definition>(
        file, [&](sql::connection& on) { return segments::look_at(on, owner, id); });
}

result<segment_page> read_segments(const std::filesystem::path& file, const tenant& owner,
                                   const segment_query& query) {
    return look_beside<segment_page>(
        file, [&](sql::connection& on) { return segments::look_at_page(on, owner, query); });
}

} // namespace waybill
