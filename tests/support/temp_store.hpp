// A job store in a directory of its own, with a clock and a source of ids that the test sets.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <waybill/job_owner.hpp>
#include <waybill/job_store.hpp>

#include "support/temp_directory.hpp"

namespace waybill::test {

/// The wall clock of a test: stands still until it is set.
class manual_clock {
  public:
    timestamp now() const { return now_; }
    void set(timestamp moment) { now_ = moment; }
    void advance(std::chrono::milliseconds by) { now_ += by; }

  private:
    timestamp now_{std::chrono::milliseconds{1'538'615'973'895}};
};

class temp_store {
  public:
    explicit temp_store(const std::filesystem::path& below = std::filesystem::temp_directory_path())
        : directory_(below) {
        reopen();
    }

    /// Ends the opening cleanly and opens again: a new epoch.
    void reopen() {
        store_.reset();
        open();
    }

    std::filesystem::path file() const { return directory_ / "jobs.db"; }
    job_store_options options() {
        job_store_options how;
        how.file = file();
        how.now = [this] { return clock.now(); };
        return how;
    }
    job_store* operator->() { return &*store_; }
    job_store& operator*() { return *store_; }
    job_owner& owner() { return store_->owner(); }
    void close() { store_.reset(); }
    void open() { store_ = std::make_unique<job_store>(job_store::open(options()).value()); }

    manual_clock clock;

  private:
    temp_directory directory_;
    std::unique_ptr<job_store> store_;
};

/// Every job can run.
inline std::optional<job_error> no_objection(const export_job&) { return std::nullopt; }

} // namespace waybill::test
