#include "profile/row_maker.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <waybill/result.hpp>

#include "model/namespaces.hpp"
#include "profile/event_table.hpp"
#include "profile/fragment_table.hpp"
#include "profile/identity_set.hpp"
#include "profile/membership_choice.hpp"
#include "profile/name_registry.hpp"
#include "profile/parsed_texts.hpp"
#include "profile/person_finder.hpp"
#include "profile/profile_table.hpp"
#include "profile/record_merger.hpp"
#include "profile/record_text.hpp"
#include "profile/row_parts.hpp"
#include "segments/membership_entry.hpp"
#include "json/document.hpp"

namespace waybill::profile {
struct row_maker::impl {
    sql::connection& connection;
    const export_plan& plan;
    const merge_policy& policy;
    const candidate_rule& candidates;
    std::unordered_map<std::string, std::string> shown_namespaces;
    std::unordered_map<std::int64_t, std::size_t> precedence; ///< of datasets, from the first on
    std::vector<std::string_view>
        left_out; ///< members of records whose names mean something else in the rows
    person_finder persons;
    json::field_tree written;   ///< fields of records that rows and the choice of profiles need
    json::field_tree looked_at; ///< and those that an evaluation needs
    std::vector<std::string_view> not_looked_at; ///< members that are read for something else than conditions
    std::optional<membership_view> memberships;
    bool evaluates = false;
    bool asks_memberships = false;
    bool asks_identities = false;

    // Of the profile that is looked at.
    std::int64_t sole_profile = 0;
    person who;
    fragment_rows fragments;
    std::vector<const fragment*> telling; ///< those that give attributes, in the order of their ingest
    std::vector<std::size_t> ranks;       ///< of each of them: who has a higher one wins
    parsed_texts records;
    parsed_texts identity_maps;
    identity_set identities;
    std::vector<profile_identity> sole_identities;
    std::vector<std::string_view> namespaces;
    segments::latest_entries memberships_of_it;
    std::vector<std::size_t> chosen_by;
    json::document event;
    record_merger merger;
    std::string row;
    json::document merged_document;
    std::string merged_text;

    impl(sql::connection& on, std::int64_t tenant_id, const export_plan& what, const merge_policy& how,
         const candidate_rule& whom, sql::connection* segments, const segment_plan* evaluation)
        : connection(on),
          plan(what),
          policy(how),
          candidates(whom),
          shown_namespaces(profile::shown_namespaces(on, tenant_id)),
          persons(on),
          written(what.fields),
          fragments(on) {
        written.add({&segments::membership_member, 1});
        if (segments && evaluation) prepare(*segments, *evaluation);
        if (plan.events) left_out.push_back("eventList");
        if (!plan.fields.whole) left_out.push_back("identities");
        for (std::size_t at = 0; at < policy.datasets.size(); ++at)
            if (const auto dataset = find_dataset(on, tenant_id, policy.datasets[at]))
                precedence.emplace(*dataset, at);
    }

    void prepare(sql::connection& segments, const segment_plan& evaluation);
    bool look_at(std::int64_t profile_id);
    json::value look_at_memberships();
    void read_records(const json::field_tree& fields);
    void add_overlay(json::value overlay);
    json::value merged();
    bool first_of_its_person(std::int64_t profile_id);
    void choose_telling();
    bool ingested_in_time();
    void gather_identities();
    std::string_view counted(const std::string& ns_folded, std::string_view spelled) const;
    void gather_namespaces();
    void gather_namespaces_of(const fragment& only);
    void write_row();
};

void row_maker::impl::prepare(sql::connection& segments, const segment_plan& evaluation) {
    memberships.emplace(connection, segments, evaluation);
    evaluates = evaluation.evaluates();
    looked_at = evaluation.profile_fields;
    asks_memberships = looked_at.find(segments::membership_member) != nullptr;
    asks_identities = looked_at.find("identityMap") != nullptr;
    if (!asks_memberships) not_looked_at.push_back(segments::membership_member);
    looked_at.add({&segments::membership_member, 1});
}

/// True when the profile is selected and its row stands ready.
bool row_maker::impl::look_at(std::int64_t profile_id) {
    if (!first_of_its_person(profile_id)) return false;
    fragments.read(who.profiles);
    choose_telling();
    records.clear();
    const auto overlay = memberships ? look_at_memberships() : json::value{};
    if (telling.empty() && !plan.empty_profiles) return false;
    if (plan.ingested_after && !ingested_in_time()) return false;
    const bool as_it_stands =
        fragments.size() == 1 && !telling.empty() && plan.fields.whole && !plan.events && !overlay;
    if (!memberships && (!as_it_stands || !plan.segments.empty() || plan.qualified)) read_records(written);
    if (!chosen(plan, records.roots(), memberships_of_it, chosen_by)) return false;
    if (as_it_stands) {
        gather_namespaces_of(fragments[0]);
        row.assign(fragments[0].record).pop_back();
        separate(row);
        row.append("\"identityMap\":").append(fragments[0].identity_map).push_back('}');
    } else {
        if (evaluates) {
            read_records(written);
            add_overlay(overlay);
        }
        gather_identities();
        gather_namespaces();
        write_row();
    }
    return true;
}

void row_maker::impl::read_records(const json::field_tree& fields) {
    records.clear();
    ranks.resize(telling.size());
    for (const auto* const one : telling)
        records.add(one->record, fields);
}

/// As if it had been ingested last.
void row_maker::impl::add_overlay(json::value overlay) {
    if (!overlay) return;
    records.add_root(overlay);
    ranks.resize(records.roots().size());
}

/// What earlier evaluations and this one make of the person's memberships; an empty value where that is what
/// the records say.
json::value row_maker::impl::look_at_memberships() {
    read_records(evaluates ? looked_at : written);
    memberships->look_at(who, telling, records.roots());
    if (evaluates) memberships->evaluate(merged());
    const auto overlay = memberships->overlay();
    add_overlay(overlay);
    return overlay;
}

/// The merged profile, as far as conditions look at it.
json::value row_maker::impl::merged() {
    const auto overlay = asks_memberships ? memberships->overlay() : json::value{};
    if (records.roots().size() == 1 && !overlay && !asks_identities) return records.roots().front();
    add_overlay(overlay);
    merged_text.assign("{");
    merger.append_members(merged_text, records.roots(), ranks, {}, not_looked_at);
    if (overlay) records.remove_last();
    if (asks_identities) {
        gather_identities();
        append_identity_map_member(merged_text, identities.all(), {});
    }
    merged_text.push_back('}');
    if (merged_document.parse_again(merged_text, looked_at)) unreadable_record();
    return merged_document.root();
}

/// Finds the profiles that are one with this one. Of those that a walk comes by, the first makes the row.
bool row_maker::impl::first_of_its_person(std::int64_t profile_id) {
    if (policy.graph == identity_graph::none) {
        sole_profile = profile_id;
        who = {{&sole_profile, 1}, false};
        return true;
    }
    who = persons.around(profile_id);
    return std::none_of(who.profiles.begin(), who.profiles.end(), [&](std::int64_t other) {
        return other < profile_id && candidates.includes(connection, other);
    });
}

/// A dataset that the policy does not name gives no attributes.
void row_maker::impl::choose_telling() {
    telling.clear();
    ranks.clear();
    const bool by_dataset = policy.merge == attribute_merge::dataset_precedence;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
        const auto named = precedence.find(fragments[i].dataset_id);
        if (by_dataset && named == precedence.end()) continue;
        telling.push_back(&fragments[i]);
        ranks.push_back(by_dataset ? policy.datasets.size() - named->second : 0);
    }
}

