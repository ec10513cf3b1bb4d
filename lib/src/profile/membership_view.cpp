#include "profile/membership_view.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <waybill/error_codes.hpp>
#include <waybill/profile_source.hpp>
#include <waybill/result.hpp>

#include "model/namespaces.hpp"
#include "pql/evaluator.hpp"
#include "profile/event_table.hpp"
#include "profile/kept_memberships.hpp"
#include "profile/record_text.hpp"
#include "segments/membership_entry.hpp"
#include "segments/staged_memberships.hpp"

namespace waybill::profile {
namespace {

using segments::membership;

[[noreturn]] void unreadable_membership() {
    throw store_failure(store_failure::kind::corrupt, "a membership of the segment store is not readable");
}

/// Events of a person, as far as conditions look at them.
class read_in_events {
  public:
    explicit read_in_events(sql::connection& on) : rows_(on) {}

    void read(std::span<const std::int64_t> profiles, const json::field_tree& fields) {
        rows_.read(profiles);
        events_.clear();
        for (const auto& row : rows_.all()) {
            if (events_.size() == documents_.size()) documents_.emplace_back();
            auto& document = documents_[events_.size()];
            if (document.parse_again(row.record, fields))
                throw store_failure(store_failure::kind::corrupt,
                                    "an event of the profile store is not readable");
            events_.push_back({row.occurred_at, document.root()});
        }
    }

    std::span<const pql::event> all() const { return events_; }

  private:
    event_rows rows_;
    std::deque<json::document> documents_;
    std::vector<pql::event> events_;
};

/// An evaluation of the job, for this thread.
struct condition {
    pql::evaluator holds;
    std::vector<std::uint8_t> asked; ///< as its expression names them: not 0 for who is in
};

} // namespace

void evaluation_counts::add(const evaluation_counts& more) noexcept {
    profiles += more.profiles;
    for (std::size_t i = 0; i < std::min(segments.size(), more.segments.size()); ++i) {
        segments[i].realized += more.segments[i].realized;
        segments[i].existing += more.segments[i].existing;
        segments[i].exited += more.segments[i].exited;
    }
}

struct membership_view::impl {
    const segment_plan& plan;
    kept_memberships kept;
    std::vector<condition> conditions;
    std::optional<pql::evaluator> opt_out;
    read_in_events events;

    // Of the person that is looked at.
    std::span<const std::int64_t> who;
    std::span<const fragment* const> telling;
    std::span<const json::value> records;
    segments::latest_entries entries;    ///< of the records
    std::vector<std::uint8_t> qualifies; ///< by the plan's segments
    std::string changed;
    std::string overlay_text;
    json::document overlay_document;

    evaluation_counts counts;

    impl(sql::connection& on_profiles, sql::connection& on_segments, const segment_plan& what)
        : plan(what), kept(on_profiles, on_segments, what), events(on_profiles) {
        for (const auto& one : plan.evaluated) {
            conditions.push_back({pql::evaluator(one.condition, plan.now),
                                  std::vector<std::uint8_t>(one.condition.segments().size())});
            if (one.leaves_out_opted_out && !opt_out) opt_out.emplace(opted_out(), plan.now);
        }
        counts.segments.resize(plan.evaluated.size());
    }

    /// Where a membership stands before the evaluation.
    struct standing {
        kept_memberships::row* row = nullptr; ///< what was evaluated, whether it counts or not
        bool by_row = false;                  ///< it counts
        segments::latest_entry ingested{};    ///< an empty value: none
        std::optional<membership> now{};
    };

