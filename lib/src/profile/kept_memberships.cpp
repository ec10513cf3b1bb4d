#include "profile/kept_memberships.hpp"

#include <algorithm>

#include "profile/profile_table.hpp"

namespace waybill::profile {
namespace {

/// One that only hides an entry is outweighed by every other.
bool outweighs(const segments::member& a, const segments::member& b) {
    if (!a.status || !b.status) return a.status && !b.status;
    return segments::outweighs({*a.status, a.qualified}, {*b.status, b.qualified});
}

} // namespace

void kept_memberships::clear() {
    keys_.clear();
    rows_.clear();
}

void kept_memberships::read(std::span<const std::int64_t> profiles) {
    clear();
    if (!plan_.population) return;
    keys(profiles);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        const auto ns = plan_.known_namespaces.find(keys_[i].ns_folded);
        if (ns == plan_.known_namespaces.end()) continue;
        scratch_.clear();
        segments::read_members_of(segments_, *plan_.population, ns->second, keys_[i].identity, scratch_);
        for (auto& one : scratch_)
            if (const auto segment = plan_.known_segments.find(one.segment);
                segment != plan_.known_segments.end())
                rows_.push_back({segment->second, std::move(one), i});
    }
    if (keys_.size() > 1) choose();
}

void kept_memberships::choose() {
    for (auto& one : rows_)
        for (auto& other : rows_)
            if (&one != &other && one.counts && other.counts && one.segment == other.segment)
                (outweighs(other.member, one.member) ? one : other).counts = false;
}

kept_memberships::row* kept_memberships::find(std::string_view segment) {
    const auto found = std::find_if(rows_.begin(), rows_.end(),
                                    [&](const row& one) { return one.counts && one.segment == segment; });
    return found == rows_.end() ? nullptr : &*found;
}

const std::vector<kept_memberships::identity_key>&
kept_memberships::keys(std::span<const std::int64_t> profiles) {
    if (!keys_.empty()) return keys_;
    for (const auto profile : profiles) {
        auto [ns_folded, identity] = read_primary_identity(profiles_, profile);
        keys_.push_back({std::move(ns_folded), std::move(identity)});
    }
    return keys_;
}

std::size_t kept_memberships::smallest_of(std::span<const std::int64_t> profiles) {
    const auto& all = keys(profiles);
    return static_cast<std::size_t>(std::min_element(all.begin(), all.end()) - all.begin());
}

} // namespace waybill::profile
