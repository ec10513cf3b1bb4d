#include "profile/row_parts.hpp"

#include <waybill/result.hpp>

#include "profile/record_text.hpp"

namespace waybill::profile {
namespace {

/// Appends the entry of an `identityMap`, which a profile without records does not have.
bool append_entry(std::string& out, const identity& one, const json::field_tree& fields) {
    if (one.entry) return append_selected(out, one.entry, fields);
    const auto start = out.size();
    out.push_back('{');
    if (fields.takes("id")) {
        out += "\"id\":";
        json::append_string(out, one.id);
    }
    if (fields.takes("primary")) {
        separate(out);
        out += "\"primary\":true";
    }
    out.push_back('}');
    if (out.size() > start + 2) return true;
    out.resize(start);
    return false;
}

bool append_identity(std::string& out, const identity& one, const json::field_tree& fields) {
    const auto start = out.size();
    out.push_back('{');
    if (fields.takes("id")) {
        out += "\"id\":";
        json::append_string(out, one.id);
    }
    if (fields.takes("namespace") || fields.takes("namespace", "code")) {
        separate(out);
        out += "\"namespace\":{\"code\":";
        json::append_string(out, one.ns);
        out.push_back('}');
    }
    if (fields.takes("primary")) {
        separate(out);
        out += one.primary ? "\"primary\":true" : "\"primary\":false";
    }
    out.push_back('}');
    if (out.size() > start + 2) return true;
    out.resize(start);
    return false;
}

/// Appends an element by `append`, with the comma before it; takes the comma back when there was none.
template <class Append>
bool append_element(std::string& out, Append append) {
    const auto before = out.size();
    separate(out);
    if (append()) return true;
    out.resize(before);
    return false;
}

/// Appends the identities of one namespace, with its name.
bool append_namespace(std::string& out, std::span<const identity> of_one, const json::field_tree& fields) {
    json::append_string(out, of_one.front().ns);
    out += ":[";
    bool any = false;
    for (const auto& one : of_one)
        any |= append_element(out, [&] { return append_entry(out, one, fields); });
    out.push_back(']');
    return any;
}

} // namespace

void append_identity_map_member(std::string& out, std::span<const identity> settled,
                                const json::field_tree& fields) {
    const auto* const below = fields.find("identityMap");
    if (!below || settled.empty()) return;
    append_element(out, [&] {
        out += "\"identityMap\":{";
        bool any = false;
        for (std::size_t from = 0, to = 0; from < settled.size(); from = to) {
            while (to < settled.size() && settled[to].ns == settled[from].ns)
                ++to;
            const auto* const entries = below->find(settled[from].ns);
            if (!entries) continue;
            const auto group = settled.subspan(from, to - from);
            any |= append_element(out, [&] { return append_namespace(out, group, *entries); });
        }
        out.push_back('}');
        return any;
    });
}

void append_identities_member(std::string& out, std::span<const identity> settled,
                              const json::field_tree& fields) {
    const auto* const below = fields.whole ? nullptr : fields.find("identities");
    if (!below) return;
    append_element(out, [&] {
        out += "\"identities\":[";
        bool any = false;
        for (const auto& one : settled)
            any |= append_element(out, [&] { return append_identity(out, one, *below); });
        out.push_back(']');
        return any;
    });
}

void append_events_member(std::string& out, sql::connection& on, std::span<const std::int64_t> profiles,
                          const event_plan& asked, json::document& scratch) {
    separate(out);
    out += "\"eventList\":[";
    read_events(on, profiles, asked.ingested_after, asked.ingested_before,
                [&](std::string_view record, timestamp /*occurred_at*/) {
                    if (asked.fields.whole) {
                        separate(out);
                        out += record;
                        return;
                    }
                    if (scratch.parse_again(record))
                        throw store_failure(store_failure::kind::corrupt,
                                            "an event of the profile store is not readable");
                    append_element(out, [&] { return append_selected(out, scratch.root(), asked.fields); });
                });
    out.push_back(']');
}

} // namespace waybill::profile
