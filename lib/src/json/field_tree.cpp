#include "json/field_tree.hpp"

#include <algorithm>

#include <waybill/field_paths.hpp>

namespace waybill::json {
namespace {

auto position(auto& members, std::string_view name) {
    return std::lower_bound(
        members.begin(), members.end(), name,
        [](const auto& member, std::string_view wanted) { return member.first < wanted; });
}

const field_tree everything;

constexpr std::size_t few = 16; ///< most names differ in their length already

std::vector<std::string_view> names_of(std::string_view path) {
    std::vector<std::string_view> names;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
        names.push_back(path.substr(0, dot));
        path.remove_prefix(dot + 1);
    }
    names.push_back(path);
    return names;
}

} // namespace

std::optional<field_tree> field_tree::of(const std::optional<std::string>& fields) {
    field_tree tree;
    if (!fields) return tree;
    const auto paths = split_fields(*fields);
    if (!paths) return std::nullopt;
    tree.whole = paths->empty();
    for (const auto& path : *paths)
        tree.add(names_of(path));
    return tree;
}

void field_tree::add(std::span<const std::string_view> path) {
    auto* at = this;
    for (const auto name : path) {
        if (at->whole) return;
        auto member = position(at->members, name);
        if (member == at->members.end() || member->first != name)
            member = at->members.emplace(member, std::string(name), none());
        at = &member->second;
    }
    at->whole = true;
    at->members.clear();
}

const field_tree* field_tree::find(std::string_view name) const {
    if (whole) return &everything;
    if (members.size() <= few) {
        for (const auto& [member, below] : members)
            if (member == name) return &below;
        return nullptr;
    }
    const auto member = position(members, name);
    return member != members.end() && member->first == name ? &member->second : nullptr;
}

bool field_tree::takes(std::string_view name) const {
    const auto* const below = find(name);
    return below && below->whole;
}

bool field_tree::takes(std::string_view outer, std::string_view inner) const {
    const auto* const below = find(outer);
    return below && below->takes(inner);
}

} // namespace waybill::json
