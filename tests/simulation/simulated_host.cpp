#include "simulation/simulated_host.hpp"

#include <array>
#include <cstring>

#include <waybill/dataset_numbers.hpp>
#include <waybill/store_statistics.hpp>

#include "dataset/housekeeping.hpp"
#include "sql/integrity.hpp"
#include "sql/migrator.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {
namespace {

using namespace std::chrono_literals;

/// The migrations run once, not once a run.
const std::string& empty_store() {
    static const std::string bytes = [] {
        const temp_directory place(fast_place());
        const auto file = place / "jobs.db";
        {
            sql::connection on(file, sql::access::write);
            sql::migrate_up(on, sql::jobs_migrations(), timestamp{});
        }
        return contents(file);
    }();
    return bytes;
}

} // namespace

simulated_host::simulated_host(chance& chooser)
    : choose(chooser),
      directory_(fast_place()),
      root_(directory_ / "datasets"),
      keep_superseded_(
          chooser.pick(std::array<std::optional<std::chrono::milliseconds>, 4>{std::nullopt, 0s, 25min, 3h})),
      view_(root_, keep_superseded_),
      surviving_percent_(chooser.pick(std::array{0, 50, 100})),
      trouble_percent_(chooser.pick(std::array{0, 0, 2, 5})),
      engine(root_, chooser, process, troubles_) {
    std::filesystem::create_directories(root_);
    options_.file = directory_ / "jobs.db";
    overwrite(options_.file, empty_store());
    options_.now = [this] { return wall; };
    options_.entropy = [this](std::span<std::byte> bytes) {
        for (auto& byte : bytes)
            byte = static_cast<std::byte>(choose.next());
    };
    options_.ids_reserved = choose.pick(std::array{1, 3, 1024});
    options_.upkeep.longest_wal = 128 * 1024;
    options_.upkeep.free_pages = 4;
    options_.upkeep.rows_a_step = choose.pick(std::array{5, 2'000});
    if (choose.percent(60))
        options_.upkeep.retention = {
            {job_status::succeeded, 2h}, {job_status::failed, 24h}, {job_status::cancelled, 10min}};
    how_.running = static_cast<std::size_t>(choose.between(1, 4));
    how_.attempts = choose.between(2, 5);
    how_.attempt_deadline = 20min;
    how_.jitter = [this] { return choose.fraction(); };
    start();
}

void simulated_host::open() {
    process.revive();
    if (troubled_ && choose.percent(8)) process.end_after(choose.between(1, 30));
    store_ = std::make_unique<job_store>(job_store::open(options_).value());
    store_->on_work([this] { work_came = true; });
    reader_ = std::make_unique<sql::connection>(options_.file, sql::access::read);
    known.opened(*reader_, store_->owner().epoch(), keep());
    publisher = std::make_unique<stepped_publisher>(root_, choose, process, troubles_, memberships_, now_,
                                                    keep_superseded_);
    owner_ = std::make_unique<watched_owner>(store_->owner(), process, choose, turns_, highest_commit_,
                                             [this]() -> const std::map<job_id, known_job>& {
                                                 look_at_store();
                                                 return known.jobs();
                                             });
    owner_->trouble_percent = trouble_percent_;
    engine.trouble_percent = 2 * trouble_percent_;
    driver_ = std::make_unique<lifecycle>(*owner_, engine, *publisher, how_);
}

void simulated_host::start() {
    for (recovered_ = false; !recovered_;) {
        open();
        try {
            driver_->recover(now_);
            recovered_ = true;
        } catch (const process_ended&) {
        } catch (const store_failure&) {
        }
        process.check_blame();
        if (!recovered_) crash();
    }
    look();
    known.recovered(*reader_);
    view_.compare_acknowledged(known);
    view_.compare_places(known, now_);
}

void simulated_host::drop() {
    driver_.reset();
    owner_.reset();
    publisher.reset();
    reader_.reset();
    store_.reset();
}

void simulated_host::crash() {
    look_at_store();
    // What closing changes is undone afterwards: an end of the process closes nothing.
    static constexpr auto over = std::filesystem::copy_options::overwrite_existing;
    const std::array left{options_.file, beside("-wal"), beside(".lock")};
    const auto aside = [](std::filesystem::path name) { return name += ".aside"; };
    for (const auto& name : left)
        std::filesystem::copy_file(name, aside(name), over);
    drop();
    std::filesystem::remove(beside("-shm"));
    for (const auto& name : left)
        std::filesystem::rename(aside(name), name);
    engine.host_ended(surviving_percent_);
}

bool simulated_host::stop() {
    process.revive();
    if (troubled_ && choose.percent(10)) process.end_after(choose.between(1, 20));
    for (bool told = false; !told;) {
        try {
            driver_->stop(now_);
            told = true;
        } catch (const store_failure&) {
        } catch (const process_ended&) {
            crash();
            return false;
        }
        process.check_blame();
    }
    for (int i = 0; !driver_->stopped(); ++i) {
        promise(i < 500, "a stop does not come to its end");
        while (!publisher->idle() && !process.ended())
            publisher->let_happen(false);
        tick(1s);
        if (!runs()) return false;
    }
    look();
    drop();
    engine.host_ended(surviving_percent_);
    return true;
}

lifecycle::next_tick simulated_host::tick(std::chrono::milliseconds later) {
    now_ += later;
    wall += later;
    known.clock_is(wall);
    lifecycle::next_tick due = 0ms;
    try {
        due = driver_->tick(now_);
    } catch (const process_ended&) {
    } catch (const store_failure&) {
        // A simulated one; any other was blamed where it came from.
    }
    process.check_blame();
    if (process.ended()) crash();
    return due;
}

void simulated_host::back_up() {
    look();
    const auto to = directory_ / ("backup-" + std::to_string(++backups_) + ".db");
    promise(backup_store(store_kind::jobs, options_.file, to).ok(), "a backup is refused");
    backup = known.remember();
}

void simulated_host::restore() {
    troubles_.clear(); // what is no batch of ours has no numbers to survey
    view_.read(now_);
    if (choose.percent(30)) std::filesystem::remove(beside(".lock")); // then the replaced file decides
    restore_options how;
    how.now = [this] { return wall; };
    how.seen = dataset_numbers::survey(root_).value().highest();
    const auto from = directory_ / ("backup-" + std::to_string(backups_) + ".db");
    const auto done = restore_store(options_.file, from, how);
    promise(done.ok(),
            [&] { return "a restore is refused: " + (done.ok() ? std::string() : done.error().message); });
    if (done->kept) std::filesystem::remove(*done->kept);
    troubles_.forget_moves();
    known.restored(*backup);
    view_.restored();
    memberships_.restored();
    turns_.begin_anew();
}

void simulated_host::look_at_store() { known.look(*reader_, keep()); }

void simulated_host::look() {
    look_at_store();
    if (publisher->take_changed()) view_.read(now_);
    view_.compare(known);
    memberships_.compare(view_, known);
}

void simulated_host::look_at_the_end() {
    look();
    view_.compare_places(known, now_);
    promise(dataset::staged_keys(root_).empty(), "what nobody can publish any more is still staged");
    const auto problems = sql::integrity_problems(*reader_);
    promise(problems.empty(), [&] { return problems.front(); });
    status_counts counted;
    for (const auto& [id, job] : known.jobs())
        ++counted[job.status];
    auto reader = job_reader::open(options_.file).value();
    promise(reader.statistics().jobs == counted, "the statistics are not those of the jobs");
}

void simulated_host::troubles_end() {
    troubled_ = false;
    trouble_percent_ = 0;
    owner_->trouble_percent = 0;
    engine.trouble_percent = 0;
    process.revive();
    troubles_.clear();
}

} // namespace waybill::test
