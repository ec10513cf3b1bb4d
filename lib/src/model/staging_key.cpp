#include <waybill/engine.hpp>

#include "model/decimal.hpp"

namespace waybill {

std::string to_text(const staging_key& key) {
    return std::to_string(key.job) + '.' + std::to_string(key.attempt) + '.' + std::to_string(key.epoch);
}

std::optional<staging_key> parse_staging_key(std::string_view text) {
    const auto first = text.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = text.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto job = parse_decimal(text.substr(0, first));
    const auto attempt = parse_decimal(text.substr(first + 1, second - first - 1));
    const auto epoch = parse_decimal(text.substr(second + 1));
    if (!job || !attempt || !epoch) return std::nullopt;
    const staging_key key{*job, *attempt, *epoch};
    // One key is one directory: another spelling of the same numbers is none of ours.
    if (to_text(key) != text) return std::nullopt;
    return key;
}

} // namespace waybill
