#include "owned_store.hpp"

#include "command_failure.hpp"

namespace waybill::tool {

job_store own_store(const std::filesystem::path& file, const std::string& instead) {
    expect(job_reader::open(file)); // to open it for writing would create it
    job_store_options options;
    options.file = file;
    options.migrate = false;
    options.upkeep.keep_audit = std::chrono::hours{365 * 24}; // noted; removed only by a host's upkeep
    auto store = job_store::open(std::move(options));
    if (!store && store.error().code == errc::owned_elsewhere)
        throw command_failure(exit_owned_elsewhere, store.error().message + '\n' + instead);
    return expect(std::move(store));
}

} // namespace waybill::tool
