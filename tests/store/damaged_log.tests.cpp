// A WAL that came to harm after a crash: SQLite takes it up to the first frame that does not hold, so the
// store is as it was after some commit, whole, and goes on with numbers that were never given.
#include <random>

#include <catch2/catch.hpp>

#include "sql/integrity.hpp"
#include "support/killed.hpp"
#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr job_id created = 8;

/// As a crash leaves it: jobs that only the WAL knows of.
void crash_with_jobs(temp_store& store) {
    store.close();
    REQUIRE(killed_at(1, [&](const kill_point& reached) {
        store.open();
        for (job_id i = 0; i < created; ++i)
            store->create(acme, a_full_job()).value();
        reached();
    }));
}

/// How many of the jobs are there: the first ones, each whole.
job_id check_first_jobs(temp_store& store) {
    job_id there = 0;
    for (job_id id = 1; id <= created; ++id) {
        const auto found = store->find(acme, id);
        if (!found) break;
        CHECK(found->request.filter == a_full_job().filter);
        ++there;
    }
    CHECK(jobs_in(store.file()) == there);
    return there;
}

} // namespace

TEST_CASE("a log that is damaged or cut short leaves the store as it was after one of its commits") {
    const auto seed = GENERATE(range(0U, 40U));
    INFO("seed " << seed);
    std::mt19937 choose(seed);
    temp_store store;
    crash_with_jobs(store);
    const auto file = store.file().string() + "-wal";
    auto log = bytes_of(file);
    const auto at = choose() % log.size();
    if (seed % 2 == 0)
        log[at] = static_cast<char>(~log[at]);
    else
        log.resize(at);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << log;
    std::filesystem::remove(store.file().string() + "-shm");
    store.open();
    const auto there = check_first_jobs(store);
    CHECK(there < created);
    CHECK(store->create(acme, a_job()).value().id > created);
    sql::connection look(store.file(), sql::access::read);
    CHECK(sql::integrity_problems(look) == std::vector<std::string>{});
}
