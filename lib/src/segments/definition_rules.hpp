// The rules that a segment definition keeps wherever it comes from: an embedder's code as well as the wire,
// whose reader also says more (types, what must be there). Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/segment_definition.hpp>

namespace waybill::segments {

/// The finding of an expression that is none, or that names itself.
finding invalid_expression(std::string reason, std::string message, std::optional<std::size_t> position);

/// Adds a finding for each rule that what is there breaks, with the JSON pointer of the place. Answers what
/// the expression asks for by `inSegment`, sorted; nothing when there is none that can be read.
std::vector<std::string> check_members(const segment_changes& what, std::vector<finding>& broken);

/// Adds a finding for each member that a create must have and this has not.
void require_members(const segment_changes& what, std::vector<finding>& broken);

void check_id(std::string_view id, std::vector<finding>& broken);

} // namespace waybill::segments
