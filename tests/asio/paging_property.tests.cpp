#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/listing_model.hpp"
#include "support/opened_store.hpp"

using namespace waybill;
using namespace waybill::test;
namespace net = boost::asio;

namespace {

/// What the writers know of a job. The ticks order events: something done by one tick was done before
/// whatever began at a later one.
struct known_job {
    export_job as_created;
    std::int64_t created = 0;          ///< the create had been answered
    std::int64_t final = INT64_MAX;    ///< its end had been answered
    job_status end = job_status::new_; ///< when final
    std::int64_t removal = INT64_MAX;  ///< nobody had asked yet for its removal
};

/// A wall clock that steps forth and back, read by the writer's thread and stepped by all.
class jumping_clock {
  public:
    timestamp now() const { return timestamp{std::chrono::milliseconds{now_.load()}}; }
    void step(std::int64_t by) { now_ += by; }

  private:
    std::atomic<std::int64_t> now_{1'538'615'973'895};
};

/// Eight writers and a few readers on one store, and what the writers know of their jobs.
class busy_store {
  public:
    static constexpr int writers = 8;
    static constexpr int steps = 60;

    void write(std::uint32_t seed) {
        dice choose(seed);
        for (int i = 0; i < steps; ++i) {
            clock.step(static_cast<std::int64_t>(choose.below(7)) - 3);
            switch (choose.below(6)) {
            case 0: end_some(choose); break;
            case 1: cancel_one(choose); break;
            case 2: remove_one(choose); break;
            default: create_one(choose);
            }
        }
    }

    /// Walks through all pages of random listings until the writers are done, and once more.
    void read(std::uint32_t seed) {
        dice choose(seed);
        for (bool last = false; !last;) {
            last = writers_left == 0;
            check_walk(random_query(choose, clock.now()));
        }
    }

    std::atomic<int> writers_left = writers;
    std::vector<std::string> complaints; ///< Catch's assertions are for one thread

  private:
    jumping_clock clock;
    temp_directory directory;
    job_store store = job_store::open({.file = directory / "jobs.db",
                                       .now = [this] { return clock.now(); },
                                       .repeated_cancel = std::chrono::milliseconds{0}})
                          .value();
    job_reader reader = job_reader::open(directory / "jobs.db").value();
    net::thread_pool writing{1}, reading{1};
    async_job_store jobs{store, writing.get_executor(), reader, reading.get_executor()};
    async_job_owner owner{store, jobs};

    std::mutex guard; ///< of what follows, and of the complaints
    std::map<job_id, known_job> known;
    std::int64_t ticks = 0;

  public:
    ~busy_store() {
        writing.join();
        reading.join();
    }

  private:
    void complain(const std::string& sentence) {
        const std::lock_guard hold(guard);
        complaints.push_back(sentence);
    }

    void create_one(dice& choose) {
        const auto made = jobs.create(acme, random_job(choose), net::use_future).get().value();
        const std::lock_guard hold(guard);
        known[made.id] = {made, ++ticks};
    }

    void note_end(job_id id, job_status end) {
        const std::lock_guard hold(guard);
        // A job may be claimed, by another writer, before its own create was noted here.
        auto& job = known[id];
        job.final = ++ticks;
        job.end = end;
    }

    void end_some(dice& choose) {
        for (const auto& attempt : owner.claim(2, no_objection, net::use_future).get().value()) {
            const auto key = attempt.key;
            const bool fails = choose.one_in(2);
            const auto end = [key, fails](job_owner& on) {
                if (fails) return on.fail(key, {{"1", "2", "3"}}, "test", "failed");
                return on.mark_publishing(key).what == publish_mark::outcome::marked &&
                       on.succeed(key, {}, {});
            };
            if (owner.run<bool>(end, net::use_future).get().value())
                note_end(key.job, fails ? job_status::failed : job_status::succeeded);
            else if (owner.settle_cancelled(key, net::use_future)
                         .get()
                         .value()) // another writer cancelled it
                note_end(key.job, job_status::cancelled);
        }
    }

