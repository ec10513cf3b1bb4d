#include "request_counters.hpp"

#include <algorithm>

namespace waybill::http {

namespace {

constexpr std::string_view other = "other";

/// Where it is, else one place beyond the end.
template <class Range, class T>
std::size_t place_in(const Range& known, const T& wanted) noexcept {
    return static_cast<std::size_t>(std::find(known.begin(), known.end(), wanted) - known.begin());
}

template <class Range>
std::string_view name_at(const Range& known, std::size_t at) {
    return at < known.size() ? known[at] : other;
}

} // namespace

request_counters::request_counters(std::span<const route> table) {
    for (const auto& row : table)
        if (place_in(patterns_, row.pattern) == patterns_.size()) patterns_.push_back(row.pattern);
    routes_ = std::make_unique<one_route[]>(patterns_.size() + 1);
}

void request_counters::count(std::string_view pattern, std::string_view method, unsigned status,
                             std::chrono::microseconds took) noexcept {
    auto& one = routes_[place_in(patterns_, pattern)][place_in(methods, method)];
    one.answers[place_in(statuses, status)].fetch_add(1, std::memory_order_relaxed);
    one.took.add(took.count());
}

std::vector<request_counters::answered> request_counters::answers() const {
    std::vector<answered> seen;
    for (std::size_t route = 0; route <= patterns_.size(); ++route)
        for (std::size_t method = 0; method <= methods.size(); ++method)
            for (std::size_t status = 0; status <= statuses.size(); ++status) {
                const auto times = routes_[route][method].answers[status].load(std::memory_order_relaxed);
                if (times == 0) continue;
                const auto code =
                    status < statuses.size() ? std::to_string(statuses[status]) : std::string(other);
                seen.push_back({name_at(patterns_, route), name_at(methods, method), code, times});
            }
    return seen;
}

std::vector<request_counters::timed> request_counters::times() const {
    std::vector<timed> seen;
    for (std::size_t route = 0; route <= patterns_.size(); ++route)
        for (std::size_t method = 0; method <= methods.size(); ++method) {
            const auto took = routes_[route][method].took.now();
            if (took.total() > 0) seen.push_back({name_at(patterns_, route), name_at(methods, method), took});
        }
    return seen;
}

} // namespace waybill::http
