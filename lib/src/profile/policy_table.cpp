#include "profile/policy_table.hpp"

#include <set>

#include "model/job_rules.hpp"

namespace waybill::profile {
namespace {

constexpr std::size_t longest_policy_id = 256; ///< characters

constexpr const char* select_policy = R"(
select id, name, version, identity_graph, attribute_merge
from merge_policies
where tenant_id = :tenant and name = :name and (:version is null or version = :version)
order by version desc
limit 1)";

constexpr const char* select_policies = R"(
select id, name, version, identity_graph, attribute_merge
from merge_policies
where tenant_id = :tenant
order by name, version)";

constexpr const char* select_datasets = R"(
select dataset
from merge_policy_datasets
where policy_id = :policy
order by position)";

constexpr const char* insert_policy = R"(
insert into merge_policies (tenant_id, name, version, identity_graph, attribute_merge, declared_at)
values (:tenant, :name, :version, :graph, :merge, :now))";

constexpr const char* insert_preferred_dataset = R"(
insert into merge_policy_datasets (policy_id, position, dataset)
values (:policy, :position, :dataset))";

merge_policy read_policy(sql::connection& on, const sql::query& row) {
    const auto graph = parse_identity_graph(row.view(3));
    const auto merge = parse_attribute_merge(row.view(4));
    if (!graph || !merge)
        throw store_failure(store_failure::kind::corrupt,
                            "a merge policy of the profile store is not readable");
    merge_policy found{row.text(1), row.integer(2), *graph, *merge, {}};
    auto datasets = on.prepare(select_datasets);
    datasets.bind(":policy", row.integer(0));
    while (datasets.step())
        found.datasets.push_back(datasets.text(0));
    return found;
}

} // namespace

std::optional<failure> check_policy(const tenant& owner, const merge_policy& what) {
    const auto refuse = [](std::string message) { return failure{errc::invalid, std::move(message), {}}; };
    if (!owner.valid()) return refuse("expected an organisation and a sandbox of 1 to 80 bytes each");
    if (what.id.empty() || count_characters(what.id) > longest_policy_id)
        return refuse("expected a policy's id of 1 to 256 characters");
    if (built_in_policy(what.id)) return refuse("the merge policy " + what.id + " is built in");
    if ((what.merge == attribute_merge::dataset_precedence) == what.datasets.empty())
        return refuse("expected datasets in their order with dataSetPrecedence, and with nothing else");
    std::set<std::string_view> seen;
    for (const auto& dataset : what.datasets) {
        if (!is_dataset_id(dataset)) return refuse("'" + dataset + "' is no dataset id");
        if (!seen.insert(dataset).second) return refuse("the dataset " + dataset + " is named twice");
    }
    return std::nullopt;
}

std::optional<merge_policy> find_declared_policy(sql::connection& on, std::int64_t tenant_id,
                                                 std::string_view id, std::optional<std::int64_t> version) {
    auto rows = on.prepare(select_policy);
    if (!rows.bind(":tenant", tenant_id).bind(":name", id).bind(":version", version).step())
        return std::nullopt;
    return read_policy(on, rows);
}

std::optional<merge_policy> find_policy(sql::connection& on, std::optional<std::int64_t> tenant_id,
                                        const merge_policy_ref& asked) {
    if (auto known = built_in_policy(asked.id)) {
        if (asked.version.value_or(known->version) == known->version) return known;
        return std::nullopt;
    }
    if (!tenant_id) return std::nullopt;
    return find_declared_policy(on, *tenant_id, asked.id, asked.version);
}

void add_policy(sql::connection& on, std::int64_t tenant_id, const merge_policy& what, timestamp now) {
    on.prepare(insert_policy)
        .bind(":tenant", tenant_id)
        .bind(":name", what.id)
        .bind(":version", what.version)
        .bind(":graph", to_text(what.graph))
        .bind(":merge", to_text(what.merge))
        .bind(":now", now.time_since_epoch().count())
        .run();
    const auto policy = on.last_insert_id();
    for (std::size_t at = 0; at < what.datasets.size(); ++at)
        on.prepare(insert_preferred_dataset)
            .bind(":policy", policy)
            .bind(":position", static_cast<std::int64_t>(at))
            .bind(":dataset", what.datasets[at])
            .run();
}

std::vector<merge_policy> list_policies(sql::connection& on, std::int64_t tenant_id) {
    std::vector<merge_policy> all;
    auto rows = on.prepare(select_policies);
    rows.bind(":tenant", tenant_id);
    while (rows.step())
        all.push_back(read_policy(on, rows));
    return all;
}

} // namespace waybill::profile
