#include "segment_listing.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "header_text.hpp"
#include "message.hpp"
#include "parameter_reader.hpp"

namespace waybill::http {

namespace {

using order = segment_query::order;

constexpr std::array fields{std::pair{std::string_view("creationTime"), order::creation_time},
                            std::pair{std::string_view("updateTime"), order::update_time},
                            std::pair{std::string_view("name"), order::name}};

/// `name:asc`
bool read_sort(std::string_view text, segment_query& into) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const auto direction = text.substr(colon + 1);
    const auto* const field = std::find_if(fields.begin(), fields.end(), [&](const auto& known) {
        return known.first == text.substr(0, colon);
    });
    if (field == fields.end() || (direction != "asc" && direction != "desc")) return false;
    into.by = field->second;
    into.descending = direction == "desc";
    return true;
}

/// In any case, for that is how Python writes them.
std::optional<bool> parse_boolean(std::string_view text) {
    if (same_token(text, "true")) return true;
    if (same_token(text, "false")) return false;
    return std::nullopt;
}

/// Where a page begins; what lies beyond every number lies beyond every definition, too.
std::int64_t begin_of(std::int64_t page, const segment_query& query) {
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    const auto limit = static_cast<std::int64_t>(query.limit);
    return page > (highest - query.start) / limit ? highest : query.start + page * limit;
}

} // namespace

result<segment_query> parse_segment_query(std::string_view query) {
    parameter_reader parameters(query);
    segment_query wanted;
    std::int64_t page = 0;
    const auto number = [](const std::string& text, std::int64_t least, std::int64_t& into) {
        const auto read = parse_number(text, least);
        into = read.value_or(into);
        return read.has_value();
    };
    parameters.read("limit", "an integer of 1 to 100", [&](const auto& text) {
        std::int64_t limit = 0;
        if (!number(text, 1, limit) || limit > std::int64_t{segment_query::most}) return false;
        wanted.limit = static_cast<std::size_t>(limit);
        return true;
    });
    constexpr auto from_zero = "an integer of at least 0";
    parameters.read("start", from_zero, [&](const auto& text) { return number(text, 0, wanted.start); });
    parameters.read("page", from_zero, [&](const auto& text) { return number(text, 0, page); });
    parameters.read("sort", "creationTime, updateTime or name, then :asc or :desc",
                    [&](const auto& text) { return read_sort(text, wanted); });
    const auto read_method = [&](std::string_view name, std::optional<bool>& into) {
        parameters.read(name, "true or false",
                        [&](const auto& text) { return (into = parse_boolean(text)).has_value(); });
    };
    read_method("evaluationInfo.batch.enabled", wanted.batch);
    read_method("evaluationInfo.continuous.enabled", wanted.continuous);
    read_method("evaluationInfo.synchronous.enabled", wanted.synchronous);
    if (!parameters.findings.empty())
        return failure{errc::invalid, "the query is not valid", std::move(parameters.findings)};
    wanted.start = begin_of(page, wanted);
    return wanted;
}

} // namespace waybill::http
