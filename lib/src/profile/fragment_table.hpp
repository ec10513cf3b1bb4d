// The tables of fragments and of their further identities. One thread. Throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/timestamp.hpp>

#include "profile/profile_walk.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

/// As an import keeps it; the texts are the caller's.
struct new_fragment {
    std::int64_t profile_id = 0;
    std::int64_t dataset_id = 0;
    timestamp ingest_time;
    std::string_view identity_map;
    std::string_view record;
};

struct fragment {
    std::int64_t id = 0; ///< grows with the import
    std::int64_t dataset_id = 0;
    timestamp ingest_time;
    std::string identity_map;
    std::string record;
};

struct kept_fragment {
    std::optional<std::int64_t> id; ///< of the new row; nothing when the one that was there stays
    bool replaced = false;
};

/// Adds the fragment of a profile that has none in this dataset; answers the row's id. Inside a transaction.
std::int64_t add_fragment(sql::connection& on, const new_fragment& what);

/// Keeps the fragment, in place of the profile's earlier one from this dataset, unless that one has a later
/// ingest time or is the same. Inside a transaction.
kept_fragment keep_fragment(sql::connection& on, const new_fragment& what);

void add_fragment_identity(sql::connection& on, std::int64_t fragment_id, std::int64_t namespace_id,
                           std::string_view identity);

/// Appends whose fragments were ingested later than that, in no order; at most so many.
void read_changed_by_records(sql::connection& on, std::int64_t tenant_id, timestamp after, std::int64_t limit,
                             std::vector<std::int64_t>& out);

/// The fragments of one or several profiles in the order of their ingest, then of their import. The rows'
/// memory is used again.
class fragment_rows {
  public:
    explicit fragment_rows(sql::connection& on);

    void read(std::span<const std::int64_t> profiles);
    std::size_t size() const { return size_; }
    const fragment& operator[](std::size_t index) const { return rows_[index]; }

  private:
    profile_walk walk_;
    std::vector<fragment> rows_;
    std::size_t size_ = 0;
};

} // namespace waybill::profile
