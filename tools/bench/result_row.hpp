// A row of the table: a workload of ours against a reference, and whether the target holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "race.hpp"

namespace waybill::bench {

struct target {
    enum class sense { at_least, at_most };
    sense which = sense::at_least;
    double bound = 0;

    friend bool operator==(const target&, const target&) = default;
};
inline target at_least(double bound) { return {target::sense::at_least, bound}; }
inline target at_most(double bound) { return {target::sense::at_most, bound}; }

struct result_row {
    std::string name{};
    std::string unit{};
    std::optional<double> ours{};
    std::optional<double> reference{};
    std::string reference_name{};
    std::optional<double> ratio{};
    std::optional<double> ratio_min{};
    std::optional<double> ratio_max{};
    std::optional<target> wanted{};

    /// Nothing when there is no target, or it was not measured.
    std::optional<bool> holds() const;
};

/// Whether a row tells rates (more is better) or the time of one operation (less is better).
enum class measure { per_second, microseconds };

struct row_text {
    std::string name{};
    std::string unit{};
    std::string reference_name{};
    measure how = measure::per_second;
};

/// Two contestants of one race; not measured when the reference has no rates.
result_row compare(const row_text& text, const std::vector<double>& ours,
                   const std::vector<double>& reference, std::optional<target> wanted);

/// What was measured, a number a round, against a limit that it must not exceed.
result_row within(const std::string& name, const std::string& unit, const std::vector<double>& measured,
                  double limit);

} // namespace waybill::bench
