#include "metrics_writer.hpp"

namespace waybill::http {

namespace {

std::string decimal(std::int64_t value, std::int64_t parts, std::size_t digits) {
    const bool negative = value < 0;
    const auto size = negative ? -value : value;
    const auto rest = std::to_string(size % parts);
    return (negative ? "-" : "") + std::to_string(size / parts) + '.' +
           std::string(digits - rest.size(), '0') + rest;
}

} // namespace

std::string label(std::string_view name, std::string_view value) {
    return std::string(name).append("=\"").append(value).append("\"");
}

std::string in_base_unit(std::int64_t value, unit of) {
    switch (of) {
    case unit::one: break;
    case unit::milliseconds: return decimal(value, 1'000, 3);
    case unit::microseconds: return decimal(value, 1'000'000, 6);
    }
    return std::to_string(value);
}

void metrics_writer::begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void metrics_writer::sample(std::string_view suffix, std::string_view labels, std::string_view value) {
    text_.append(name_).append(suffix);
    if (!labels.empty()) text_.append("{").append(labels).append("}");
    text_.append(" ").append(value).append("\n");
}

void metrics_writer::gauge(std::string_view name, std::string_view help, std::int64_t value) {
    begin(name, "gauge", help);
    sample({}, value);
}

void metrics_writer::counter(std::string_view name, std::string_view help, std::int64_t value) {
    begin(name, "counter", help);
    sample({}, value);
}

void metrics_writer::series(std::string_view labels, std::span<const std::int64_t> bounds,
                            std::span<const std::int64_t> counts, std::int64_t sum, unit of) {
    const auto before = labels.empty() ? std::string{} : std::string(labels) + ",";
    std::int64_t so_far = 0;
    for (std::size_t at = 0; at < counts.size(); ++at) {
        so_far += counts[at];
        const auto bound = at < bounds.size() ? in_base_unit(bounds[at], of) : "+Inf";
        sample("_bucket", before + label("le", bound), std::to_string(so_far));
    }
    sample("_sum", labels, in_base_unit(sum, of));
    sample("_count", labels, std::to_string(so_far));
}

} // namespace waybill::http
