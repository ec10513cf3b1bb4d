// The profiles of the crash sweep's story.
#pragma once

#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>

#include <waybill/profile_store.hpp>

#include "crash/sweep_names.hpp"

namespace waybill::test {

/// Large enough for a part to be written in several pieces.
inline std::string sweep_record(const tenant& owner, int number) {
    std::string segments;
    for (const std::size_t at : {0U, 1U})
        if (is_member(number, at))
            segments += std::string(segments.empty() ? "" : ",") + R"("s)" + std::to_string(at + 1) +
                        R"(":{"status":"realized","lastQualificationTime":"2020-01-01T00:00:00Z"})";
    return R"({"crm":")" + sweep_profile(owner, number) + R"(","segmentMembership":{"ups":{)" + segments +
           R"(}},"about":")" + std::string(400, 'x') + R"("})";
}

/// Those of both tenants, into a new store.
inline void import_sweep_profiles(const std::filesystem::path& into) {
    for (const auto& owner : {sweep_acme, sweep_globex}) {
        std::stringstream records;
        for (int i = 0; i < sweep_profiles; ++i)
            records << sweep_record(owner, i) << '\n';
        import_options how;
        how.owner = owner;
        how.dataset_id = "crm";
        how.identities = {{"crm", "CRMID", true}};
        auto store = profile_store::open(into).value();
        if (store.import_profiles(records, how).value().added != sweep_profiles)
            throw std::runtime_error("the profiles were not imported");
    }
}

} // namespace waybill::test
