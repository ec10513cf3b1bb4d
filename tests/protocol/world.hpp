// The world of the exhaustive model: a real store, the real lifecycle and the real placing on real datasets,
// with an engine and a publisher that do what they are told. Nothing in it is left to chance, and all of it
// can go back to an earlier moment: what stands in memory is a value, files are written back, and what the
// store wrote is rolled back by whoever keeps a transaction open around an action. Whatever breaks a promise
// throws `broken_promise`.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include <waybill/job_store.hpp>
#include <waybill/lifecycle.hpp>

#include "protocol/bounds.hpp"
#include "protocol/file_tree.hpp"
#include "protocol/inner_state.hpp"
#include "protocol/observed_owner.hpp"
#include "protocol/seam_watch.hpp"
#include "protocol/told_engine.hpp"
#include "protocol/told_publisher.hpp"
#include "simulation/ledger.hpp"
#include "simulation/published_view.hpp"
#include "simulation/taken_memberships.hpp"
#include "support/temp_directory.hpp"

namespace waybill::test {

/// What a backup holds.
struct kept_backup {
    std::string store; ///< the file's bytes
    remembered then;
    std::string text;
};

/// Everything but the store's rows.
struct moment {
    explicit moment(std::filesystem::path root) : view(std::move(root), std::chrono::milliseconds{0}) {}

    engine_state engine;
    publisher_state publisher;
    driver_state driver;
    number_state numbers;
    file_tree files;
    ledger known;
    published_view view;
    taken_memberships memberships;
    given_sequences sequences;
    bounds left;
    std::shared_ptr<const kept_backup> backup;
    std::set<staging_key> taken; ///< attempts whose batches a placing or a sweep may have taken from staging
    std::set<staging_key> damaged; ///< attempts that lost what they had staged
    lifecycle::time_point now{std::chrono::hours{1}};
    timestamp wall{std::chrono::milliseconds{1'538'615'973'895}};
};

/// What an end of the host leaves.
struct fallen_host {
    moment then;
    std::string store{}; ///< the file's bytes, whose log is folded into it
    std::string lock{};
    bool only_restore = false; ///< it fell so that the backup may come back
};

class protocol_world {
    // First, for engine and publisher are told of them.
    temp_directory directory_{fast_place()};
    std::filesystem::path root_ = directory_ / "datasets";
    bool files_changed_ = false;

  public:
    explicit protocol_world(const bounds& most);

    /// A store with its jobs, which nobody has driven yet.
    fallen_host first();
    /// A new opening of the store: a new epoch. The engine goes on with its attempts.
    void open(const fallen_host& host);
    void close();

    // What may happen while a host runs.
    void recover();
    void tick(std::chrono::milliseconds later);
    /// As a tick, but the answer of a commit point gets lost; false when there was none.
    bool tick_without_answer();
    void stop();
    void cancel(job_id id);
    void back_up();
    void do_publishers_next();
    void lose_staged(const staging_key& key);
    void cut_off_placing(told_publisher::cut how_far);
    /// After what is superseded has been taken aside; false when there was nothing of it.
    bool cut_off_pruning();

    /// Compares everything with what must be.
    void look();
    /// The same for what stands in place below the datasets, and for why jobs ended as they did.
    void look_closer();
    bool stopping() const { return state_of(*driver_).put_back_at.has_value(); }
    bool stopped() const { return driver_->stopped(); }
    /// Nothing has to be done any more, and nothing is left of what came to nothing.
    bool at_rest() const;
    std::vector<job_id> unfinished() const;
    /// Of attempts that have staged something that no placing has moved.
    std::vector<staging_key> staged() const;
    bool something_to_prune() const;

    /// The state in words, without what only grows.
    std::string text_of_running();
    std::string text_of_fallen();
    fallen_host fall(bool in_order);
    /// The backup comes back.
    fallen_host restored(const fallen_host& host);

    moment keep();
    void bring_back(const moment& then);
    sql::connection& database() { return database_of(*store_); }

    moment is{root_};
    seam_watch watch;
    told_engine engine;
    told_publisher publisher;

  private:
    std::string rows();
    std::string surroundings() const;
    void scan();
    retention_now retention() const { return {{}, is.wall, most_.attempts}; }
    void put_files(const fallen_host& host);
    fallen_host taken_from_disk(moment then) const;

    bounds most_;
    file_tree on_disk_;
    bool view_is_old_ = false; ///< of what is on disk now
    job_store_options options_;
    lifecycle_options how_;
    std::unique_ptr<job_store> store_;
    std::unique_ptr<observed_owner> owner_;
    std::unique_ptr<lifecycle> driver_;
};

} // namespace waybill::test
