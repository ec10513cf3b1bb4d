#include "schema_sum.hpp"

#include <functional>

#include <waybill/job_store.hpp>
#include <waybill/profile_store.hpp>

#include "job_mix.hpp"

namespace waybill::bench {

std::string schema_sum(store_kind kind, const std::filesystem::path& folder) {
    const auto probe = folder / "probe.db";
    if (kind == store_kind::jobs)
        job_store::open({.file = probe}).value();
    else
        profile_store::open(probe).value();
    std::string sums;
    for (const auto& step : inspect_schema(kind, probe).value().migrations)
        sums += step.sha256;
    for (const auto* suffix : {"", ".lock", "-wal", "-shm"})
        std::filesystem::remove(probe.string() + suffix);
    return hex(std::hash<std::string>{}(sums), 16);
}

} // namespace waybill::bench
