// A host's world on virtual time: a real store and a real lifecycle over real datasets, an engine and a
// publisher that do what chance says, and the ways in which a host comes and goes. Whatever breaks a promise
// throws `broken_promise`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/job_store.hpp>
#include <waybill/lifecycle.hpp>
#include <waybill/store_backup.hpp>

#include "simulation/chance.hpp"
#include "simulation/ledger.hpp"
#include "simulation/published_view.hpp"
#include "simulation/simulated_engine.hpp"
#include "simulation/stepped_publisher.hpp"
#include "simulation/turns.hpp"
#include "simulation/watched_owner.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

class simulated_host {
  public:
    explicit simulated_host(chance& choose);

    /// The process ends, whatever it was doing: its files stay as they are at this moment.
    void crash();
    /// A stop, as a host does it; then the process ends. False when it ended by a crash on the way.
    bool stop();
    /// Opens and recovers, as often as it takes.
    void start();
    /// One tick, so much later; the process may end within it. Answers when the next is due.
    lifecycle::next_tick tick(std::chrono::milliseconds later);
    void back_up();
    /// Puts the backup back; the host must not run.
    void restore();
    /// Compares everything with what must be.
    void look();
    /// When all is over: nothing is left of what came to nothing, and the store is whole.
    void look_at_the_end();
    void troubles_end();

    job_store& store() { return *store_; }
    bool runs() const { return driver_ != nullptr; }
    retention_now keep() const { return {options_.upkeep.retention, wall, how_.attempts}; }

    chance& choose;
    timestamp wall{std::chrono::milliseconds{1'538'615'973'895}};
    mortal_process process;
    ledger known;
    std::optional<remembered> backup;
    std::unique_ptr<stepped_publisher> publisher;
    bool work_came = false; ///< the store told of work

  private:
    void open();
    void drop();
    std::filesystem::path beside(const char* suffix) const { return options_.file.string() + suffix; }
    void look_at_store();

    temp_directory directory_;
    std::filesystem::path root_;
    std::optional<std::chrono::milliseconds> keep_superseded_;
    dataset_troubles troubles_;
    taken_memberships memberships_;
    turns turns_;
    published_view view_;
    job_store_options options_;
    lifecycle_options how_;
    lifecycle::time_point now_{std::chrono::hours{1}};
    int surviving_percent_; ///< of the engine's attempts, over an end of the process
    int trouble_percent_;   ///< of the store's verbs
    int backups_ = 0;
    std::int64_t highest_commit_ = 0;
    bool recovered_ = false;
    bool troubled_ = true; ///< processes may end on their own

  public:
    simulated_engine engine;

  private:
    std::unique_ptr<job_store> store_;
    std::unique_ptr<sql::connection> reader_;
    std::unique_ptr<watched_owner> owner_;
    std::unique_ptr<lifecycle> driver_;
};

} // namespace waybill::test
