// The migrations of the three stores, embedded at build time from migrations/.
#pragma once

#include <span>
#include <string_view>

namespace waybill::sql {

struct migration {
    int version = 0;
    std::string_view name;
    std::string_view sha256; ///< of the `up` file
    std::string_view up;
    std::string_view down;
};

std::span<const migration> jobs_migrations(); ///< in the order of their versions, from 1 without gaps
std::span<const migration> profiles_migrations();
std::span<const migration> segments_migrations();

} // namespace waybill::sql
