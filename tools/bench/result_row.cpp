#include "result_row.hpp"

#include <algorithm>

namespace waybill::bench {
namespace {

double told(double rate, measure how) { return how == measure::per_second ? rate : 1e6 / rate; }

} // namespace

std::optional<bool> result_row::holds() const {
    if (!wanted || !ratio) return std::nullopt;
    return wanted->which == target::sense::at_least ? *ratio >= wanted->bound : *ratio <= wanted->bound;
}

result_row compare(const row_text& text, const std::vector<double>& ours,
                   const std::vector<double>& reference, std::optional<target> wanted) {
    result_row row{text.name, text.unit, {}, {}, text.reference_name, {}, {}, {}, wanted};
    if (!ours.empty()) row.ours = told(median_of(ours), text.how);
    if (!reference.empty()) row.reference = told(median_of(reference), text.how);
    std::vector<double> ratios;
    for (std::size_t round = 0; round < std::min(ours.size(), reference.size()); ++round)
        ratios.push_back(told(ours[round], text.how) / told(reference[round], text.how));
    if (ratios.empty()) return row;
    row.ratio = median_of(ratios);
    row.ratio_min = *std::min_element(ratios.begin(), ratios.end());
    row.ratio_max = *std::max_element(ratios.begin(), ratios.end());
    return row;
}

result_row within(const std::string& name, const std::string& unit, const std::vector<double>& measured,
                  double limit) {
    result_row row;
    row.name = name;
    row.unit = unit;
    row.ours = median_of(measured);
    row.reference = limit;
    row.reference_name = "limit";
    row.ratio = *row.ours / limit;
    row.wanted = at_most(1);
    return row;
}

} // namespace waybill::bench
