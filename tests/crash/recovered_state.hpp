// Looks at what a story of the crash sweep has left after its last start, by the notes of what was promised
// in it: the store's file, its jobs, and every row of every dataset.
#pragma once

#include <string>
#include <vector>

#include "crash/sweep_names.hpp"
#include "crash/sweep_notes.hpp"

namespace waybill::test {

/// A sentence for each promise that was broken; empty when all is as it should be.
std::vector<std::string> broken_promises(const sweep_files& files, const sweep_notes& notes);

/// Whether a `current.json` names a batch of a job whose evaluated memberships do not count: asked of what a
/// killed story has left, before anybody starts again. Changes nothing.
bool shows_what_does_not_count(const sweep_files& files);

} // namespace waybill::test
