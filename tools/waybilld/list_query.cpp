#include "list_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "query.hpp"

namespace waybill::http {

namespace {

constexpr std::array known{"limit", "offset", "status"};
constexpr std::array not_yet{"segmentId", "datasetId", "createdAfter", "createdBefore"};

std::string at(std::string_view name) { return "?" + std::string(name); }

std::string allowed_statuses() {
    std::string names;
    for (const auto status : all_job_statuses) {
        if (!names.empty()) names += ", ";
        names += to_text(status);
    }
    return names;
}

/// The one value of a known parameter, when it is there and nothing is wrong with it.
std::optional<std::string> value_of(const std::vector<query_parameter>& parameters, std::string_view name,
                                    std::vector<finding>& findings) {
    const auto is_it = [name](const query_parameter& parameter) { return parameter.name == name; };
    const auto times = std::count_if(parameters.begin(), parameters.end(), is_it);
    if (times == 0) return std::nullopt;
    if (times > 1) {
        findings.push_back({"too_many", "expected this parameter once", at(name)});
        return std::nullopt;
    }
    const auto& value = std::find_if(parameters.begin(), parameters.end(), is_it)->value;
    if (!value) {
        findings.push_back({"invalid_value", "expected two hex digits after each %", at(name)});
        return std::nullopt;
    }
    if (value->empty()) {
        findings.push_back({"invalid_value", "expected a value", at(name)});
        return std::nullopt;
    }
    return value;
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

} // namespace

result<list_request> parse_list_query(std::string_view query) {
    const auto parameters = parse_query(query);
    list_request asked;
    std::vector<finding> findings;
    if (const auto text = value_of(parameters, known[0], findings)) {
        if (const auto limit = parse_limit(*text)) {
            asked.has_limit = true;
            asked.query.limit = *limit;
        } else {
            findings.push_back({"invalid_value", "expected an integer of at least 1", at(known[0])});
        }
    }
    if (const auto text = value_of(parameters, known[1], findings)) {
        asked.query.after = parse_cursor(*text);
        if (!asked.query.after)
            findings.push_back({"invalid_value",
                                "expected a cursor <creationTime>_<id>, two plain 64-bit decimals",
                                at(known[1])});
    }
    if (const auto text = value_of(parameters, known[2], findings)) {
        if (auto statuses = parse_statuses(*text))
            asked.query.statuses = std::move(*statuses);
        else
            findings.push_back({"invalid_value",
                                "expected one or several of " + allowed_statuses() + ", separated by commas",
                                at(known[2])});
    }
    for (const auto* const name : not_yet)
        if (std::any_of(parameters.begin(), parameters.end(),
                        [name](const query_parameter& parameter) { return parameter.name == name; }))
            findings.push_back(
                {"invalid_value", std::string(name) + " is not supported by this version yet", at(name)});
    if (!findings.empty()) return failure{errc::invalid, "the query is not valid", std::move(findings)};
    return asked;
}

} // namespace waybill::http
