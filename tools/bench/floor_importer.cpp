#include "floor_importer.hpp"

#include <algorithm>
#include <set>

namespace waybill::bench {
namespace {

/// As lib/src/profile/profile_import.cpp has it.
constexpr std::size_t most_records = 5'000;

constexpr const char* insert_profile = R"(
insert into profiles (id, tenant_id, namespace_id, identity)
values (?, 1, ?, ?))";

constexpr const char* insert_fragment = R"(
insert into fragments (id, profile_id, dataset_id, ingest_time, identity_map, record)
values (?, ?, ?, ?, ?, ?))";

constexpr const char* insert_identity = R"(
insert into fragment_identities (fragment_id, namespace_id, identity)
values (?, ?, ?))";

constexpr const char* insert_membership = R"(
insert into memberships (segment_id, profile_id, fragment_id, status)
values (?, ?, ?, ?))";

constexpr const char* select_fragments = R"(
select fragments.id, profile_id, dataset_id, ingest_time, identity_map, record, namespace_id, identity
from fragments
join profiles on profiles.id = profile_id
order by fragments.id)";

constexpr const char* select_further = R"(
select namespace_id, identity
from fragment_identities
where fragment_id = ?)";

constexpr const char* select_memberships = R"(
select segment_id, status
from memberships
where fragment_id = ?)";

std::vector<floor_name> names_of(raw_database& from, const char* sql) {
    std::vector<floor_name> found;
    raw_statement rows(from, sql);
    while (rows.row())
        found.push_back({rows.integer(0), std::string(rows.text(1)), std::string(rows.text(2))});
    return found;
}

std::vector<std::pair<std::int64_t, std::string>> pairs_of(raw_statement& rows, std::int64_t fragment) {
    std::vector<std::pair<std::int64_t, std::string>> found;
    rows.bind(1, fragment);
    while (rows.row())
        found.emplace_back(rows.integer(0), rows.text(1));
    return found;
}

} // namespace

imported_rows::imported_rows(const std::filesystem::path& store) {
    raw_database from(store, raw_database::role::reader);
    names.tenants = names_of(from, "select id, org, sandbox from tenants order by id");
    names.datasets = names_of(from, "select id, name, '' from datasets order by id");
    names.namespaces = names_of(from, "select id, folded, name from namespaces order by id");
    names.segments = names_of(from, "select id, namespace_folded, name from segments order by id");
    raw_statement rows(from, select_fragments);
    raw_statement further(from, select_further);
    raw_statement memberships(from, select_memberships);
    std::set<std::int64_t> seen;
    while (rows.row()) {
        floor_fragment one{rows.integer(0), rows.integer(1),           rows.integer(2),
                           rows.integer(3), std::string(rows.text(4)), std::string(rows.text(5))};
        if (fragments.empty() || fragments.back().dataset != one.dataset) begins.push_back(fragments.size());
        one.first_of_profile = seen.insert(one.profile).second;
        one.primary_namespace = rows.integer(6);
        one.primary = rows.text(7);
        one.further = pairs_of(further, one.id);
        one.memberships = pairs_of(memberships, one.id);
        fragments.push_back(std::move(one));
    }
}

std::span<const floor_fragment> imported_rows::of_dataset(std::size_t which) const {
    const auto end = which + 1 < begins.size() ? begins[which + 1] : fragments.size();
    return std::span(fragments).subspan(begins.at(which), end - begins.at(which));
}

floor_importer::floor_importer(const std::filesystem::path& store)
    : database_(store, raw_database::role::writer),
      begin_(database_, "begin immediate"),
      commit_(database_, "commit"),
      profile_(database_, insert_profile),
      fragment_(database_, insert_fragment),
      identity_(database_, insert_identity),
      membership_(database_, insert_membership) {}

void floor_importer::add_names(const floor_names& names) {
    const auto add = [&](const std::vector<floor_name>& rows, const char* sql) {
        raw_statement fresh(database_, sql);
        for (const auto& one : rows) {
            fresh.bind(1, one.id);
            fresh.bind(2, std::string_view(one.first));
            fresh.bind(3, std::string_view(one.second)); // out of range where there is none: no harm
            fresh.run();
        }
    };
    begin_.run();
    add(names.tenants, "insert into tenants (id, org, sandbox) values (?, ?, ?)");
    add(names.datasets, "insert into datasets (id, tenant_id, name) values (?, 1, ?)");
    add(names.namespaces, "insert into namespaces (id, tenant_id, folded, name) values (?, 1, ?, ?)");
    add(names.segments, "insert into segments (id, tenant_id, namespace_folded, name) values (?, 1, ?, ?)");
    commit_.run();
}

void floor_importer::add(std::span<const floor_fragment> fragments) {
    for (std::size_t done = 0; done < fragments.size(); done += most_records) {
        begin_.run();
        for (const auto& one : fragments.subspan(done, std::min(most_records, fragments.size() - done)))
            add_one(one);
        commit_.run();
    }
}

void floor_importer::add_one(const floor_fragment& one) {
    if (one.first_of_profile) {
        profile_.bind(1, one.profile);
        profile_.bind(2, one.primary_namespace);
        profile_.bind(3, std::string_view(one.primary));
        profile_.run();
    }
    fragment_.bind(1, one.id);
    fragment_.bind(2, one.profile);
    fragment_.bind(3, one.dataset);
    fragment_.bind(4, one.ingest_time);
    fragment_.bind(5, std::string_view(one.identity_map));
    fragment_.bind(6, std::string_view(one.record));
    fragment_.run();
    for (const auto& [ns, identity] : one.further) {
        identity_.bind(1, one.id);
        identity_.bind(2, ns);
        identity_.bind(3, std::string_view(identity));
        identity_.run();
    }
    for (const auto& [segment, status] : one.memberships) {
        membership_.bind(1, segment);
        membership_.bind(2, one.profile);
        membership_.bind(3, one.id);
        membership_.bind(4, std::string_view(status));
        membership_.run();
    }
}

} // namespace waybill::bench
