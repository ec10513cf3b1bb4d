// How many requests each route had, how they were answered and how long that took. Every label is one of a
// fixed set, so what clients send makes no new series. Counting is a few relaxed additions, from any thread;
// nothing is ever waited for. Throws nothing but for memory, and that only in the constructor and in reading.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/histogram.hpp>

#include "router.hpp"

namespace waybill::http {

/// Upper bounds of a request's time, in microseconds.
inline constexpr std::array<std::int64_t, 14> request_time_bounds{
    500,     1'000,   2'500,   5'000,     10'000,    25'000,    50'000,
    100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

class request_counters {
  public:
    explicit request_counters(std::span<const route> table);

    /// `pattern` is one of the table's, empty for a path that has no route.
    void count(std::string_view pattern, std::string_view method, unsigned status,
               std::chrono::microseconds took) noexcept;

    /// What has been seen at least once.
    struct answered {
        std::string_view route, method; ///< `other` for those of no known route or method
        std::string status;             ///< `other` likewise
        std::int64_t times = 0;
    };
    struct timed {
        std::string_view route, method;
        histogram<request_time_bounds> took;
    };
    std::vector<answered> answers() const;
    std::vector<timed> times() const;

  private:
    static constexpr std::array<std::string_view, 7> methods{"GET",     "HEAD", "POST", "DELETE",
                                                             "OPTIONS", "PUT",  "PATCH"};
    static constexpr std::array<unsigned, 23> statuses{200, 204, 206, 207, 304, 400, 401, 403,
                                                       404, 405, 408, 409, 412, 413, 414, 415,
                                                       416, 422, 429, 431, 500, 503, 507};

    struct one_method {
        std::array<std::atomic<std::int64_t>, statuses.size() + 1> answers{};
        shared_histogram<request_time_bounds> took;
    };
    using one_route = std::array<one_method, methods.size() + 1>;

    std::vector<std::string_view> patterns_;
    std::unique_ptr<one_route[]> routes_; ///< one more than there are patterns
};

} // namespace waybill::http
