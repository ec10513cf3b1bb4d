// What the fault library shall do to a program that is started with it: count, end the program at one call,
// let some calls fail or wait, or write all of them down. Syncs are counted and left out, which the death of
// a process alone cannot show. The path of the library comes from the build.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace waybill::test {

struct injected {
    std::filesystem::path under; ///< only calls on paths that begin with this count
    std::string group; ///< `open`, `write`, `sync`, `rename`, `remove`, `mkdir`, `cut`; empty: all; or `read`

    std::uint64_t kill = 0; ///< SIGKILL before this call
    std::uint64_t tear = 0; ///< SIGKILL after half of this call was written

    std::uint64_t first = 0; ///< from this call …
    std::uint64_t last = 0;  ///< … to this one it fails
    int error = 0;           ///< with this; 0: a write writes half and says so
    bool stalls = false;     ///< or it does not fail, but waits as long as `while_file` is there

    std::filesystem::path while_file; ///< calls count only while this is there; empty: always
    std::filesystem::path counts;     ///< is written when the program ends by itself

    std::filesystem::path record; ///< each call is written down here (call_record.hpp)
    std::filesystem::path notes;  ///< and how long this file was

    /// For `program_input::environment`.
    std::vector<std::string> environment() const {
        std::vector<std::string> all{"LD_PRELOAD=" WAYBILL_FAULT_LIBRARY,
                                     "WAYBILL_FAULT_UNDER=" + under.string(),
                                     "WAYBILL_FAULT_GROUP=" + group,
                                     "WAYBILL_FAULT_WHILE=" + while_file.string(),
                                     "WAYBILL_FAULT_COUNTS=" + counts.string(),
                                     "WAYBILL_FAULT_RECORD=" + record.string(),
                                     "WAYBILL_FAULT_NOTES=" + notes.string(),
                                     "WAYBILL_FAULT_ERROR=" + std::to_string(error)};
        for (const auto& [name, value] :
             {std::pair("KILL", kill), {"TEAR", tear}, {"FIRST", first}, {"LAST", last}, {"STALLS", stalls}})
            all.push_back("WAYBILL_FAULT_" + std::string(name) + "=" + std::to_string(value));
        return all;
    }
};

/// By group, and under `all` those of the groups that were asked for.
inline std::map<std::string, std::uint64_t> read_counts(const std::filesystem::path& file) {
    std::map<std::string, std::uint64_t> counts;
    std::ifstream in(file);
    std::string group;
    for (std::uint64_t count = 0; in >> group >> count;)
        counts[group] = count;
    return counts;
}

} // namespace waybill::test
