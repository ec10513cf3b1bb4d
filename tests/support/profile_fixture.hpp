// A profile store in a directory of its own: imports texts, hands out the rows of an export.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/profile_store.hpp>

#include "profile/export_scan.hpp"
#include "support/a_job.hpp"
#include "support/temp_directory.hpp"
#include "json/document.hpp"

namespace waybill::test {

inline timestamp at(std::string_view rfc3339) {
    const auto moment = parse_rfc3339(rfc3339);
    if (!moment) throw std::invalid_argument(std::string(rfc3339));
    return *moment;
}

/// The same JSON with the members of every object in the order of their names, and no blanks.
inline void append_in_order(std::string& out, json::value what) {
    if (!what.is_object() && !what.is_array()) {
        out += what.raw();
        return;
    }
    std::vector<std::string> parts;
    for (const auto child : what.children()) {
        auto& part = parts.emplace_back(child.raw_key());
        if (what.is_object()) part += ':';
        append_in_order(part, child);
    }
    if (what.is_object()) std::sort(parts.begin(), parts.end());
    out += what.is_object() ? '{' : '[';
    for (std::size_t i = 0; i < parts.size(); ++i)
        out.append(i == 0 ? "" : ",").append(parts[i]);
    out += what.is_object() ? '}' : ']';
}

inline std::string in_order(std::string_view text) {
    json::document document;
    if (const auto error = document.parse(text))
        throw std::invalid_argument(error->message + ": " + std::string(text));
    std::string out;
    append_in_order(out, document.root());
    return out;
}

/// Reads a scan to its end on this thread: each selected profile goes to `sink`. Ends early when `sink` or
/// `on_progress`, which is told of every eighth candidate, selected or not, and of the last, returns false.
inline void read_all(profile_scan& scan, const std::function<bool(const exported_row&)>& sink,
                     const std::function<bool(std::int64_t looked_at)>& on_progress) {
    const auto rows = scan.reader();
    if (!rows) return;
    std::int64_t looked_at = 0;
    for (auto some = scan.next(); !some.empty(); some = scan.next())
        for (const auto candidate : some) {
            const auto row = rows->read(candidate);
            if (row && !sink(*row)) return;
            if (++looked_at % 8 == 0 && !on_progress(looked_at)) return;
        }
    on_progress(looked_at);
}

/// What a test imports where, with defaults that most do not care about.
struct an_import {
    std::string dataset = "crm";
    std::string ingest_time = "2024-01-01T00:00:00Z";
    std::vector<std::string> identities{"crm=CRMID:primary", "loyalty=LOYALTYID"};
    tenant owner = acme;
};

class temp_profiles {
  public:
    struct imported {
        import_summary summary;
        std::vector<std::string> rejects; ///< `line: reason`
        std::string failure;
    };

    std::filesystem::path file() const { return directory_ / "profiles.db"; }

    imported profiles(const std::string& text, const an_import& how = {}) { return import(text, how, false); }
    imported events(const std::string& text, const an_import& how = {}) { return import(text, how, true); }

    /// Rows in the order of the profiles, members in the order of their names.
    std::vector<std::string> rows(const new_export_job& job, const tenant& owner = acme) const {
        std::vector<std::string> all;
        profile::export_scan scan({file()}, owner, job);
        read_all(
            scan,
            [&](const exported_row& row) {
                all.push_back(in_order(row.json));
                return true;
            },
            [](std::int64_t) { return true; });
        return all;
    }
    std::string only_row(const new_export_job& job = a_job()) const {
        const auto all = rows(job);
        return all.size() == 1 ? all.front() : std::to_string(all.size()) + " rows";
    }
    /// The values of the top member `name` of the rows that a job selects.
    std::vector<std::string> selected(const new_export_job& job, const char* name = "crm") const {
        std::vector<std::string> names;
        for (const auto& row : rows(job)) {
            json::document document;
            if (!document.parse(row)) names.push_back(document.root().member(name).text());
        }
        return names;
    }

  private:
    imported import(const std::string& text, const an_import& how, bool events) {
        auto store = profile_store::open(file());
        if (!store) throw std::runtime_error(store.error().message);
        import_options options;
        options.owner = how.owner;
        options.dataset_id = how.dataset;
        for (const auto& path : how.identities)
            options.identities.push_back(*parse_identity_path(path));
        options.ingest_time = at(how.ingest_time);
        imported got;
        options.on_reject = [&](const rejected_record& one) {
            got.rejects.push_back(std::to_string(one.line) + ": " + one.reason);
        };
        std::istringstream input(text);
        const auto outcome =
            events ? store->import_events(input, options) : store->import_profiles(input, options);
        if (outcome)
            got.summary = *outcome;
        else
            got.failure = outcome.error().message;
        return got;
    }

    temp_directory directory_;
};

inline new_export_job with_fields(std::string fields) {
    auto job = a_job();
    job.fields = std::move(fields);
    return job;
}

} // namespace waybill::test
