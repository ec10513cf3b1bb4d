// Where the stories of the crash sweep are told: profiles that all of them read, a directory for each, and
// the program that tells them, started with the fault library.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

#include <waybill/profile_store.hpp>

#include "crash/sweep_names.hpp"
#include "fault/injected.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

class sweep_stage {
  public:
    static constexpr int killed = 128 + SIGKILL;

    sweep_stage() {
        for (const auto& owner : {sweep_acme, sweep_globex}) {
            std::stringstream records;
            for (int i = 0; i < sweep_profiles; ++i)
                records << record(owner, i) << '\n';
            import_options how;
            how.owner = owner;
            how.dataset_id = "crm";
            how.identities = {{"crm", "CRMID", true}};
            auto store = profile_store::open(profiles()).value();
            if (store.import_profiles(records, how).value().added != sweep_profiles)
                throw std::runtime_error("the profiles were not imported");
        }
    }

    /// An empty place for another story.
    sweep_files next() {
        const auto place = directory_ / std::to_string(++count_);
        std::filesystem::create_directories(place / "kept");
        return {place / "kept", profiles(), place / "notes"};
    }
    static void clear(const sweep_files& files) { std::filesystem::remove_all(files.kept.parent_path()); }
    static program_result tell(const sweep_files& files, const injected& faults) {
        return start("tell", files, faults.environment());
    }
    static program_result finish(const sweep_files& files, const injected& faults) {
        return start("finish", files, faults.environment());
    }
    static program_result finish(const sweep_files& files) {
        injected nothing;
        nothing.under = files.kept;
        return finish(files, nothing);
    }

  private:
    std::filesystem::path profiles() const { return directory_ / "profiles.db"; }
    /// Large enough for a part to be written in several pieces.
    static std::string record(const tenant& owner, int number) {
        std::string segments;
        for (const std::size_t at : {0U, 1U})
            if (is_member(number, at))
                segments += std::string(segments.empty() ? "" : ",") + R"("s)" + std::to_string(at + 1) +
                            R"(":{"status":"realized","lastQualificationTime":"2020-01-01T00:00:00Z"})";
        return R"({"crm":")" + sweep_profile(owner, number) + R"(","segmentMembership":{"ups":{)" + segments +
               R"(}},"about":")" + std::string(400, 'x') + R"("})";
    }
    static program_result start(const std::string& what, const sweep_files& files,
                                std::vector<std::string> environment) {
        return run(WAYBILL_SWEEP_SCRIPT, {what, files.kept, files.profiles, files.notes},
                   {{}, std::move(environment), {}});
    }

    temp_directory directory_;
    int count_ = 0;
};

} // namespace waybill::test
