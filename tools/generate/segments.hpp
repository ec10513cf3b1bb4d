// The segments that people belong to, some far larger than others, and how many people stand how to each of
// them: what an export of a segment must find. Pure values; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dice.hpp"

namespace waybill::generate {

inline constexpr std::array<std::string_view, 3> statuses{"realized", "existing", "exited"};
inline constexpr std::array<std::string_view, 2> qualification_years{"2024", "2025"};
inline constexpr std::int64_t first_qualification = 1'704'067'200;  ///< 2024-01-01T00:00:00Z
inline constexpr std::int64_t second_year = 1'735'689'600;          ///< 2025-01-01T00:00:00Z
inline constexpr std::int64_t end_of_qualification = 1'767'225'600; ///< 2026-01-01T00:00:00Z

struct segment {
    std::string id;      ///< UUID text
    std::string_view ns; ///< of the segment, `ups` or another
    std::array<std::array<std::uint64_t, statuses.size()>, qualification_years.size()> members{};
};

class segment_list {
  public:
    /// `count` segments in `ups` and about a fifth of it in `AdCloud`; the ids follow from the seed alone.
    segment_list(std::uint64_t seed, std::uint64_t count);

    /// Appends the value of `segmentMembership` of one person, counted in the listing; nothing when the
    /// person is in no segment. Answers whether it appended something.
    bool append_memberships(std::string& out, dice& chance);

    const std::vector<segment>& all() const { return segments_; }

  private:
    std::size_t draw(dice& chance, std::size_t first, const std::vector<std::uint64_t>& cumulative) const;
    void append_membership(std::string& out, dice& chance, segment& of) const;

    std::vector<segment> segments_; ///< those of `ups` first
    std::vector<std::uint64_t> ups_;
    std::vector<std::uint64_t> other_;
};

} // namespace waybill::generate
