// The tables of evaluated memberships in `segments.db`: which profile, known by its smallest primary
// identity, is how in which segment under which merge policy. Readers use a snapshot; what writes, uses the
// owner's connection, inside a transaction. One thread a connection. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <waybill/tenant.hpp>

#include "segments/membership.hpp"
#include "sql/connection.hpp"

namespace waybill::segments {

struct member {
    std::int64_t segment = 0;                  ///< id of its row in `evaluated_segments`
    std::optional<membership_status> status{}; ///< nothing: an entry that came with the profile is hidden
    timestamp qualified{};
    timestamp evaluated_at{}; ///< what is ingested later counts instead
    std::string entry{};      ///< the whole entry, where it has more than status and time

    friend bool operator==(const member&, const member&) = default;
};

/// A tenant's profiles as one merge policy has them; nothing while nothing of them was evaluated.
std::optional<std::int64_t> find_population(sql::connection& on, const tenant& owner,
                                            std::string_view merge_policy);
/// Segments of a population that were evaluated, by the ids of their rows.
std::unordered_map<std::int64_t, std::string> evaluated_segments(sql::connection& on,
                                                                 std::int64_t population);
/// The ids of folded namespaces.
std::unordered_map<std::string, std::int64_t> identity_namespaces(sql::connection& on);

/// Appends the memberships of one identity.
void read_members_of(sql::connection& on, std::int64_t population, std::int64_t namespace_id,
                     std::string_view identity, std::vector<member>& out);

/// Binds statuses to `:first`, `:second` and `:third`, as many as there are.
void bind_statuses(sql::query& to, std::span<const membership_status> statuses);

/// Calls for each identity that is in the segment in one of these ways, in no order, with its folded
/// namespace.
void read_identities_in(sql::connection& on, std::int64_t segment,
                        std::span<const membership_status> statuses,
                        const std::function<void(std::string_view ns_folded, std::string_view identity)>& to);

std::int64_t known_population(sql::connection& on, const tenant& owner, std::string_view merge_policy);
std::int64_t known_namespace(sql::connection& on, std::string_view folded);
/// The segment's row, unless this or a later publication was taken over already.
std::optional<std::int64_t> begin_segment(sql::connection& on, std::int64_t population,
                                          std::string_view segment_id, std::int64_t job_id,
                                          std::int64_t commit_sequence, timestamp evaluated_at);
void put_member(sql::connection& on, std::int64_t population, std::int64_t namespace_id,
                std::string_view identity, const member& what);
void drop_member(sql::connection& on, std::int64_t population, std::int64_t namespace_id,
                 std::string_view identity, std::int64_t segment);

} // namespace waybill::segments
