// Which fields of a document are wanted, as a tree of paths that pass through arrays: those of an export's
// `fields` (contract 3, "What of them"), or those that a condition looks at. Pure values; a tree may be read
// from any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::json {

struct field_tree {
    bool whole = true; ///< all below this point; `members` says nothing then
    std::vector<std::pair<std::string, field_tree>> members; ///< sorted by name

    /// Of a `fields` text: absent or blank selects everything. Nothing when a path in it is malformed.
    static std::optional<field_tree> of(const std::optional<std::string>& fields);

    /// Nothing yet, for `add`.
    static field_tree none() { return {false, {}}; }
    /// Also takes all below the end of this path.
    void add(std::span<const std::string_view> path);

    /// What is selected below a member; nothing when the member is left out.
    const field_tree* find(std::string_view name) const;
    /// Whether a value that has nothing below it is selected at this path.
    bool takes(std::string_view name) const;
    bool takes(std::string_view outer, std::string_view inner) const;
};

} // namespace waybill::json
