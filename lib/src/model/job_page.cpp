#include <waybill/job_page.hpp>

#include "model/decimal.hpp"

namespace waybill {

std::optional<cursor> parse_cursor(std::string_view text) {
    const auto middle = text.find('_');
    if (middle == std::string_view::npos) return std::nullopt;
    const auto creation_time = parse_decimal(text.substr(0, middle));
    const auto id = parse_decimal(text.substr(middle + 1));
    if (!creation_time || !id) return std::nullopt;
    return cursor{*creation_time, *id};
}

std::string to_text(const cursor& position) {
    return std::to_string(position.creation_time) + '_' + std::to_string(position.id);
}

cursor position_of(const export_job& job) { return {job.creation_time.time_since_epoch().count(), job.id}; }

} // namespace waybill
