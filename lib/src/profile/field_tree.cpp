#include "profile/field_tree.hpp"

#include <algorithm>

#include <waybill/field_paths.hpp>

#include "profile/record_text.hpp"

namespace waybill::profile {
namespace {

auto position(auto& members, std::string_view name) {
    return std::lower_bound(
        members.begin(), members.end(), name,
        [](const auto& member, std::string_view wanted) { return member.first < wanted; });
}

const field_tree everything;

void add_path(field_tree& tree, std::string_view path) {
    auto* at = &tree;
    while (!at->whole) {
        const auto dot = path.find('.');
        const auto name = path.substr(0, dot);
        auto member = position(at->members, name);
        if (member == at->members.end() || member->first != name)
            member = at->members.emplace(member, std::string(name), field_tree{false, {}});
        at = &member->second;
        if (dot == std::string_view::npos) {
            at->whole = true;
            at->members.clear();
        } else {
            path.remove_prefix(dot + 1);
        }
    }
}

} // namespace

std::optional<field_tree> field_tree::of(const std::optional<std::string>& fields) {
    field_tree tree;
    if (!fields) return tree;
    const auto paths = split_fields(*fields);
    if (!paths) return std::nullopt;
    tree.whole = paths->empty();
    for (const auto& path : *paths)
        add_path(tree, path);
    return tree;
}

const field_tree* field_tree::find(std::string_view name) const {
    if (whole) return &everything;
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

bool append_selected(std::string& out, json::value from, const field_tree& fields) {
    if (fields.whole) {
        out += from.raw();
        return true;
    }
    if (!from.is_object() && !from.is_array()) return false;
    const auto start = out.size();
    out.push_back(from.is_object() ? '{' : '[');
    bool any = false;
    for (const auto child : from.children()) {
        const auto* const below = from.is_object() ? fields.find(child.key()) : &fields;
        if (!below) continue;
        const auto before = out.size();
        separate(out);
        if (from.is_object()) out.append(child.raw_key()).push_back(':');
        if (append_selected(out, child, *below))
            any = true;
        else
            out.resize(before);
    }
    out.push_back(from.is_object() ? '}' : ']');
    if (!any) out.resize(start);
    return any;
}

} // namespace waybill::profile
