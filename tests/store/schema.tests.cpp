#include <fstream>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "sql/connection.hpp"
#include "sql/migrator.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string contents(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("the database and the code have the same table of moves") {
    temp_store store;
    sql::connection database(store.file(), sql::access::read);
    std::set<std::pair<std::string, std::string>> stored;
    auto rows = database.prepare("select from_status, to_status from job_status_moves");
    while (rows.step())
        stored.emplace(rows.text(0), rows.text(1));
    std::set<std::pair<std::string, std::string>> coded;
    for (const auto& move : job_status_moves)
        coded.emplace(to_text(move.from), to_text(move.to));
    CHECK(stored == coded);
}

TEST_CASE("the database refuses every move outside the table, whoever asks") {
    for (const auto from : all_job_statuses) {
        for (const auto to : all_job_statuses) {
            if (from == to) continue;
            temp_store store;
            REQUIRE(store->create(acme, a_job()).ok());
            store.close();
            sql::connection database(store.file(), sql::access::write);
            const auto set = [&](job_status status, bool publishing) {
                const bool at_work = status == job_status::processing || status == job_status::cancelling;
                database.execute(
                    std::string("update export_jobs set status = '") + std::string(to_text(status)) +
                    (at_work ? "', epoch = 1, staging_epoch = 1" : "', epoch = null, staging_epoch = null") +
                    (publishing ? ", publishing = 1, commit_sequence = 1" : ", publishing = 0"));
            };
            // Walks to `from` by allowed moves.
            if (from != job_status::new_) set(job_status::processing, from == job_status::succeeded);
            if (from == job_status::cancelling || from == job_status::cancelled)
                set(job_status::cancelling, false);
            if (from != job_status::new_ && from != job_status::processing && from != job_status::cancelling)
                set(from, false);
            if (from == job_status::processing && to == job_status::succeeded) set(from, true);
            INFO(to_text(from) << " to " << to_text(to));
            if (may_move(from, to))
                CHECK_NOTHROW(set(to, false));
            else
                CHECK_THROWS_AS(set(to, false), store_failure);
        }
    }
}

TEST_CASE("the database lets a job past its commit point go nowhere but to SUCCEEDED or FAILED") {
    for (const auto* to : {"NEW", "CANCELLING"}) {
        temp_store store;
        REQUIRE(store->create(acme, a_job()).ok());
        REQUIRE(
            store.owner().mark_publishing(store.owner().claim(1, no_objection).at(0).key).commit_sequence ==
            1);
        store.close();
        sql::connection database(store.file(), sql::access::write);
        CHECK_THROWS_AS(database.execute(std::string("update export_jobs set publishing = 0, epoch = null, "
                                                     "staging_epoch = null, status = '") +
                                         to + "'"),
                        store_failure);
        CHECK_THROWS_AS(database.execute("update export_jobs set publishing = 0"), store_failure);
        CHECK_THROWS_AS(database.execute("delete from export_jobs"), store_failure);
    }
}

TEST_CASE("nothing changes in a final job") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    REQUIRE(store->cancel(acme, 1).ok());
    store.close();
    sql::connection database(store.file(), sql::access::write);
    CHECK_THROWS_AS(database.execute("update export_jobs set update_time = update_time + 1"), store_failure);
}

TEST_CASE("schema/jobs.sql is the schema after the newest migration") {
    temp_store store;
    sql::connection database(store.file(), sql::access::read);
    CHECK(sql::dump_schema(database) == contents(WAYBILL_SOURCE_DIR "/schema/jobs.sql"));
}

TEST_CASE("a schema that is newer than the library is refused by name and version") {
    temp_store store;
    store.close();
    {
        sql::connection database(store.file(), sql::access::write);
        database.execute("insert into schema_migrations values (9999, 'from_the_future', '" +
                         std::string(64, '0') + "', 0)");
    }
    const auto why = Catch::Contains("9999_from_the_future");
    CHECK_THROWS_WITH(job_store::open(store.options()), why);
    CHECK_THROWS_WITH(job_reader::open(store.file()), why);
}

TEST_CASE("a schema that was migrated from another text is refused") {
    temp_store store;
    store.close();
    {
        sql::connection database(store.file(), sql::access::write);
        database.execute("update schema_migrations set sha256 = '" + std::string(64, 'f') + "'");
    }
    CHECK_THROWS_WITH(job_store::open(store.options()), Catch::Contains("another text"));
}

TEST_CASE("a database that is no Waybill store is refused and left as it is") {
    const temp_directory directory;
    const auto file = directory / "jobs.db";
    {
        sql::connection database(file, sql::access::write);
        database.execute("create table notes (text)");
    }
    job_store_options how;
    how.file = file;
    CHECK_THROWS_WITH(job_store::open(how), Catch::Contains("not a Waybill store"));
    sql::connection database(file, sql::access::read);
    CHECK(database.integer_of("select count(*) from sqlite_schema") == 1);
}

TEST_CASE("a file that is no database is refused") {
    const temp_directory directory;
    std::ofstream(directory / "jobs.db") << std::string(4096, 'x');
    job_store_options how;
    how.file = directory / "jobs.db";
    try {
        (void)job_store::open(how);
        FAIL("it was opened");
    } catch (const store_failure& refused) {
        CHECK(refused.why() == store_failure::kind::corrupt);
    }
}

TEST_CASE("every migration can be taken back") {
    temp_store store;
    store.close();
    sql::connection database(store.file(), sql::access::write);
    const auto known = sql::jobs_migrations();
    for (auto at = known.rbegin(); at != known.rend(); ++at)
        database.execute(std::string(at->down));
    CHECK(database.integer_of("select count(*) from sqlite_schema where name not like 'sqlite_%'") == 0);
    CHECK(sql::migrate_up(database, known, {}) == static_cast<int>(known.size()));
}
