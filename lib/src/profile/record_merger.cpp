#include "profile/record_merger.hpp"

#include <algorithm>
#include <tuple>

#include "model/namespaces.hpp"
#include "profile/record_text.hpp"

namespace waybill::profile {

void record_merger::append_members(std::string& out, std::span<const json::value> records,
                                   std::span<const std::size_t> ranks, const json::field_tree& fields,
                                   std::span<const std::string_view> left_out) {
    members_.clear();
    folded_.clear();
    for (std::size_t i = 0; i < records.size(); ++i)
        gather({{}, records[i], ranks[i], i}, place::attributes);
    if (records.size() > 1) sort_from(0);
    for (std::size_t at = 0, end = 0, all = members_.size(); at < all; at = end) {
        end = records.size() > 1 ? end_of_group(at) : at + 1;
        const auto name = members_[at].name;
        if (std::find(left_out.begin(), left_out.end(), name) != left_out.end()) continue;
        const bool memberships = name == "segmentMembership";
        if (memberships) forget_ranks(at, end);
        append_group(out, at, end, fields, memberships ? place::namespaces : place::attributes);
        members_.resize(all);
    }
}

/// Puts the members of an object of this place onto the stack.
void record_merger::gather(const member& object, place where) {
    const auto rank = object.rank; // the stack that it may stand in grows
    for (const auto child : object.value.children()) {
        auto name = child.key();
        if (where == place::namespaces) name = folded_.emplace_back(folded(name));
        members_.push_back({name, child, rank, members_.size()});
    }
}

/// The order of their ingest is all that counts for these.
void record_merger::forget_ranks(std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i)
        members_[i].rank = 0;
    std::sort(members_.begin() + static_cast<std::ptrdiff_t>(from),
              members_.begin() + static_cast<std::ptrdiff_t>(to),
              [](const member& a, const member& b) { return a.order < b.order; });
}

void record_merger::sort_from(std::size_t base) {
    std::sort(members_.begin() + static_cast<std::ptrdiff_t>(base), members_.end(),
              [](const member& a, const member& b) {
                  return std::tie(a.name, a.rank, a.order) < std::tie(b.name, b.rank, b.order);
              });
}

std::size_t record_merger::end_of_group(std::size_t at) const {
    auto end = at + 1;
    while (end < members_.size() && members_[end].name == members_[at].name)
        ++end;
    return end;
}

/// Appends the member that stands at [from, to) of the stack, unless nothing of it is selected; `where` is
/// the place of its value.
bool record_merger::append_group(std::string& out, std::size_t from, std::size_t to,
                                 const json::field_tree& fields, place where) {
    const auto last = members_[to - 1].value;
    const auto* const below = fields.find(last.key());
    if (!below || last.is_null()) return false; // an import keeps no null: what hides an entry has one
    const auto before = out.size();
    separate(out);
    out.append(last.raw_key()).push_back(':');
    if (append_merged(out, from, to, *below, where)) return true;
    out.resize(before);
    return false;
}

/// Appends the merge of the values at [from, to) of the stack. The last one decides what it is; before it,
/// only objects in an unbroken row count, for a clash of types takes the later whole.
bool record_merger::append_merged(std::string& out, std::size_t from, std::size_t to,
                                  const json::field_tree& fields, place where) {
    auto first = to - 1;
    if (where != place::membership && members_[first].value.is_object())
        while (first > from && members_[first - 1].value.is_object())
            --first;
    if (first == to - 1) return append_selected(out, members_[first].value, fields);

    const auto base = members_.size();
    for (auto i = first; i < to; ++i)
        gather(members_[i], where);
    sort_from(base);
    const auto inner = where == place::namespaces ? place::segments
                       : where == place::segments ? place::membership
                                                  : place::attributes;
    const auto start = out.size();
    out.push_back('{');
    bool any = false;
    for (std::size_t at = base, end = 0, all = members_.size(); at < all; at = end) {
        end = end_of_group(at);
        any |= append_group(out, at, end, fields, inner);
    }
    members_.resize(base);
    out.push_back('}');
    if (any || fields.whole) return true;
    out.resize(start);
    return false;
}

} // namespace waybill::profile
