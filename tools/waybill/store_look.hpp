// One look at a store for `stats` and `top`: beside its owner into the file, or at what a running host tells
// of it. One thread; throws `command_failure` and what the library throws.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <waybill/store_inspection.hpp>
#include <waybill/store_statistics.hpp>

#include "named_host.hpp"

namespace waybill::tool {

struct store_look {
    store_statistics numbers; ///< of a host: totals only, for its metrics tell nothing of a tenant
    std::optional<timestamp> waiting_since; ///< of the oldest waiting job
    std::optional<store_owner> owner;       ///< of a file
    bool of_host = false;
    bool tells_running = true; ///< a host tells them only to their tenant
    timestamp at;
    std::chrono::steady_clock::time_point taken;
};

class look_source {
  public:
    look_source() = default;
    look_source(const look_source&) = delete;
    look_source& operator=(const look_source&) = delete;
    virtual ~look_source() = default;

    virtual store_look look() = 0;
};

std::unique_ptr<look_source> stored_looks(const std::filesystem::path& file);
/// With a tenant also its running jobs, for which token and key come from WAYBILL_TOKEN and WAYBILL_API_KEY.
std::unique_ptr<look_source> hosted_looks(const named_host& host, const std::optional<tenant>& owner);

/// What happened a second between two looks; nothing when the host has started anew between them.
struct move_rates {
    double created = 0;
    double finished = 0; ///< came to any final status
    double failed = 0;
};
std::optional<move_rates> rates_between(const store_look& earlier, const store_look& later);

} // namespace waybill::tool