bool row_maker::impl::ingested_in_time() {
    if (!telling.empty()) return telling.back()->ingest_time > *plan.ingested_after;
    const auto last = last_event_ingest(connection, who.profiles);
    return last && *last > *plan.ingested_after;
}

/// A profile without records shows the identities that its events name.
void row_maker::impl::gather_identities() {
    identities.clear();
    identity_maps.clear();
    for (std::size_t i = 0; i < fragments.size(); ++i)
        identities.add_kept(identity_maps.add(fragments[i].identity_map));
    if (fragments.size() == 0) {
        sole_identities.clear();
        for (const auto profile : who.profiles)
            sole_identities.push_back(read_identity(connection, profile));
        std::sort(sole_identities.begin(), sole_identities.end(),
                  [](const profile_identity& a, const profile_identity& b) {
                      return std::tie(a.ingest_time, a.event) < std::tie(b.ingest_time, b.event);
                  });
        for (const auto& one : sole_identities)
            identities.add(one.ns, one.id, {}, true);
    }
    identities.settle();
}

/// However its records spell it, a namespace is counted under one name.
std::string_view row_maker::impl::counted(const std::string& ns_folded, std::string_view spelled) const {
    const auto shown = shown_namespaces.find(ns_folded);
    return shown != shown_namespaces.end() ? std::string_view(shown->second) : spelled;
}

void row_maker::impl::gather_namespaces() {
    namespaces.clear();
    for (const auto& one : identities.all()) {
        const auto name = counted(one.folded, one.ns);
        if (namespaces.empty() || namespaces.back() != name) namespaces.push_back(name);
    }
    std::sort(namespaces.begin(), namespaces.end());
}

/// An identity map that an import has kept has each namespace once.
void row_maker::impl::gather_namespaces_of(const fragment& only) {
    namespaces.clear();
    identity_maps.clear();
    for (const auto entries : identity_maps.add(only.identity_map).children())
        namespaces.push_back(counted(folded(entries.key()), entries.key()));
    std::sort(namespaces.begin(), namespaces.end());
}

void row_maker::impl::write_row() {
    row.assign("{");
    merger.append_members(row, records.roots(), ranks, plan.fields, left_out);
    append_identity_map_member(row, identities.all(), plan.fields);
    append_identities_member(row, identities.all(), plan.fields);
    if (plan.events) append_events_member(row, connection, who.profiles, *plan.events, event);
    row.push_back('}');
}

row_maker::row_maker(sql::connection& on, std::int64_t tenant_id, const export_plan& plan,
                     const merge_policy& policy, const candidate_rule& candidates, sql::connection* segments,
                     const segment_plan* evaluation)
    : self_(std::make_unique<impl>(on, tenant_id, plan, policy, candidates, segments, evaluation)) {}
row_maker::~row_maker() = default;

std::optional<exported_row> row_maker::read(std::int64_t profile_id) {
    auto& self = *self_;
    if (!self.look_at(profile_id)) return std::nullopt;
    return exported_row{self.row, self.namespaces, self.chosen_by, self.who.too_large};
}

std::string_view row_maker::membership_changes() const {
    return self_->evaluates ? self_->memberships->changes() : std::string_view{};
}

const evaluation_counts* row_maker::counts() const noexcept {
    return self_->evaluates ? &self_->memberships->counts() : nullptr;
}

} // namespace waybill::profile