    std::optional<job_id> some_job(dice& choose, bool final) {
        const std::lock_guard hold(guard);
        std::vector<job_id> fitting;
        for (const auto& [id, job] : known)
            if (job.created != 0 && (job.final != INT64_MAX) == final && job.removal == INT64_MAX)
                fitting.push_back(id);
        if (fitting.empty()) return std::nullopt;
        const auto id = choose.pick(fitting);
        if (final) known[id].removal = ++ticks;
        return id;
    }

    void cancel_one(dice& choose) {
        const auto id = some_job(choose, false);
        if (!id) return;
        { // it may turn out to have become final meanwhile, and then the cancel removes it
            const std::lock_guard hold(guard);
            known[*id].removal = ++ticks;
        }
        const auto outcome = jobs.cancel(acme, *id, "test", net::use_future).get();
        if (!outcome) return; // being published
        const std::lock_guard hold(guard);
        auto& job = known[*id];
        if (*outcome != cancel_outcome::removed) job.removal = INT64_MAX;
        if (*outcome != cancel_outcome::cancelled) return;
        job.final = ++ticks;
        job.end = job_status::cancelled;
    }

    void remove_one(dice& choose) {
        if (const auto id = some_job(choose, true))
            jobs.cancel(acme, *id, "test", net::use_future).get().value();
    }

    std::int64_t tick() {
        const std::lock_guard hold(guard);
        return ++ticks;
    }

    void check_walk(job_query query) {
        const auto begun = tick();
        std::vector<export_job> listed;
        for (bool more = true; more;) {
            const auto page = jobs.list(acme, query, net::use_future).get().value();
            listed.insert(listed.end(), page.jobs.begin(), page.jobs.end());
            more = page.more;
            if (more) query.after = position_of(page.jobs.back());
        }
        query.after.reset();
        for (std::size_t i = 0; i < listed.size(); ++i) {
            const auto at = position_of(listed[i]);
            if (!matches_for_ever(listed[i], query) || !has_wanted_status(listed[i].status, query))
                complain("listed, but does not match: " + to_text(at));
            if (i == 0) continue;
            const auto before = position_of(listed[i - 1]);
            if (std::pair(before.creation_time, before.id) <= std::pair(at.creation_time, at.id))
                complain("out of order, or twice: " + to_text(before) + " before " + to_text(at));
        }
        expect_all(query, listed, begun);
    }

    /// Whoever was there and matched from before the walk until after it must have been listed.
    void expect_all(const job_query& query, const std::vector<export_job>& listed, std::int64_t begun) {
        std::set<job_id> ids;
        for (const auto& job : listed)
            ids.insert(job.id);
        const std::lock_guard hold(guard);
        for (const auto& [id, job] : known) {
            const bool there = job.created != 0 && job.created < begun && job.removal == INT64_MAX;
            const bool steady =
                query.statuses.empty() || (job.final < begun && has_wanted_status(job.end, query));
            if (there && steady && matches_for_ever(job.as_created, query) && !ids.contains(id))
                complaints.push_back("dropped: " + to_text(position_of(job.as_created)));
        }
        walks += ids.empty() ? 0 : 1;
    }

  public:
    std::atomic<int> walks = 0; ///< that listed something
};

} // namespace

TEST_CASE("paging among eight writers and a jumping clock drops nothing and repeats nothing") {
    const auto seed = GENERATE(1U, 2U, 3U);
    CAPTURE(seed);
    busy_store store;
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t i = 0; i < busy_store::writers; ++i)
            threads.emplace_back([&store, own = seed * 100 + i] {
                store.write(own);
                --store.writers_left;
            });
        for (std::uint32_t i = 0; i < 2; ++i)
            threads.emplace_back([&store, own = seed * 1'000 + i] { store.read(own); });
    }
    CHECK(store.walks > 10);
    for (const auto& complaint : store.complaints)
        FAIL_CHECK(complaint);
}
