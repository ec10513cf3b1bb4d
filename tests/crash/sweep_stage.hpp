// Where the stories of the crash sweep are told: profiles that all of them read, a directory for each, and
// the program that tells them, started with the fault library.
#pragma once

#include <string>

#include "crash/sweep_names.hpp"
#include "crash/sweep_profiles.hpp"
#include "fault/injected.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

class sweep_stage {
  public:
    static constexpr int killed = 128 + SIGKILL;

    sweep_stage() { import_sweep_profiles(profiles()); }

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
    static program_result start(const std::string& what, const sweep_files& files,
                                std::vector<std::string> environment) {
        return run(WAYBILL_SWEEP_SCRIPT, {what, files.kept, files.profiles, files.notes},
                   {{}, std::move(environment), {}});
    }

    temp_directory directory_;
    int count_ = 0;
};

} // namespace waybill::test
