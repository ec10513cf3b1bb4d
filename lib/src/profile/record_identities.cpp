#include "profile/record_identities.hpp"

#include <algorithm>
#include <tuple>

#include "model/namespaces.hpp"

namespace waybill::profile {
namespace {

std::vector<std::string> members_of(std::string_view path) {
    std::vector<std::string> members;
    for (;;) {
        const auto dot = path.find('.');
        members.emplace_back(path.substr(0, dot));
        if (dot == std::string_view::npos) return members;
        path.remove_prefix(dot + 1);
    }
}

bool can_identify(json::value what) {
    return !what || what.is_null() || what.is_string() || what.type() == json::kind::number;
}

std::string pointer_to(json::value entries, std::size_t position) {
    std::string pointer = "/identityMap";
    json::append_pointer(pointer, entries.key());
    return pointer + '/' + std::to_string(position);
}

} // namespace

record_identities::record_identities(std::span<const identity_path> declared) {
    for (const auto& path : declared) {
        auto& mine = paths_.emplace_back(declared_path{members_of(path.path), {}, path.ns, path.primary});
        for (const auto& member : mine.members)
            json::append_pointer(mine.pointer, member);
    }
}

std::optional<std::string> record_identities::read(json::value record) {
    declared_.clear();
    mapped_.clear();
    set_.clear();
    if (auto refused = read_declared(record)) return refused;
    if (auto refused = read_map(record.member("identityMap"))) return refused;
    const auto* const chosen = choose_primary();
    if (!chosen) return "the record has no identity, neither in identityMap nor at a declared path";
    primary_ns_ = folded(chosen->ns);
    primary_id_ = chosen->id;
    // The record's own entries come last, for they say more than a declared identity does.
    for (auto& one : declared_) {
        const bool primary = one.id == primary_id_ && folded(one.ns) == primary_ns_;
        set_.add(one.ns, one.id, {}, primary);
    }
    for (auto& one : mapped_)
        set_.add(one.ns, one.id, one.entry, one.primary);
    set_.settle();
    return std::nullopt;
}

std::optional<std::string> record_identities::read_declared(json::value record) {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
        const auto& path = paths_[i];
        json::value at = record;
        for (const auto& member : path.members)
            at = at.member(member);
        if (!can_identify(at)) return "expected a text or a number at " + path.pointer;
        if (auto id = identity_text(at); !id.empty())
            declared_.push_back({path.ns, std::move(id), {}, path.primary, i});
    }
    return std::nullopt;
}

std::optional<std::string> record_identities::read_map(json::value map) {
    if (!map || map.is_null()) return std::nullopt;
    if (!map.is_object()) return "expected an object at /identityMap";
    for (const auto entries : map.children()) {
        if (entries.is_null()) continue;
        if (auto refused = read_entries(entries)) return refused;
    }
    return std::nullopt;
}

std::optional<std::string> record_identities::read_entries(json::value entries) {
    std::string pointer = "/identityMap";
    json::append_pointer(pointer, entries.key());
    if (!entries.is_array()) return "expected an array at " + pointer;
    if (entries.key().empty()) return "expected the name of a namespace before " + pointer;
    std::size_t position = 0;
    for (const auto entry : entries.children()) {
        const auto here = position++;
        if (entry.is_null()) continue;
        if (!entry.is_object()) return "expected an object at " + pointer_to(entries, here);
        const auto id = entry.member("id");
        if (!can_identify(id)) return "expected a text or a number at " + pointer_to(entries, here) + "/id";
        const auto primary = entry.member("primary");
        if (primary && !primary.is_null() && primary.type() != json::kind::boolean)
            return "expected a boolean at " + pointer_to(entries, here) + "/primary";
        if (auto text = identity_text(id); !text.empty())
            mapped_.push_back({entries.key(), std::move(text), entry, primary.boolean(), here});
    }
    return std::nullopt;
}

const record_identities::found* record_identities::choose_primary() const {
    const auto marked = [](const found& one) { return one.primary; };
    const auto declared = std::find_if(declared_.begin(), declared_.end(), marked);
    if (declared != declared_.end()) return &*declared;

    const found* first = nullptr;
    const found* first_marked = nullptr;
    for (const auto& one : mapped_) {
        const auto before = [&](const found* other) {
            return !other || std::tie(one.ns, one.position) < std::tie(other->ns, other->position);
        };
        if (before(first)) first = &one;
        if (one.primary && before(first_marked)) first_marked = &one;
    }
    if (first_marked) return first_marked;
    return declared_.empty() ? first : &declared_.front();
}

bool record_identities::is_primary(const identity& one) const {
    return one.id == primary_id_ && one.folded == primary_ns_;
}

const identity& record_identities::primary() const {
    return *std::find_if(set_.all().begin(), set_.all().end(),
                         [&](const auto& one) { return is_primary(one); });
}

} // namespace waybill::profile
