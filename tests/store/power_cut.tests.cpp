#include <catch2/catch.hpp>

#include "sql/integrity.hpp"
#include "support/power_cut_disk.hpp"
#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// What clients were told before the power went.
struct told {
    std::vector<job_id> created;
    std::vector<job_id> cancelled;
    bool done = false; ///< the work came to its end
};

using work = std::function<void(job_store&, told&)>;

/// A store on a disk whose power goes, and what it must be afterwards.
class cut_store {
  public:
    explicit cut_store(std::uint32_t seed) : disk(seed) { disk.keep_as_it_is(lock()); }

    /// Opens and works until the power goes at the n-th change. False when the work ended before that.
    bool work_until(std::int64_t change, const work& what) {
        disk.cut_at(change);
        try {
            auto store = job_store::open(options()).value();
            what(store, said);
            said.done = true;
            if (!disk.cut_off()) disk.cut(); // the end in order comes too late
        } catch (const store_failure&) {
            if (!disk.cut_off()) throw;
        }
        disk.power_back();
        return !said.done;
    }

    void check() {
        auto store = job_store::open(options()).value();
        sql::connection look(file(), sql::access::read);
        const auto problems = sql::integrity_problems(look);
        CHECK(problems == std::vector<std::string>{});
        for (const auto id : said.created)
            CHECK(store.find(acme, id).ok());
        for (const auto id : said.cancelled)
            CHECK(store.find(acme, id)->status == job_status::cancelled);
        // And it goes on, with numbers of its own.
        const auto next = store.create(acme, a_job()).value().id;
        CHECK((said.created.empty() || next > said.created.back()));
    }

    job_store_options options() {
        job_store_options how;
        how.file = file();
        how.now = [this] { return clock.now(); };
        how.upkeep = upkeep;
        how.ids_reserved = 2;
        return how;
    }
    std::filesystem::path file() const { return directory_ / "jobs.db"; }
    std::filesystem::path lock() const { return directory_ / "jobs.db.lock"; }
    std::filesystem::path folder() const { return directory_.path(); }

  private:
    temp_directory directory_{fast_place()};

  public:
    power_cut_disk disk;
    manual_clock clock;
    upkeep_options upkeep;
    told said;
};

/// Cuts the power at every change of the work in turn, each time on a store made anew.
int cut_everywhere(std::uint32_t seed, int stride, const std::function<void(cut_store&)>& prepare,
                   const work& what, const std::function<void(cut_store&)>& then = {}) {
    int cuts = 0;
    for (std::int64_t change = 1;; change += stride, ++cuts) {
        cut_store on(seed + static_cast<std::uint32_t>(change));
        if (prepare) prepare(on);
        INFO("seed " << seed + static_cast<std::uint32_t>(change) << ", change " << change);
        const bool was_cut = on.work_until(change, what);
        on.check();
        if (then) then(on);
        if (!was_cut) return cuts;
    }
}

/// With a few jobs, closed in order. Made once; each store begins with a copy.
void with_jobs(cut_store& on) {
    static const temp_directory made(fast_place());
    static const auto jobs = [] {
        job_store_options how;
        how.file = made / "jobs.db";
        auto store = job_store::open(how).value();
        std::vector<job_id> ids;
        for (int i = 0; i < 5; ++i)
            ids.push_back(store.create(acme, a_full_job()).value().id);
        return ids;
    }();
    on.said.created = jobs;
    std::filesystem::copy_file(made / "jobs.db", on.file());
    std::filesystem::copy_file(made / "jobs.db.lock", on.lock());
}

void create(job_store& store, told& said) {
    said.created.push_back(store.create(acme, a_full_job()).value().id);
}

void cancel_last(job_store& store, told& said) {
    store.cancel(acme, said.created.back()).value();
    said.cancelled.push_back(said.created.back());
}

} // namespace

