// Which primary identities are one person under a `pdg` graph: those that records and events link, however
// many steps apart and in whatever order they came (contract 3, "Identities"). Looks along the links at each
// export, so that a record that was replaced links no more. One thread, inside a snapshot. Throws
// `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sql/connection.hpp"

namespace waybill::profile {

/// More identities than this are no person but a shared device or a test account: its profiles stay apart.
inline constexpr std::size_t most_identities_of_a_person = 50;

struct person {
    std::span<const std::int64_t> profiles; ///< ascending; good until the next look
    bool too_large = false;                 ///< then `profiles` is the one that was asked for
};

class person_finder {
  public:
    explicit person_finder(sql::connection& on) : on_(on) {}

    /// The person that this profile belongs to.
    person around(std::int64_t profile_id);

  private:
    void add_profile(std::int64_t profile_id);
    bool add_identity(std::int64_t namespace_id, std::string_view id);
    bool add_identities_of(std::int64_t profile_id, const char* select);
    bool add_profiles_with(std::int64_t namespace_id, std::string_view id, const char* select);

    struct node {
        std::int64_t namespace_id = 0;
        std::string id;
    };

    sql::connection& on_;
    std::vector<std::int64_t> profiles_; ///< in the order in which they were found
    std::vector<node> identities_;       ///< likewise
    std::unordered_set<std::int64_t> known_profiles_;
    std::unordered_set<std::string> known_identities_;
    std::string key_;
};

} // namespace waybill::profile
