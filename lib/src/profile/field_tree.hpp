// Which fields an export takes, as a tree of the dot paths of `fields`, and how it takes them from a value
// (contract 3, "What of them"). Pure values; a tree may be read from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/document.hpp"

namespace waybill::profile {

struct field_tree {
    bool whole = true; ///< all below this point; `members` says nothing then
    std::vector<std::pair<std::string, field_tree>> members; ///< sorted by name

    /// Of a `fields` text: absent or blank selects everything. Nothing when a path in it is malformed.
    static std::optional<field_tree> of(const std::optional<std::string>& fields);

    /// What is selected below a member; nothing when the member is left out.
    const field_tree* find(std::string_view name) const;
    /// Whether a value that has nothing below it is selected at this path.
    bool takes(std::string_view name) const;
    bool takes(std::string_view outer, std::string_view inner) const;
};

/// Appends what is selected of a value that was kept by an import. False, and appends nothing, when that is
/// nothing.
bool append_selected(std::string& out, json::value from, const field_tree& fields);

} // namespace waybill::profile
