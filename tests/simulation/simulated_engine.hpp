// An engine whose attempts do what chance says: the other side of the engine seam. What it stages is real, on
// disk. An attempt that the host has forgotten, or that its engine lost, may go on as a stray and stage late.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include <waybill/engine.hpp>

#include "simulation/chance.hpp"
#include "simulation/dataset_troubles.hpp"
#include "simulation/mortal_process.hpp"

namespace waybill::test {

class simulated_engine final : public engine {
  public:
    simulated_engine(std::filesystem::path root, chance& choose, mortal_process& host,
                     dataset_troubles& troubles)
        : root_(std::move(root)), choose_(choose), host_(host), troubles_(troubles) {}

    // The seam.
    void on_news(std::function<void()>) override {}
    std::optional<job_error> check(const export_job& job) override;
    void submit(const staging_key& key, const export_job& job) override;
    bool find(const staging_key& key) override;
    attempt_report poll(const staging_key& key) override;
    void cancel(const staging_key& key) override;
    void forget(const staging_key& key) override;

    /// Something happens to one of the attempts; says what.
    std::string let_happen();
    /// Everything that can end well does, at once; false when there was nothing.
    bool finish_all();
    /// What the host's end leaves: attempts of an engine elsewhere go on, those inside the host die.
    void host_ended(int surviving_percent);

    int trouble_percent = 0; ///< of the submissions that are refused for the moment

  private:
    struct attempt {
        export_job job;
        attempt_report report;
        bool reachable = true; ///< else it cannot be asked: `unknown`
        bool told_to_stop = false;
    };
    void stage(const staging_key& key, const export_job& job, std::size_t batches);
    void spoil(const staging_key& key, const export_job& job);
    std::string let_stray_stage();
    std::string let_run(const staging_key& key, attempt& one);
    std::string fail(const staging_key& key, attempt& one, bool transient);

    std::filesystem::path root_;
    chance& choose_;
    mortal_process& host_;
    dataset_troubles& troubles_;
    std::map<staging_key, attempt> attempts_;
    std::map<staging_key, export_job> strays_;
    std::set<staging_key> submitted_; ///< ever
};

} // namespace waybill::test
