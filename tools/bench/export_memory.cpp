#include "export_memory.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "engine_export.hpp"
#include "listing_memory.hpp"
#include "peers.hpp"

namespace waybill::bench {

export_memory export_everything(const std::filesystem::path& profiles,
                                const std::filesystem::path& datasets) {
    export_memory found;
    {
        engine_export ours({.profiles = profiles, .datasets = datasets});
        const auto done =
            ours.run(export_of_all(), [&] { found.peak = std::max(found.peak, anonymous_memory()); });
        found.peak = std::max(found.peak, anonymous_memory());
        found.rows = static_cast<std::int64_t>(done.operations);
    }
    std::filesystem::remove_all(datasets);
    return found;
}

export_memory export_everything_apart(const std::filesystem::path& profiles,
                                      const std::filesystem::path& datasets) {
    const auto program = std::filesystem::read_symlink("/proc/self/exe");
    const auto text = output_of({program, "--export-everything", profiles, "--dir", datasets});
    long long rows = 0;
    long long peak = 0;
    if (std::sscanf(text.c_str(), "%lld %lld", &rows, &peak) != 2)
        throw std::runtime_error("an export in a process of its own failed");
    return {rows, peak};
}

} // namespace waybill::bench