TEST_CASE("what a create or a cancel acknowledged is there after a power cut at any moment") {
    const auto seed = GENERATE(range(0U, 5U));
    const auto cuts = cut_everywhere(seed, 3, with_jobs, [](job_store& store, told& said) {
        for (int i = 0; i < 2; ++i) {
            create(store, said);
            create(store, said);
            cancel_last(store, said);
        }
    });
    CHECK(cuts > 30);
}

TEST_CASE("a power cut while a store is made, or opened for the first time, leaves one that opens") {
    const auto cuts = cut_everywhere(1, 3, {}, create);
    CHECK(cuts > 50);
}

TEST_CASE("creates that shared a commit are there all or none after a power cut") {
    const auto seed = GENERATE(range(0U, 5U));
    const auto cuts = cut_everywhere(
        seed, 1, with_jobs,
        [](job_store& store, told& said) {
            told together;
            store.together([&] {
                for (int i = 0; i < 20; ++i)
                    create(store, together);
            });
            said.created.insert(said.created.end(), together.created.begin(), together.created.end());
        },
        [](cut_store& on) {
            const auto there = jobs_in(on.file()) - 1; // but for the one that the check made
            CHECK((there == 5 || there == 25));
        });
    CHECK(cuts > 10);
}

TEST_CASE("a log that is folded and cut while the power goes loses nothing") {
    const auto seed = GENERATE(range(0U, 5U));
    const auto cuts = cut_everywhere(
        seed, 3,
        [](cut_store& on) {
            on.upkeep.longest_wal = 0;
            on.upkeep.retention = {{job_status::cancelled, std::chrono::milliseconds{0}}};
            with_jobs(on);
        },
        [](job_store& store, told& said) {
            for (int i = 0; i < 3; ++i) {
                create(store, said);
                while (store.owner().upkeep()) {
                }
            }
        });
    CHECK(cuts > 50);
}

TEST_CASE("a backup has its name only when it outlives a power cut") {
    const auto seed = GENERATE(range(0U, 5U));
    const auto backup_of = [](const cut_store& on) { return on.folder() / "backup.db"; };
    const cut_store* working = nullptr;
    const auto cuts = cut_everywhere(
        seed, 7,
        [&](cut_store& on) {
            working = &on;
            with_jobs(on);
        },
        [&](job_store& store, told& said) {
            create(store, said);
            backup_store(store_kind::jobs, working->file(), backup_of(*working)).value();
        },
        [&](cut_store& on) {
            CHECK((!on.said.done || std::filesystem::exists(backup_of(on))));
            if (!std::filesystem::exists(backup_of(on))) return;
            const auto restored = restore_store(on.folder() / "other.db", backup_of(on));
            REQUIRE(restored.ok());
            CHECK(restored->checksum);
            CHECK(jobs_in(on.folder() / "other.db") == 6);
        });
    CHECK(cuts > 10);
}

TEST_CASE("a restore that came to its end outlives a power cut") {
    const auto seed = GENERATE(range(0U, 5U));
    cut_store on(seed);
    with_jobs(on);
    const auto backup = on.folder() / "backup.db";
    REQUIRE(backup_store(store_kind::jobs, on.file(), backup).ok());
    const auto before = on.said.created;
    CHECK_FALSE(on.work_until(1'000'000, create));
    REQUIRE(restore_store(on.file(), backup).ok());
    on.disk.sync_names(on.folder()); // as it does, without SQLite
    on.disk.cut();
    on.disk.power_back();
    CHECK(jobs_in(on.file()) == 5);
    on.said.created = before;
    on.check();
}

TEST_CASE("the disk of these tests loses what was not synced, and keeps what was") {
    for (const bool synced : {false, true}) {
        const temp_directory place(fast_place());
        power_cut_disk disk(0); // what is not synced is lost
        {
            sql::connection on(place / "some.db", sql::access::write);
            on.execute("create table seen (number integer) strict");
            if (!synced) on.execute("pragma synchronous = off");
            on.execute("insert into seen (number) values (1)");
            disk.cut();
        }
        disk.power_back();
        sql::connection look(place / "some.db", sql::access::read);
        CHECK(look.integer_of("select count(*) from seen") == (synced ? 1 : 0));
    }
}
