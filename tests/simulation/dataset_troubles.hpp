// What the simulated disk below the datasets does to publications; outlives the processes.
#pragma once

#include <filesystem>
#include <set>

#include <waybill/engine.hpp>

namespace waybill::test {

struct dataset_troubles {
    std::set<std::filesystem::path> obstacles; ///< what stands where a batch should go
    std::set<staging_key> damaged;             ///< attempts that staged badly, or lost what they staged

    std::set<staging_key>
        moved; ///< attempts whose batches a placing may have moved out of staging, or were swept

    /// A backup comes back from before they were moved: the next start removes what is in place, and an
    /// engine may still say that they are staged.
    void forget_moves() { damaged.merge(moved); }
    /// Takes the obstacles away.
    void clear();
};

} // namespace waybill::test
