#include "profile/profile_import.hpp"

#include <set>

#include "profile/event_table.hpp"
#include "profile/fragment_table.hpp"
#include "profile/membership_choice.hpp"
#include "profile/membership_table.hpp"
#include "profile/namespaces.hpp"
#include "profile/profile_schema.hpp"
#include "profile/profile_table.hpp"
#include "profile/record_text.hpp"

namespace waybill::profile {
namespace {

// What a transaction takes before it commits: its pages stay in memory, and readers see its records at once.
constexpr std::int64_t most_records = 5'000;
constexpr std::size_t most_bytes = std::size_t{16} << 20U;

/// Namespaces of segments are compared without case, so two spellings would be two entries for one segment.
bool names_a_namespace_twice(json::value namespaces) {
    std::set<std::string> seen;
    for (const auto segments : namespaces.children())
        if (!segments.is_null() && !seen.insert(folded(segments.key())).second) return true;
    return false;
}

std::string described(const json::parse_error& error) {
    std::string text = error.message + " (byte " + std::to_string(error.offset + 1);
    if (!error.path.empty()) text += ", " + error.path;
    return text + ")";
}

} // namespace

profile_import::profile_import(sql::connection& on, const import_options& options, kind what)
    : on_(on), options_(options), kind_(what), identities_(options.identities) {}

result<import_summary> profile_import::run(std::istream& input) {
    record_reader reader(input);
    while (const auto record = reader.next()) {
        take(*record);
        if (++records_in_transaction_ < most_records && bytes_in_transaction_ < most_bytes) continue;
        commit();
        if (options_.on_progress) options_.on_progress({reader.bytes(), summary_.read});
    }
    commit();
    if (options_.on_progress) options_.on_progress({reader.bytes(), summary_.read});
    if (reader.broken()) return failure{errc::invalid, *reader.broken(), {}};
    return summary_;
}

void profile_import::begin() {
    if (open_) return;
    open_.emplace(on_);
    if (!names_) names_.emplace(on_, options_.owner, options_.dataset_id);
}

void profile_import::commit() {
    if (open_) {
        count_change(on_);
        open_->commit();
    }
    open_.reset();
    records_in_transaction_ = 0;
    bytes_in_transaction_ = 0;
}

void profile_import::take(const record_reader::record& record) {
    ++summary_.read;
    bytes_in_transaction_ += record.text.size();
    auto reason = record.problem ? std::optional<std::string>(record.problem) : keep(record.text);
    if (!reason) return;
    ++summary_.rejected;
    if (options_.on_reject) options_.on_reject({record.line, std::move(*reason), record.text});
}

std::optional<std::string> profile_import::keep(std::string_view text) {
    if (const auto error = document_.parse(text)) return described(*error);
    const auto record = document_.root();
    if (!record.is_object()) return "expected an object";
    std::string event_id;
    std::optional<timestamp> occurred_at;
    if (kind_ == kind::events) {
        const auto id = record.member("_id");
        event_id = id.text();
        if (event_id.empty()) return "expected a text at /_id";
        const auto moment = record.member("timestamp");
        if (moment.is_string()) occurred_at = parse_rfc3339(moment.text());
        if (!occurred_at) return "expected an RFC 3339 time at /timestamp";
    }
    if (auto refused = identities_.read(record)) return refused;
    if (kind_ == kind::fragments && names_a_namespace_twice(record.member(membership_member)))
        return "expected each namespace once, whatever its case, at /segmentMembership";
    begin();
    count(occurred_at ? keep_event(event_id, *occurred_at) : keep_fragment());
    return std::nullopt;
}

std::int64_t profile_import::primary_profile() {
    const auto& primary = identities_.primary();
    const auto ns = names_->namespace_id(primary.folded, primary.ns);
    return profile_of(on_, names_->tenant_id(), ns, primary.id);
}

template <class Add>
void profile_import::keep_further_identities(Add add) {
    for (const auto& one : identities_.all())
        if (!identities_.is_primary(one)) add(names_->namespace_id(one.folded, one.ns), one.id);
}

profile_import::outcome profile_import::keep_fragment() {
    identity_map_.clear();
    append_identity_map(identity_map_, identities_.all());
    record_.clear();
    append_compact_without(record_, document_.root(), "identityMap");
    const auto profile = primary_profile();
    const auto kept = profile::keep_fragment(
        on_, {profile, names_->dataset_id(), options_.ingest_time, identity_map_, record_});
    if (!kept.id) return outcome::unchanged;
    keep_further_identities(
        [&](std::int64_t ns, std::string_view id) { add_fragment_identity(on_, *kept.id, ns, id); });
    keep_memberships(profile, *kept.id);
    return kept.replaced ? outcome::replaced : outcome::added;
}

void profile_import::keep_memberships(std::int64_t profile_id, std::int64_t fragment_id) {
    const auto namespaces = document_.root().member(membership_member);
    if (!namespaces.is_object()) return;
    for (const auto segments : namespaces.children()) {
        if (!segments.is_object()) continue;
        const auto ns = folded(segments.key());
        for (const auto membership : segments.children()) {
            const auto status = parse_membership_status(membership.member("status").text());
            if (!status) continue;
            const auto segment = names_->segment_id(ns, membership.key());
            add_membership(on_, {segment, profile_id, fragment_id, *status});
        }
    }
}

profile_import::outcome profile_import::keep_event(std::string_view event_id, timestamp occurred_at) {
    if (has_event(on_, names_->dataset_id(), event_id)) return outcome::unchanged;
    record_.clear();
    append_compact(record_, document_.root());
    const auto row = add_event(on_, {names_->dataset_id(), event_id, primary_profile(),
                                     identities_.primary().ns, occurred_at, options_.ingest_time, record_});
    keep_further_identities(
        [&](std::int64_t ns, std::string_view id) { add_event_identity(on_, row, ns, id); });
    return outcome::added;
}

void profile_import::count(outcome what) {
    switch (what) {
    case outcome::added: ++summary_.added; break;
    case outcome::replaced: ++summary_.replaced; break;
    case outcome::unchanged: ++summary_.unchanged; break;
    }
}

} // namespace waybill::profile
