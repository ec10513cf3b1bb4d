#include "profile/candidate_walk.hpp"

#include <algorithm>

#include "profile/event_table.hpp"
#include "profile/fragment_table.hpp"
#include "profile/membership_table.hpp"
#include "profile/name_registry.hpp"
#include "profile/profile_table.hpp"

namespace waybill::profile {
namespace {

constexpr std::int64_t piece_size = 512;
/// Of 8 bytes each. When more has changed, there is little to be gained from knowing what.
constexpr std::int64_t most_changed = 1'000'000;

/// Nothing when it is too much to hold.
std::optional<std::vector<std::int64_t>> changed_since(sql::connection& on, std::int64_t tenant_id,
                                                       timestamp moment, bool events_too) {
    std::vector<std::int64_t> changed;
    read_changed_by_records(on, tenant_id, moment, most_changed, changed);
    if (events_too) read_changed_by_events(on, tenant_id, moment, most_changed, changed);
    if (changed.size() >= static_cast<std::size_t>(most_changed)) return std::nullopt;
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    return changed;
}

} // namespace

candidate_rule::candidate_rule(sql::connection& on, std::int64_t tenant_id, const export_plan& plan,
                               evaluated more)
    : tenant_id_(tenant_id),
      by_segment_(!plan.segments.empty() && !more.everybody),
      evaluated_(std::move(more.members)) {
    if (more.everybody) return;
    for (const auto& choice : plan.segments)
        if (const auto id = find_segment(on, tenant_id, choice.ns_folded, choice.segment_id))
            segments_.push_back({*id, choice.statuses});
    if (!by_segment_ && plan.ingested_after)
        changed_ = changed_since(on, tenant_id, *plan.ingested_after, plan.empty_profiles);
}

bool candidate_rule::includes(sql::connection& on, std::int64_t profile_id) const {
    if (changed_) return std::binary_search(changed_->begin(), changed_->end(), profile_id);
    if (by_segment_ && std::binary_search(evaluated_.begin(), evaluated_.end(), profile_id)) return true;
    return !by_segment_ || std::any_of(segments_.begin(), segments_.end(), [&](const segment& one) {
        std::vector<std::int64_t> next;
        read_members(on, one.id, one.statuses, profile_id - 1, 1, next);
        return !next.empty() && next.front() == profile_id;
    });
}

candidate_walk::candidate_walk(sql::connection& on, const candidate_rule& rule) : on_(on), rule_(rule) {
    if (!rule.by_segment_)
        sources_.push_back({std::nullopt, rule.changed_ ? &*rule.changed_ : nullptr, {}, 0, 0});
    else
        sources_.push_back({std::nullopt, &rule.evaluated_, {}, 0, 0});
    for (const auto& segment : rule.segments_)
        sources_.push_back({segment, nullptr, {}, 0, 0});
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (refill(sources_[i])) queue(i);
}

bool candidate_walk::refill(source& from) {
    if (from.listed) { // one piece is all
        if (from.last != 0) return false;
        from.piece = *from.listed;
    } else {
        from.piece.clear();
        from.at = 0;
        if (from.segment)
            read_members(on_, from.segment->id, from.segment->statuses, from.last, piece_size, from.piece);
        else
            read_profiles(on_, rule_.tenant_id_, from.last, piece_size, from.piece);
    }
    if (!from.piece.empty()) from.last = from.piece.back();
    return !from.piece.empty();
}

void candidate_walk::queue(std::size_t index) {
    heap_.push_back(index);
    std::push_heap(heap_.begin(), heap_.end(), [&](std::size_t a, std::size_t b) { return later(a, b); });
}

bool candidate_walk::later(std::size_t a, std::size_t b) const {
    return sources_[a].piece[sources_[a].at] > sources_[b].piece[sources_[b].at];
}

std::optional<std::int64_t> candidate_walk::next() {
    std::optional<std::int64_t> lowest;
    while (!heap_.empty()) {
        auto& head = sources_[heap_.front()];
        if (lowest && head.piece[head.at] != *lowest) break;
        lowest = head.piece[head.at];
        std::pop_heap(heap_.begin(), heap_.end(), [&](std::size_t a, std::size_t b) { return later(a, b); });
        const auto index = heap_.back();
        heap_.pop_back();
        if (++head.at < head.piece.size() || refill(head)) queue(index);
    }
    return lowest;
}

std::int64_t candidate_walk::count() const {
    if (rule_.changed_) return static_cast<std::int64_t>(rule_.changed_->size());
    if (!rule_.by_segment_) return count_profiles(on_, rule_.tenant_id_);
    candidate_walk again(on_, rule_);
    std::int64_t found = 0;
    while (again.next())
        ++found;
    return found;
}

} // namespace waybill::profile
