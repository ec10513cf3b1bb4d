// Rows of profiles that are mostly asked for in the order of their ids: while they come one after the other,
// a statement stays open that goes on with the next one, for looking each of them up costs more than reading
// it. One thread. Throws `store_failure`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sql/connection.hpp"

namespace waybill::profile {

/// The two statements of a table, which select the same columns.
struct walked_rows {
    const char* of_one; ///< the rows of `:profile`
    const char*
        from_there;     ///< of `:profile` and all after it, in their order, with one more column: the profile
    int profile_column; ///< that one
};

class profile_walk {
  public:
    /// The connection outlives the walk, and is in a snapshot.
    profile_walk(sql::connection& on, const walked_rows& what) : on_(on), what_(what) {}

    /// Calls `take` with each row of these profiles.
    template <class Take>
    void read(std::span<const std::int64_t> profiles, const Take& take) {
        const auto only = profiles.size() == 1 ? std::optional(profiles.front()) : std::nullopt;
        if (only && last_ && *only == *last_ + 1) {
            go_on_with(*only, take);
        } else {
            open_.reset();
            for (const auto profile : profiles)
                look_up(profile, take);
        }
        last_ = only;
    }

  private:
    template <class Take>
    void go_on_with(std::int64_t profile, const Take& take) {
        if (!open_) {
            open_.emplace(on_.prepare(what_.from_there)).bind(":profile", profile);
            more_ = open_->step();
        }
        for (; more_ && open_->integer(what_.profile_column) == profile; more_ = open_->step())
            take(*open_);
    }

    template <class Take>
    void look_up(std::int64_t profile, const Take& take) {
        auto rows = on_.prepare(what_.of_one);
        rows.bind(":profile", profile);
        while (rows.step())
            take(rows);
    }

    sql::connection& on_;
    const walked_rows what_;
    std::optional<sql::query> open_; ///< stands at the first row that was not taken
    bool more_ = false;              ///< there is such a row
    std::optional<std::int64_t> last_;
};

} // namespace waybill::profile
