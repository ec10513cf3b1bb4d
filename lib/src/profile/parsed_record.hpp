// A record as an import writes it: read, checked and spelled, with nothing left to do but to look up ids.
// Texts are copies, so that whoever parses may be another thread than whoever writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <waybill/new_export_job.hpp>
#include <waybill/timestamp.hpp>

namespace waybill::profile {

struct parsed_identity {
    std::string folded; ///< namespace as it is compared
    std::string shown;
    std::string id;
};

struct parsed_membership {
    std::string ns_folded;
    std::string segment;
    membership_status status{};
};

struct parsed_record {
    std::optional<std::string> refused{};         ///< why; then there is nothing else
    std::string event_id{};                       ///< of an event
    timestamp occurred_at{};                      ///< of an event
    std::vector<parsed_identity> identities{};    ///< the primary one first
    std::string identity_map{};                   ///< of a fragment
    std::vector<parsed_membership> memberships{}; ///< of a fragment
    std::string record{};
};

} // namespace waybill::profile
