#include "profile/export_scan.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include <waybill/result.hpp>

#include "profile/candidate_walk.hpp"
#include "profile/event_table.hpp"
#include "profile/export_plan.hpp"
#include "profile/fragment_table.hpp"
#include "profile/identity_set.hpp"
#include "profile/membership_choice.hpp"
#include "profile/name_registry.hpp"
#include "profile/profile_table.hpp"
#include "profile/record_merger.hpp"
#include "profile/record_text.hpp"
#include "profile/row_parts.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"
#include "sql/transaction.hpp"
#include "json/document.hpp"

namespace waybill::profile {
namespace {

constexpr std::int64_t candidates_between_reports = 8;

/// Documents whose memory is used again from profile to profile.
class parsed_texts {
  public:
    void clear() { roots_.clear(); }
    json::value add(const std::string& text) {
        if (roots_.size() == documents_.size()) documents_.emplace_back();
        auto& document = documents_[roots_.size()];
        if (document.parse(text))
            throw store_failure(store_failure::kind::corrupt,
                                "a record of the profile store is not readable");
        return roots_.emplace_back(document.root());
    }
    std::span<const json::value> roots() const { return roots_; }

  private:
    std::deque<json::document> documents_;
    std::vector<json::value> roots_;
};

} // namespace

struct export_scan::impl {
    sql::connection connection;
    sql::snapshot snapshot;
    export_plan plan;
    std::optional<std::int64_t> tenant_id;
    std::int64_t candidates = 0;
    std::unordered_map<std::string, std::string> shown_namespaces;
    std::vector<std::string_view>
        left_out; ///< members of records whose names mean something else in the rows

    // Of the profile that is looked at.
    fragment_rows fragments;
    parsed_texts records;
    parsed_texts identity_maps;
    identity_set identities;
    profile_identity sole_identity;
    std::vector<std::string_view> namespaces;
    std::vector<std::size_t> chosen_by;
    json::document event;
    record_merger merger;
    std::string row;

    impl(const std::filesystem::path& file, const tenant& owner, const new_export_job& request);
    bool looked_at(std::int64_t profile_id);
    bool ingested_in_time(std::int64_t profile_id);
    void gather_identities(std::int64_t profile_id);
    void gather_namespaces();
    void write_row(std::int64_t profile_id);
};

export_scan::impl::impl(const std::filesystem::path& file, const tenant& owner, const new_export_job& request)
    : connection(file, sql::access::read), snapshot(connection), plan(plan_export(request)) {
    const auto known = sql::profiles_migrations();
    if (sql::check_schema(connection, known) != known.back().version)
        throw store_failure(store_failure::kind::corrupt,
                            file.string() +
                                ": its schema is older than this Waybill's; import into it to bring it up");
    if (plan.events) left_out.push_back("eventList");
    if (!plan.fields.whole) left_out.push_back("identities");
    tenant_id = find_tenant(connection, owner);
    if (!tenant_id) return;
    shown_namespaces = profile::shown_namespaces(connection, *tenant_id);
    candidates = candidate_walk(connection, *tenant_id, plan.segments).count();
}

/// Reads a profile; true when it is selected and its row stands ready.
bool export_scan::impl::looked_at(std::int64_t profile_id) {
    fragments.read(connection, profile_id);
    if (fragments.size() == 0 && !plan.empty_profiles) return false;
    if (plan.ingested_after && !ingested_in_time(profile_id)) return false;
    records.clear();
    const bool as_it_stands = fragments.size() == 1 && plan.fields.whole && !plan.events;
    if (!as_it_stands || !plan.segments.empty() || plan.qualified)
        for (std::size_t i = 0; i < fragments.size(); ++i)
            records.add(fragments[i].record);
    if (!chosen(plan, records.roots(), chosen_by)) return false;
    gather_identities(profile_id);
    gather_namespaces();
    if (as_it_stands) {
        row.assign(fragments[0].record).pop_back();
        separate(row);
        row.append("\"identityMap\":").append(fragments[0].identity_map).push_back('}');
    } else {
        write_row(profile_id);
    }
    return true;
}

bool export_scan::impl::ingested_in_time(std::int64_t profile_id) {
    if (fragments.size() != 0) return fragments[fragments.size() - 1].ingest_time > *plan.ingested_after;
    const auto last = last_event_ingest(connection, profile_id);
    return last && *last > *plan.ingested_after;
}

/// A profile without records shows the identity that its events name.
void export_scan::impl::gather_identities(std::int64_t profile_id) {
    identities.clear();
    identity_maps.clear();
    for (std::size_t i = 0; i < fragments.size(); ++i)
        identities.add_kept(identity_maps.add(fragments[i].identity_map));
    if (fragments.size() == 0) {
        sole_identity = read_identity(connection, profile_id);
        identities.add(sole_identity.ns, sole_identity.id, {}, true);
    }
    identities.settle();
}

/// However its records spell it, a namespace is counted under one name.
void export_scan::impl::gather_namespaces() {
    namespaces.clear();
    for (const auto& one : identities.all()) {
        const auto shown = shown_namespaces.find(one.folded);
        const std::string_view name =
            shown != shown_namespaces.end() ? std::string_view(shown->second) : one.ns;
        if (namespaces.empty() || namespaces.back() != name) namespaces.push_back(name);
    }
    std::sort(namespaces.begin(), namespaces.end());
}

void export_scan::impl::write_row(std::int64_t profile_id) {
    row.assign("{");
    merger.append_members(row, records.roots(), plan.fields, left_out);
    append_identity_map_member(row, identities.all(), plan.fields);
    append_identities_member(row, identities.all(), plan.fields);
    if (plan.events) {
        const auto& asked = *plan.events;
        append_events_member(row,
                             event_rows(connection, profile_id, asked.ingested_after, asked.ingested_before),
                             asked.fields, event);
    }
    row.push_back('}');
}

export_scan::export_scan(const std::filesystem::path& profiles, const tenant& owner,
                         const new_export_job& request)
    : self_(std::make_unique<impl>(profiles, owner, request)) {}

export_scan::~export_scan() = default;

std::int64_t export_scan::candidates() const { return self_->candidates; }

void export_scan::run(const std::function<bool(const exported_row&)>& sink,
                      const std::function<bool(std::int64_t)>& on_progress) {
    auto& self = *self_;
    if (!self.tenant_id) return;
    candidate_walk walk(self.connection, *self.tenant_id, self.plan.segments);
    std::int64_t looked_at = 0;
    while (const auto profile = walk.next()) {
        if (self.looked_at(*profile) && !sink({self.row, self.namespaces, self.chosen_by})) return;
        if (++looked_at % candidates_between_reports == 0 && !on_progress(looked_at)) return;
    }
    on_progress(looked_at);
}

} // namespace waybill::profile
