// The evaluated memberships of one person, as `segments.db` has them. While nobody is linked they stand under
// one identity; where profiles have become one since, under several, of which one counts (docs/segments.md).
// One thread; keeps its memory. Throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "profile/segment_plan.hpp"
#include "segments/member_rows.hpp"
#include "sql/connection.hpp"

namespace waybill::profile {

class kept_memberships {
  public:
    struct identity_key {
        std::string ns_folded;
        std::string identity;

        friend auto operator<=>(const identity_key&, const identity_key&) = default;
    };
    struct row {
        std::string_view segment;
        segments::member member;
        std::size_t key = 0; ///< the identity that it stands under
        bool counts = true;  ///< of several of a segment, one does
    };

    kept_memberships(sql::connection& profiles, sql::connection& segments, const segment_plan& plan)
        : profiles_(profiles), segments_(segments), plan_(plan) {}

    void clear();
    /// Reads those of the person; where nothing was ever evaluated, there is nothing to read.
    void read(std::span<const std::int64_t> profiles);

    std::span<row> rows() { return rows_; }
    /// The one of this segment that counts.
    row* find(std::string_view segment);
    void add(row what) { rows_.push_back(std::move(what)); }

    /// The person's primary identities, in no order; read when they are needed first.
    const std::vector<identity_key>& keys(std::span<const std::int64_t> profiles);
    /// Under which of them the person's memberships are written.
    std::size_t smallest_of(std::span<const std::int64_t> profiles);

  private:
    void choose();

    sql::connection& profiles_;
    sql::connection& segments_;
    const segment_plan& plan_;
    std::vector<identity_key> keys_;
    std::vector<row> rows_;
    std::vector<segments::member> scratch_;
};

} // namespace waybill::profile
