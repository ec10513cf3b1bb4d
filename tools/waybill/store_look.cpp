#include "store_look.hpp"

#include <algorithm>

namespace waybill::tool {

namespace {

std::int64_t finished(const moves_made& moves) {
    std::int64_t all = 0;
    for (const auto status : all_job_statuses)
        if (is_final(status)) all += moves.into[status];
    return all;
}

} // namespace

std::optional<move_rates> rates_between(const store_look& earlier, const store_look& later) {
    const auto& before = earlier.numbers.moves;
    const auto& after = later.numbers.moves;
    const auto seconds = std::max(1e-3, std::chrono::duration<double>(later.taken - earlier.taken).count());
    const auto a_second = [seconds](std::int64_t count) { return static_cast<double>(count) / seconds; };
    const move_rates rates{a_second(after.created - before.created),
                           a_second(finished(after) - finished(before)),
                           a_second(after.into[job_status::failed] - before.into[job_status::failed])};
    if (rates.created < 0 || rates.finished < 0 || rates.failed < 0) return std::nullopt;
    return rates;
}

} // namespace waybill::tool
