// Paging through jobs by keyset: a cursor names a position in the order "creation time descending, then id
// descending", not a row, so it stays good when that job is gone (contract 1.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/export_job.hpp>
#include <waybill/timestamp.hpp>

namespace waybill {

/// The text `<creationTime>_<id>`.
struct cursor {
    std::int64_t creation_time = 0; ///< milliseconds since the epoch, not negative
    std::int64_t id = 0;            ///< not negative

    friend bool operator==(const cursor&, const cursor&) = default;
};

/// Both numbers as plain decimals of 64 bits, without sign or blank; anything else is nothing.
std::optional<cursor> parse_cursor(std::string_view text);
std::string to_text(const cursor& position);

/// Where a job stands in the order.
cursor position_of(const export_job& job);

/// Which jobs, and how many of them. All filters hold together.
struct job_query {
    std::size_t limit = 100;            ///< at least 1
    std::optional<cursor> after{};      ///< jobs strictly after this position; absent: from the newest on
    std::vector<job_status> statuses{}; ///< any of these; empty means any
    std::optional<std::string> segment_id{};   ///< jobs that have this one among `filter.segments`
    std::optional<std::string> dataset_id{};   ///< jobs that write to this one
    std::optional<timestamp> created_after{};  ///< inclusive
    std::optional<timestamp> created_before{}; ///< exclusive
};

struct job_page {
    std::vector<export_job> jobs{}; ///< at most `limit`
    bool more = false;              ///< whether another job follows
};

} // namespace waybill
