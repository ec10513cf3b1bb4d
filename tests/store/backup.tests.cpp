#include <catch2/catch.hpp>

#include "digest/sha256.hpp"
#include "sql/integrity.hpp"
#include "support/killed.hpp"
#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("a backup beside an owner that goes on writing is the store as it was at one moment") {
    temp_store store;
    const temp_directory to;
    REQUIRE(store->create(acme, a_full_job()).ok());
    int written_meanwhile = 0;
    const auto made = backup_store(store_kind::jobs, store.file(), to / "copy.db", [&](std::string_view) {
        REQUIRE(store->create(acme, a_full_job()).ok());
        ++written_meanwhile;
    });
    REQUIRE(made.ok());
    CHECK(written_meanwhile >= 4);
    CHECK(jobs_in(to / "copy.db") == 1);
    CHECK(jobs_in(store.file()) == 1 + written_meanwhile);
    const auto counted = std::find_if(made->tables.begin(), made->tables.end(),
                                      [](const auto& table) { return table.name == "segment_filters"; });
    REQUIRE(counted != made->tables.end());
    CHECK(counted->rows == 2);
}

TEST_CASE("a backup is one file that stands alone, with the checksum that sha256sum checks") {
    temp_store store;
    const temp_directory to;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto made = backup_store(store_kind::jobs, store.file(), to / "copy.db").value();
    CHECK(names_in(to.path()) == std::vector<std::string>{"copy.db", "copy.db.sha256"});
    const auto bytes = bytes_of(to / "copy.db");
    CHECK(bytes.substr(18, 2) == "\x01\x01"); // a rollback journal, not a WAL
    CHECK(made.bytes == static_cast<std::int64_t>(bytes.size()));
    CHECK(made.sha256 == digest::sha256_hex(bytes));
    CHECK(bytes_of(to / "copy.db.sha256") == made.sha256 + "  copy.db\n");
    CHECK(std::filesystem::status(to / "copy.db").permissions() ==
          std::filesystem::status(store.file()).permissions());
    CHECK(job_reader::open(to / "copy.db").value().find(acme, 1).ok());
}

TEST_CASE("a backup writes nothing to the store and checkpoints nothing") {
    temp_store store;
    const temp_directory to;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto wal = store.file().string() + "-wal";
    const auto before = bytes_of(store.file()) + bytes_of(wal);
    REQUIRE_FALSE(bytes_of(wal).empty());
    REQUIRE(backup_store(store_kind::jobs, store.file(), to / "copy.db").ok());
    CHECK(bytes_of(store.file()) + bytes_of(wal) == before);
}

TEST_CASE("a backup overwrites nothing, neither a file nor a checksum") {
    temp_store store;
    const temp_directory to;
    const auto name = GENERATE(as<std::string>{}, "copy.db", "copy.db.sha256");
    std::ofstream(to / name) << "precious";
    const auto refused = backup_store(store_kind::jobs, store.file(), to / "copy.db");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().message.find(name) != std::string::npos);
    CHECK(bytes_of(to / name) == "precious");
    CHECK(names_in(to.path()) == std::vector{name});
}

TEST_CASE("of two backups to one name the first wins whole and the other leaves nothing") {
    temp_store store;
    const temp_directory to;
    std::string winner;
    const auto loser =
        backup_store(store_kind::jobs, store.file(), to / "copy.db", [&](std::string_view step) {
            if (step != "put in place") return;
            std::ofstream(to / "copy.db") << "another's";
            winner = bytes_of(to / "copy.db");
        });
    REQUIRE_FALSE(loser.ok());
    CHECK(bytes_of(to / "copy.db") == winner);
    CHECK(names_in(to.path()) == std::vector<std::string>{"copy.db"});
}

TEST_CASE("no backup is made of a damaged store, and nothing is left of the attempt") {
    temp_store store;
    const temp_directory to;
    for (int i = 0; i < 60; ++i)
        REQUIRE(store->create(acme, a_full_job()).ok());
    store.close();
    // The tables' roots and leaves: page 1 and the header stay as they are.
    const auto pages = static_cast<std::streamoff>(std::filesystem::file_size(store.file()) / 4096);
    write_bytes(store.file(), (pages - 2) * 4096, std::string(4096, '\x5a'));
    CHECK_THROWS_AS(backup_store(store_kind::jobs, store.file(), to / "copy.db"), store_failure);
    CHECK(names_in(to.path()).empty());
}

TEST_CASE("a row that names a row that is not there is damage too") {
    temp_store store;
    const temp_directory to;
    REQUIRE(store->create(acme, a_job()).ok());
    store.close();
    {
        sql::connection on(store.file(), sql::access::write);
        on.execute("pragma foreign_keys = off");
        on.execute("update job_transitions set job_id = 77");
    }
    CHECK_THROWS_WITH(backup_store(store_kind::jobs, store.file(), to / "copy.db"),
                      Catch::Contains("a row of job_transitions names a row of export_jobs"));
    CHECK(names_in(to.path()).empty());
}

TEST_CASE("a backup that is killed on the way does not count") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    store.close();
    for (int n = 1;; ++n) {
        INFO("killed at step " << n);
        const temp_directory to;
        const bool killed = killed_at(n, [&](const kill_point& reached) {
            backup_store(store_kind::jobs, store.file(), to / "copy.db", [&](std::string_view) {
                reached();
            }).value();
        });
        CHECK(std::filesystem::exists(to / "copy.db") == !killed);
        if (!killed) break;
        CHECK(backup_store(store_kind::jobs, store.file(), to / "copy.db").ok());
    }
}

TEST_CASE("what is no such store is not backed up") {
    temp_store store;
    const temp_directory to;
    CHECK(backup_store(store_kind::jobs, to / "none.db", to / "copy.db").error().code == errc::not_found);
    CHECK(backup_store(store_kind::jobs, store.file(), to.path() / "none" / "copy.db").error().code ==
          errc::not_found);
    CHECK_THROWS_AS(backup_store(store_kind::profiles, store.file(), to / "copy.db"), store_failure);
    CHECK(names_in(to.path()).empty());
}
