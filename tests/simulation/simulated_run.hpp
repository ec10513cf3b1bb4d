// One run of the simulation: so many steps that a seed chooses, then an end without troubles, by which every
// job must be final. Throws `broken_promise`, and says in its log what it did.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/simulated_host.hpp"

namespace waybill::test {

class simulated_run {
  public:
    explicit simulated_run(std::uint64_t seed);
    void step();
    /// Without troubles, and with ticks only when they are due or there is news.
    void come_to_an_end();

    const std::vector<std::string>& log() const { return log_; }
    std::size_t jobs_made() const { return made_.size(); }
    std::size_t jobs_succeeded() const;

  private:
    struct made_job {
        tenant owner;
        job_id id = 0;
    };
    void take_step();
    void create();
    void create_together();
    void create_once(const tenant& owner, const new_export_job& request);
    void cancel();
    void tick();
    void move_clock();
    void list();
    void let_publisher_work();
    void end_process();
    void bring_backup_back();
    bool all_final() const;
    void sweep_everything();

    const tenant& some_tenant() { return choose_.pick(tenants_); }
    new_export_job some_request();
    void did(std::string what) { log_.push_back(std::move(what)); }

    chance choose_;
    std::vector<tenant> tenants_;
    std::vector<std::string> datasets_;
    simulated_host host_;
    std::vector<made_job> made_;
    std::vector<std::string> log_;
};

} // namespace waybill::test
