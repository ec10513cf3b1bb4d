#include <catch2/catch.hpp>

#include <fstream>

#include <waybill/job_owner.hpp>
#include <waybill/store_checkup.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("a store's settings are told as the file has them") {
    temp_store store;
    const auto settings = inspect_settings(store.file()).value();
    CHECK(settings.journal_mode == "wal");
    CHECK(settings.page_size == 4096);
    CHECK((settings.auto_vacuum == "none" || settings.auto_vacuum == "incremental"));
    CHECK(settings.wal_bytes ==
          static_cast<std::int64_t>(std::filesystem::file_size(store.file() += "-wal")));

    const temp_directory directory;
    const auto foreign = directory / "foreign.db";
    {
        sql::connection made(foreign, sql::access::write);
        made.execute(
            "pragma auto_vacuum = full; pragma journal_mode = delete; pragma page_size = 8192; vacuum;"
            "create table any (one)");
    }
    const auto other = inspect_settings(foreign).value();
    CHECK(other.journal_mode == "delete");
    CHECK(other.auto_vacuum == "full");
    CHECK(other.page_size == 8192);
    CHECK(other.wal_bytes == 0);
}

TEST_CASE("counts that are right pass, and one that is wrong is named") {
    temp_store store;
    for (int i = 0; i < 3; ++i)
        REQUIRE(store->create(acme, a_job("set" + std::to_string(i))).ok());
    REQUIRE(store.owner().claim(1, no_objection).size() == 1);
    CHECK(check_counts(store.file()).value().empty());
    store.close();
    {
        sql::connection broken(store.file(), sql::access::write);
        broken.execute("update job_counts set jobs = 7 where status = 'NEW';"
                       "delete from job_counts where status = 'PROCESSING'");
    }
    const auto found = check_counts(store.file()).value();
    REQUIRE(found.size() == 2);
    CHECK(found[0] == "job_counts says 7 jobs of " + acme.org + ", sandbox prod, are NEW; there are 2");
    CHECK(found[1] ==
          "job_counts says 0 jobs of " + acme.org + ", sandbox prod, are PROCESSING; there are 1");
}

TEST_CASE("only attempts under way and jobs past their commit point claim something in the datasets") {
    temp_store store;
    for (const auto* const dataset : {"waits", "runs", "publishes", "failed"})
        REQUIRE(store->create(acme, a_job(dataset)).ok());
    CHECK(read_dataset_claims(store.file()).value().staged.empty());
    const auto claimed = store.owner().claim(4, no_objection);
    REQUIRE(claimed.size() == 4);
    store.owner().put_back(claimed[0].key, {});
    REQUIRE(store.owner().mark_publishing(claimed[2].key).what == publish_mark::outcome::marked);
    REQUIRE(store.owner().fail(claimed[3].key, {{"unknown", "it broke", ""}}, "lifecycle", ""));
    const auto claims = read_dataset_claims(store.file()).value();
    CHECK(claims.staged == std::vector<staging_key>{claimed[1].key, claimed[2].key});
    CHECK(claims.publishing == std::vector<std::string>{claimed[2].job.batches.at(0).batch_id});
}

TEST_CASE("a check-up of what is not there, or is older, says so") {
    const temp_directory directory;
    const auto missing = directory / "none.db";
    CHECK(inspect_settings(missing).error().code == errc::not_found);
    CHECK(check_counts(missing).error().code == errc::not_found);
    CHECK(read_dataset_claims(missing).error().code == errc::not_found);
    const auto old = directory / "old.db";
    sql::connection(old, sql::access::write).execute("vacuum");
    CHECK(check_counts(old).error().code == errc::conflict);
    CHECK(read_dataset_claims(old).error().code == errc::conflict);
}
