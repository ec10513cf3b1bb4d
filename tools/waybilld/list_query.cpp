#include "list_query.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "parameter_reader.hpp"

namespace waybill::http {

namespace {

std::string allowed_statuses() {
    std::string names;
    for (const auto status : all_job_statuses) {
        if (!names.empty()) names += ", ";
        names += to_text(status);
    }
    return names;
}

std::optional<std::size_t> parse_limit(std::string_view text) {
    std::int64_t limit = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, limit);
    // More than any store can hold is as good as the most that can be counted.
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && problem == std::errc::result_out_of_range)
        return static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    if (!digits || problem != std::errc{} || stop != end || limit < 1) return std::nullopt;
    return static_cast<std::size_t>(limit);
}

std::optional<std::vector<job_status>> parse_statuses(std::string_view text) {
    std::vector<job_status> statuses;
    for (;;) {
        const auto name = text.substr(0, text.find(','));
        const auto status = parse_job_status(name);
        if (!status) return std::nullopt;
        if (std::find(statuses.begin(), statuses.end(), *status) == statuses.end())
            statuses.push_back(*status);
        if (name.size() == text.size()) return statuses;
        text.remove_prefix(name.size() + 1);
    }
}

/// No job is older than the epoch, and only a moment that is not can be written as milliseconds again.
void read_moment(parameter_reader& parameters, std::string_view name, std::optional<timestamp>& into) {
    parameters.read(name, "milliseconds since the epoch, or a moment of RFC 3339", [&](const auto& text) {
        into = parse_moment(text);
        if (into) into = std::max(*into, timestamp{});
        return into.has_value();
    });
}

} // namespace

result<list_request> parse_list_query(std::string_view query) {
    parameter_reader parameters(query);
    list_request asked;
    auto& wanted = asked.query;
    parameters.read("limit", "an integer of at least 1", [&](const auto& text) {
        const auto limit = parse_limit(text);
        asked.has_limit = limit.has_value();
        if (limit) wanted.limit = *limit;
        return asked.has_limit;
    });
    parameters.read("offset", "a cursor <creationTime>_<id>, two plain 64-bit decimals",
                    [&](const auto& text) { return (wanted.after = parse_cursor(text)).has_value(); });
    parameters.read("status", "one or several of " + allowed_statuses() + ", separated by commas",
                    [&](const auto& text) {
                        auto statuses = parse_statuses(text);
                        if (statuses) wanted.statuses = std::move(*statuses);
                        return statuses.has_value();
                    });
    parameters.read("segmentId", "a segment's id", [&](const auto& text) {
        wanted.segment_id = text;
        return true;
    });
    parameters.read("datasetId", "1 to 64 letters, digits, _ or -", [&](const auto& text) {
        wanted.dataset_id = text;
        return is_dataset_id(text);
    });
    read_moment(parameters, "createdAfter", wanted.created_after);
    read_moment(parameters, "createdBefore", wanted.created_before);
    if (!parameters.findings.empty())
        return failure{errc::invalid, "the query is not valid", std::move(parameters.findings)};
    return asked;
}

} // namespace waybill::http
