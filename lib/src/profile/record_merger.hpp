// Merges the records of one profile and takes the selected fields on the way, straight into text: the last
// ingested value of each attribute wins, objects merge, arrays replace, an entry of `segmentMembership` is
// taken whole (contract 3, "Merge policy"). One thread; keeps its scratch memory.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "json/field_tree.hpp"

namespace waybill::profile {

class record_merger {
  public:
    /// Appends the members of the merged record, without braces, to the object that is open at the end of
    /// `out`. The records stand in the order of their ingest; before it the rank counts, of which each has
    /// one, but for memberships. `left_out` names top members that come from elsewhere.
    void append_members(std::string& out, std::span<const json::value> records,
                        std::span<const std::size_t> ranks, const json::field_tree& fields,
                        std::span<const std::string_view> left_out);

  private:
    /// Where in a record a value stands, as far as the rules differ.
    enum class place { attributes, namespaces, segments, membership };
    struct member {
        std::string_view name; ///< as it is compared
        json::value value;
        std::size_t rank = 0;
        std::size_t order = 0; ///< grows with the ingest
    };

    void gather(const member& object, place where);
    void sort_from(std::size_t base);
    void forget_ranks(std::size_t from, std::size_t to);
    std::size_t end_of_group(std::size_t at) const;
    bool append_merged(std::string& out, std::size_t from, std::size_t to, const json::field_tree& fields,
                       place where);
    bool append_group(std::string& out, std::size_t from, std::size_t to, const json::field_tree& fields,
                      place where);

    std::vector<member> members_; ///< a stack: each level's members stand above those of the level around it
    std::deque<std::string> folded_;
};

} // namespace waybill::profile
