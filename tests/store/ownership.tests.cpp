#include <fstream>

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include "sql/connection.hpp"
#include "sql/owner_lock.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::filesystem::path lock_of(const temp_store& store) { return store.file().string() + ".lock"; }

} // namespace

TEST_CASE("a second writer is refused with the owner's process id") {
    temp_store store;
    const auto second = job_store::open(store.options());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().code == errc::owned_elsewhere);
    CHECK(second.error().message.find("process " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("looking at an owner's lock tells who it is and does not stand in anybody's way") {
    temp_store store;
    auto owner = sql::inspect_owner(lock_of(store));
    REQUIRE(owner.has_value());
    CHECK(owner->held);
    CHECK(owner->pid == ::getpid());
    store.close();
    owner = sql::inspect_owner(lock_of(store));
    REQUIRE(owner.has_value());
    CHECK_FALSE(owner->held);
    store.open();
}

TEST_CASE("every opening has an epoch of its own, also when the database is an older copy") {
    temp_store store;
    const auto first = store.owner().epoch();
    store.close();
    const auto backup = store.file().string() + ".backup";
    std::filesystem::copy_file(store.file(), backup);
    store.open();
    CHECK(store.owner().epoch() == first + 1);
    store.close();
    std::filesystem::copy_file(backup, store.file(), std::filesystem::copy_options::overwrite_existing);
    store.open();
    CHECK(store.owner().epoch() == first + 2);
}

TEST_CASE("a restored older database hands out no job id and no commit sequence again") {
    temp_store store;
    store.close();
    const auto backup = store.file().string() + ".backup";
    std::filesystem::copy_file(store.file(), backup);
    store.open();
    REQUIRE(store->create(acme, a_job()).value().id == 1);
    const auto claimed = store.owner().claim(1, no_objection);
    REQUIRE(store.owner().mark_publishing(claimed.at(0).key).commit_sequence == 1);
    REQUIRE(store.owner().succeed(claimed.at(0).key, {}, {}));
    store.close();
    std::filesystem::copy_file(backup, store.file(), std::filesystem::copy_options::overwrite_existing);
    store.open();
    CHECK(store->create(acme, a_job()).value().id == 2);
    const auto again = store.owner().claim(1, no_objection);
    CHECK(store.owner().mark_publishing(again.at(0).key).commit_sequence == 2);
}

TEST_CASE("a process that dies gives no id out twice, and its jobs are known to be orphaned at once") {
    temp_store store;
    store.close();
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto dying = job_store::open(store.options());
        const bool went_well = dying.ok() && dying->create(acme, a_job()).ok() &&
                               dying->owner().claim(1, no_objection).size() == 1;
        ::_exit(went_well ? 0 : 1); // no destructor runs
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) == 0);
    store.open();
    CHECK(store->find(acme, 1).value().status == job_status::processing);
    const auto orphans = store.owner().orphans();
    REQUIRE(orphans.size() == 1);
    CHECK(orphans[0].key.job == 1);
    CHECK(orphans[0].key.epoch < store.owner().epoch());
    // Until it is taken over, the job is not this opening's.
    CHECK_FALSE(store.owner().put_back(orphans[0].key, {}));
    REQUIRE(store.owner().take_over(orphans[0].key));
    CHECK(store.owner().orphans().empty());
    CHECK(store.owner().staged_keys() == std::vector{orphans[0].key});
    CHECK(store.owner().put_back(orphans[0].key, {}));
    // Ids are reserved in blocks; what was left of a block is skipped after a crash.
    CHECK(store->create(acme, a_job()).value().id == 1'025);
}

TEST_CASE("a published job that was never recorded becomes SUCCEEDED by the ordinary moves") {
    temp_store store;
    const auto created = store->create(acme, a_job()).value();
    const published_batch batch{acme, created.request.dataset_id, created.batches[0].batch_id, 41, false, 20,
                                1'234};
    CHECK(store.owner().acknowledge({batch}) == 1);
    const auto job = store->find(acme, created.id).value();
    CHECK(job.status == job_status::succeeded);
    CHECK(job.batches[0].rows == 20);
    CHECK(store.owner().acknowledge({batch}) == 0);
    auto reader = job_reader::open(store.file()).value();
    CHECK(reader.transitions(acme, created.id).value().size() == 3);
    // Later publications come behind what is on disk.
    REQUIRE(store->create(acme, a_job()).ok());
    const auto next = store.owner().claim(1, no_objection);
    CHECK(store.owner().mark_publishing(next.at(0).key).commit_sequence == 42);
}

TEST_CASE("a published batch of another tenant's dataset acknowledges nothing") {
    temp_store store;
    const auto created = store->create(acme, a_job()).value();
    const published_batch batch{globex, created.request.dataset_id, created.batches[0].batch_id, 1, false, {},
                                {}};
    CHECK(store.owner().acknowledge({batch}) == 0);
    CHECK(store->find(acme, created.id).value().status == job_status::new_);
}

TEST_CASE("a lock file that holds something else is not overwritten") {
    const temp_directory directory;
    std::ofstream(directory / "jobs.db.lock") << "my precious notes\n";
    job_store_options how;
    how.file = directory / "jobs.db";
    CHECK_THROWS_AS(job_store::open(how), store_failure);
}

TEST_CASE("of two published jobs of one dataset both are acknowledged, whichever has the mark") {
    temp_store store;
    const auto first = store->create(acme, a_job()).value();
    const auto second = store->create(acme, a_job()).value();
    REQUIRE(store->cancel(acme, first.id).ok()); // only so that the second is claimed
    const auto claimed = store.owner().claim(1, no_objection);
    REQUIRE(claimed.at(0).key.job == second.id);
    REQUIRE(store.owner().mark_publishing(claimed[0].key).what == publish_mark::outcome::marked);
    store.close();
    {
        // As a restore could bring it back.
        sql::connection database(store.file(), sql::access::write);
        database.execute(
            "drop trigger export_jobs_never_unsettle; drop trigger export_jobs_move_by_the_table; "
            "update export_jobs set status = 'NEW' where id = 1");
    }
    store.open();
    const auto published = [&](const export_job& job, bool superseded) {
        return published_batch{acme, job.request.dataset_id, job.batches[0].batch_id, 7, superseded, 20, 100};
    };
    CHECK(store.owner().acknowledge({published(second, false), published(first, true)}) == 2);
    CHECK(store->find(acme, first.id).value().status == job_status::succeeded);
    CHECK(store->find(acme, second.id).value().status == job_status::succeeded);
    CHECK(store->find(acme, first.id).value().metrics.exported == 20);
}

TEST_CASE("a timeline does not run backwards when the clock does") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    store.clock.advance(std::chrono::hours{-1});
    REQUIRE(store->cancel(acme, 1).ok());
    auto reader = job_reader::open(store.file()).value();
    const auto timeline = reader.transitions(acme, 1).value();
    CHECK(timeline.at(1).at == timeline.at(0).at);
}
