// The table of profiles: one row a primary identity of a tenant. One thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/connection.hpp"

namespace waybill::profile {

struct profile_identity {
    std::string ns_folded;
    std::string ns; ///< as the latest event of the profile spells it
    std::string id;
    std::int64_t ingest_time = 0; ///< of that event, and its row: which of several profiles' is the latest
    std::int64_t event = 0;
};

struct known_profile {
    std::int64_t id = 0;
    bool is_new = false; ///< it was not there: nothing names it
};

/// Finds or adds, inside a transaction.
known_profile profile_of(sql::connection& on, std::int64_t tenant_id, std::int64_t namespace_id,
                         std::string_view identity);

std::int64_t count_profiles(sql::connection& on, std::int64_t tenant_id);

/// Appends the ids of the next profiles of a tenant after `after`, ascending.
void read_profiles(sql::connection& on, std::int64_t tenant_id, std::int64_t after, std::int64_t limit,
                   std::vector<std::int64_t>& out);

struct primary_identity {
    std::string ns_folded;
    std::string id;
};
primary_identity read_primary_identity(sql::connection& on, std::int64_t profile_id);

/// The profile of a primary identity; nothing when there is none.
std::optional<std::int64_t> find_profile(sql::connection& on, std::int64_t tenant_id,
                                         std::string_view ns_folded, std::string_view identity);

profile_identity read_identity(sql::connection& on, std::int64_t profile_id);

} // namespace waybill::profile
