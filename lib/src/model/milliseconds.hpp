// Moments as the stores keep them: milliseconds since 1970-01-01T00:00:00Z. Pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>

#include <waybill/timestamp.hpp>

namespace waybill {

constexpr std::int64_t to_integer(timestamp moment) { return moment.time_since_epoch().count(); }
constexpr timestamp to_timestamp(std::int64_t milliseconds) {
    return timestamp{std::chrono::milliseconds{milliseconds}};
}

} // namespace waybill
