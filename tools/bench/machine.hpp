// The machine that figures were taken on, so that nobody compares figures of two. Read once, any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace waybill::bench {

struct machine {
    std::string cpu{};
    unsigned cores = 0;
    std::int64_t memory_bytes = 0;
    std::string kernel{};
    std::string filesystem{}; ///< of the data directory
    bool on_disk = true;      ///< false on tmpfs, where a sync costs nothing
    std::string sqlite{};
};

machine this_machine(const std::filesystem::path& data);

} // namespace waybill::bench
