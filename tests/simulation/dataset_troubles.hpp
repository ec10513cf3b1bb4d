// What the simulated disk below the datasets does to publications; outlives the processes.
#pragma once

#include <filesystem>
#include <set>

#include <waybill/engine.hpp>

namespace waybill::test {

struct dataset_troubles {
    std::set<std::filesystem::path> obstacles; ///< what stands where a batch should go
    std::set<staging_key> damaged;             ///< attempts that staged badly, or lost what they staged

    /// Takes the obstacles away.
    void clear();
};

} // namespace waybill::test
