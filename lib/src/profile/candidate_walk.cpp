#include "profile/candidate_walk.hpp"

#include <algorithm>

#include "profile/membership_table.hpp"
#include "profile/name_registry.hpp"
#include "profile/profile_table.hpp"

namespace waybill::profile {
namespace {

constexpr std::int64_t piece_size = 512;

} // namespace

candidate_walk::candidate_walk(sql::connection& on, std::int64_t tenant_id,
                               std::span<const segment_choice> segments)
    : on_(on), tenant_id_(tenant_id), segments_(segments) {
    if (segments.empty()) sources_.emplace_back();
    for (const auto& choice : segments)
        if (const auto id = find_segment(on_, tenant_id_, choice.ns_folded, choice.segment_id))
            sources_.push_back({id, choice.statuses, {}, 0, 0});
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (refill(sources_[i])) queue(i);
}

bool candidate_walk::refill(source& from) {
    from.piece.clear();
    from.at = 0;
    if (from.segment)
        read_members(on_, *from.segment, from.statuses, from.last, piece_size, from.piece);
    else
        read_profiles(on_, tenant_id_, from.last, piece_size, from.piece);
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
    if (segments_.empty()) return count_profiles(on_, tenant_id_);
    candidate_walk again(on_, tenant_id_, segments_);
    std::int64_t found = 0;
    while (again.next())
        ++found;
    return found;
}

} // namespace waybill::profile
