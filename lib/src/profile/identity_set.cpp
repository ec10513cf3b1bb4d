#include "profile/identity_set.hpp"

#include <algorithm>
#include <tuple>

#include "model/namespaces.hpp"
#include "profile/record_text.hpp"

namespace waybill::profile {

void identity_set::add(std::string_view ns, std::string id, json::value entry, bool primary) {
    all_.push_back({ns, std::move(id), entry, primary, folded(ns), all_.size()});
}

void identity_set::add_kept(json::value identity_map) {
    for (const auto entries : identity_map.children())
        for (const auto entry : entries.children())
            add(entries.key(), identity_text(entry.member("id")), entry, entry.member("primary").boolean());
}

void identity_set::settle() {
    if (all_.size() < 2) return;
    std::sort(all_.begin(), all_.end(), [](const identity& a, const identity& b) {
        return std::tie(a.folded, a.id, a.order) < std::tie(b.folded, b.id, b.order);
    });
    for (auto group = all_.begin(); group != all_.end();) {
        const auto next =
            std::find_if(group, all_.end(), [&](const auto& i) { return i.folded != group->folded; });
        const auto latest =
            std::max_element(group, next, [](const auto& a, const auto& b) { return a.order < b.order; });
        const auto shown = latest->ns;
        std::for_each(group, next, [&](identity& i) { i.ns = shown; });
        group = next;
    }
    const auto superseded = [](const identity& a, const identity& b) {
        return a.folded == b.folded && a.id == b.id;
    };
    // `unique` keeps the first of equal ones; seen from the end that is the one added last.
    const auto kept = std::unique(all_.rbegin(), all_.rend(), superseded);
    all_.erase(all_.begin(), kept.base());
    std::sort(all_.begin(), all_.end(), [](const identity& a, const identity& b) {
        return std::tie(a.ns, a.id) < std::tie(b.ns, b.id);
    });
}

std::string identity_text(json::value what) {
    if (what.type() == json::kind::number) return std::string(what.raw());
    return what.text();
}

void append_identity_map(std::string& out, std::span<const identity> settled) {
    out.push_back('{');
    for (std::size_t i = 0; i < settled.size(); ++i) {
        const auto& one = settled[i];
        if (i == 0 || settled[i - 1].ns != one.ns) {
            if (i != 0) out += "],";
            json::append_string(out, one.ns);
            out += ":[";
        }
        separate(out);
        if (one.entry) {
            append_compact(out, one.entry);
        } else {
            out += "{\"id\":";
            json::append_string(out, one.id);
            out += one.primary ? ",\"primary\":true}" : ",\"primary\":false}";
        }
    }
    out += settled.empty() ? "}" : "]}";
}

} // namespace waybill::profile
