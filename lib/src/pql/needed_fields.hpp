// Which fields an expression's answer may depend on, so that nothing else of a document has to be read.
// Internal to the pql folder; one tree, one thread.
#pragma once

#include "pql/tree.hpp"

namespace waybill::pql {

/// Fills in the tree's `profile_fields` and `event_fields`.
void note_needed_fields(tree& of);

} // namespace waybill::pql