    standing look_up(std::string_view segment);
    bool is_in(std::string_view segment);
    void settle(std::size_t at);
    void count(std::size_t at, const std::optional<membership>& before,
               const std::optional<membership>& after);
    std::optional<segments::member> row_for(const standing& before,
                                            const std::optional<membership>& after) const;
    std::string entry_after(const standing& before, const membership& after) const;
    void drop_doubles(std::string_view segment, std::size_t at);
    void write_change(std::size_t segment, const kept_memberships::row& row, const segments::member* after);
    bool stands_right(const kept_memberships::row& row) { return row.key == kept.smallest_of(who); }
    bool overrides(const kept_memberships::row& row, const segments::latest_entry& ingested) const;
};

membership_view::impl::standing membership_view::impl::look_up(std::string_view segment) {
    standing found;
    found.row = kept.find(segment);
    found.ingested = entries.find(segment);
    if (found.row && overrides(*found.row, found.ingested)) {
        found.by_row = true;
        if (const auto status = found.row->member.status) found.now = {*status, found.row->member.qualified};
    } else {
        found.now = segments::membership_in_entry(found.ingested.entry);
    }
    return found;
}

/// What was ingested after the evaluation counts instead.
bool membership_view::impl::overrides(const kept_memberships::row& row,
                                      const segments::latest_entry& ingested) const {
    return !ingested.entry || telling[ingested.record]->ingest_time <= row.member.evaluated_at;
}

bool membership_view::impl::is_in(std::string_view segment) {
    const auto now = look_up(segment).now;
    return now && now->status != membership_status::exited;
}

/// Brings one segment's membership from where it was to where the evaluation has it.
void membership_view::impl::settle(std::size_t at) {
    const auto& segment = plan.evaluated[at].id;
    const auto before = look_up(segment);
    const auto after = segments::evaluated(before.now, qualifies[at] != 0, plan.now, plan.states);
    count(at, before.now, after);
    drop_doubles(segment, at);
    const auto wanted = row_for(before, after);
    bool there = before.row != nullptr;
    if (there && (!wanted || !stands_right(*before.row))) {
        write_change(at, *before.row, nullptr);
        before.row->counts = there = false;
    }
    if (!wanted || (there && before.row->member == *wanted)) return;
    if (there)
        before.row->member = *wanted;
    else
        kept.add({segment, *wanted, kept.smallest_of(who)});
    write_change(at, *kept.find(segment), &*wanted);
}

void membership_view::impl::count(std::size_t at, const std::optional<membership>& before,
                                  const std::optional<membership>& after) {
    auto& of_segment = counts.segments[at];
    const bool was_in = before && before->status != membership_status::exited;
    if (qualifies[at] == 0)
        of_segment.exited += was_in ? 1 : 0;
    else
        ++(after->status == membership_status::realized ? of_segment.realized : of_segment.existing);
}

/// What `segments.db` has to keep from now on: nothing where what was ingested says it all.
std::optional<segments::member> membership_view::impl::row_for(const standing& before,
                                                               const std::optional<membership>& after) const {
    if (after == before.now) return before.by_row ? std::optional(before.row->member) : std::nullopt;
    if (!after && !before.ingested.entry) return std::nullopt;
    segments::member fresh{0, std::nullopt, plan.now, plan.now, {}};
    if (!after) return fresh;
    fresh.status = after->status;
    fresh.qualified = after->qualified.value_or(plan.now);
    fresh.entry = entry_after(before, *after);
    return fresh;
}

/// Members of an entry beside status and time stay with who stays.
std::string membership_view::impl::entry_after(const standing& before, const membership& after) const {
    const bool stays = before.now && before.now->status != membership_status::exited &&
                       after.status != membership_status::exited;
    if (!stays) return {};
    if (!before.by_row) return segments::entry_with(before.ingested.entry, after);
    if (before.row->member.entry.empty()) return {};
    json::document old;
    if (old.parse_again(before.row->member.entry)) unreadable_membership();
    return segments::entry_with(old.root(), after);
}

/// Profiles that became one have a row each, of which one counts.
void membership_view::impl::drop_doubles(std::string_view segment, std::size_t at) {
    for (auto& row : kept.rows())
        if (!row.counts && row.segment == segment) write_change(at, row, nullptr);
}

void membership_view::impl::write_change(std::size_t segment, const kept_memberships::row& row,
                                         const segments::member* after) {
    const auto& key = kept.keys(who)[row.key];
    segments::membership_change change{key.ns_folded, key.identity, segment, after == nullptr, {}, {}, {}};
    if (after) {
        change.status = after->status;
        change.qualified = after->qualified;
        change.entry = after->entry;
    }
    append_line(changed, change);
}

membership_view::membership_view(sql::connection& profiles, sql::connection& segments,
                                 const segment_plan& plan)
    : self_(std::make_unique<impl>(profiles, segments, plan)) {}
membership_view::~membership_view() = default;

void membership_view::look_at(const person& who, std::span<const fragment* const> telling,
                              std::span<const json::value> records) {
    auto& self = *self_;
    self.who = who.profiles;
    self.telling = telling;
    self.records = records;
    self.entries.look_at(records, segments::evaluated_namespace);
    self.changed.clear();
    self.kept.read(who.profiles);
}

void membership_view::evaluate(json::value merged) {
    auto& self = *self_;
    const auto& plan = self.plan;
    if (plan.reads_events) self.events.read(self.who, plan.event_fields);
    ++self.counts.profiles;
    self.qualifies.assign(plan.evaluated.size(), 0);
    std::size_t at = 0;
    try {
        const bool out = self.opt_out && self.opt_out->holds(merged, {}, {});
        for (; at < plan.evaluated.size(); ++at) {
            const auto& what = plan.evaluated[at];
            auto& condition = self.conditions[at];
            for (std::size_t i = 0; i < what.asks.size(); ++i)
                condition.asked[i] =
                    what.asks[i] ? self.qualifies[*what.asks[i]] : self.is_in(what.condition.segments()[i]);
            self.qualifies[at] = condition.holds.holds(merged, self.events.all(), condition.asked) &&
                                 !(out && what.leaves_out_opted_out);
        }
    } catch (const pql::budget_exceeded&) {
        const auto& key = self.kept.keys(self.who)[self.kept.smallest_of(self.who)];
        throw export_refused{errors::evaluation_too_costly.about(plan.evaluated[at].id,
                                                                 "more than ten million steps for profile " +
                                                                     key.ns_folded + ' ' + key.identity)};
    }
    for (at = 0; at < plan.evaluated.size(); ++at)
        self.settle(at);
}

json::value membership_view::overlay() {
    auto& self = *self_;
    auto& text = self.overlay_text;
    text.clear();
    for (auto& row : self.kept.rows()) {
        if (!row.counts) continue;
        const auto ingested = self.entries.find(row.segment);
        if (!self.overrides(row, ingested)) continue;
        if (!row.member.status && !ingested.entry) continue; // there is nothing to hide
        if (text.empty())
            text.append("{\"segmentMembership\":{")
                .append(segments::namespace_key_in(self.records, segments::evaluated_namespace))
                .append(":{");
        separate(text);
        json::append_string(text, row.segment);
        text += ':';
        segments::append_entry(text, row.member);
    }
    if (text.empty()) return {};
    text += "}}}";
    if (self.overlay_document.parse_again(text)) unreadable_membership();
    return self.overlay_document.root();
}

std::string_view membership_view::changes() const { return self_->changed; }
const evaluation_counts& membership_view::counts() const noexcept { return self_->counts; }

} // namespace waybill::profile
