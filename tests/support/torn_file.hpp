// The bytes of a file on a disk that loses what was not synced. What was written since the last sync is kept
// or lost by sectors of 512 bytes, as a chooser says.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace waybill::test {

struct torn_file {
    struct change {
        std::int64_t at = 0; ///< where it writes; where it truncates, when there are no bytes
        std::string bytes{};
    };
    std::string synced{};
    std::vector<change> since{}; ///< what was done since its last sync

    void sync();
    /// Of each sector some state that it went through since the last sync, of the length too. Of four changes
    /// so many reach the disk, roughly: 0 for none, 4 for all.
    std::string survivor(std::mt19937& choose, unsigned kept_of_four) const;
};

} // namespace waybill::test
