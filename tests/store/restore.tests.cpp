#include <catch2/catch.hpp>

#include <fstream>

#include <unistd.h>

#include <waybill/store_migration.hpp>

#include "sql/owner_lock.hpp"
#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

std::string refusal(const result<store_restore>& outcome) {
    REQUIRE_FALSE(outcome.ok());
    return outcome.error().message;
}

} // namespace

TEST_CASE("a restored store has the jobs of the backup and gives no number out again") {
    backed_up_store was;
    was.store.open();
    const auto epoch = was.store.owner().epoch();
    was.store.close();
    const bool lock_is_lost = GENERATE(false, true);
    if (lock_is_lost) was.forget_lock(); // then the replaced file decides
    const auto restored = restore_store(was.store.file(), was.backup).value();
    CHECK(restored.checksum);
    CHECK(restored.replaced_read);
    CHECK(restored.used.job_id == 3);
    CHECK(restored.used.epoch == epoch);
    CHECK(names_in(was.folder(), "jobs.db.restoring").empty());
    was.store.open();
    CHECK(was.store->find(acme, 2).ok());
    CHECK_FALSE(was.store->find(acme, 3).ok());
    CHECK(was.store.owner().epoch() == epoch + 1);
    CHECK(was.create() == 4);
}

TEST_CASE("a restored store begins beyond what was seen elsewhere, also without lock and replaced file") {
    backed_up_store was;
    was.forget_lock();
    std::filesystem::remove(was.store.file());
    restore_options options;
    options.seen = {70, 900, 50};
    const auto restored = restore_store(was.store.file(), was.backup, options).value();
    CHECK(restored.used == used_numbers{70, 900, 50});
    CHECK_FALSE(restored.kept.has_value());
    CHECK(sql::inspect_owner(was.lock())->marks.job_id == 900);
    was.forget_lock(); // the file itself knows too
    was.store.open();
    CHECK(was.store.owner().epoch() == 71);
    CHECK(was.create() == 901);
    const auto claimed = was.store.owner().claim(1, no_objection);
    CHECK(was.store.owner().mark_publishing(claimed.at(0).key).commit_sequence == 51);
}

TEST_CASE("times and transitions do not run backwards over a restore") {
    backed_up_store was;
    was.store.open();
    was.store.clock.advance(std::chrono::hours{1});
    const auto forgotten = was.store->create(acme, a_job()).value();
    auto last = job_reader::open(was.store.file()).value().transitions(acme, forgotten.id).value().back();
    was.store.close();
    REQUIRE(restore_store(was.store.file(), was.backup).ok());
    was.store.clock.advance(std::chrono::hours{-1});
    was.store.open();
    const auto next = was.store->create(acme, a_job()).value();
    CHECK(next.creation_time >= forgotten.creation_time);
    auto reader = job_reader::open(was.store.file()).value();
    CHECK(reader.transitions(acme, next.id).value().back().sequence > last.sequence);
}

TEST_CASE("the replaced store is kept, with what only its WAL held, and opens") {
    backed_up_store was;
    was.crash_with_a_job();
    restore_options options;
    options.now = [] { return timestamp{std::chrono::milliseconds{1'538'615'973'895}}; };
    const auto restored = restore_store(was.store.file(), was.backup, options).value();
    CHECK(restored.kept == was.beside(".replaced-20181004T011933Z"));
    CHECK(jobs_in(*restored.kept) == 4);
    CHECK(jobs_in(was.store.file()) == 2);
    was.store.open();
    CHECK(was.create() > 4);
    was.store.close();
    // In the same second again.
    CHECK(restore_store(was.store.file(), was.backup, options)->kept ==
          was.beside(".replaced-20181004T011933Z-2"));
    CHECK(jobs_in(*restored.kept) == 4);
}

// As a power cut can leave it: the journal's new name is on the disk, the store's is not.
TEST_CASE("a name of which only a journal is there is not taken for the replaced store") {
    backed_up_store was;
    was.crash_with_a_job();
    write_bytes(was.store.file(), 0, std::string(bytes_of(was.store.file()).size(), 'x'));
    for (const auto* name : {"-shm", ".replaced-20181004T011933Z-shm"})
        std::ofstream(was.beside(name)) << "of some store";
    restore_options options;
    options.now = [] { return timestamp{std::chrono::milliseconds{1'538'615'973'895}}; };
    CHECK(restore_store(was.store.file(), was.backup, options).value().kept ==
          was.beside(".replaced-20181004T011933Z-2"));
    CHECK(jobs_in(was.store.file()) == 2);
}

TEST_CASE("a store behind a symbolic link is restored where it stands") {
    backed_up_store was;
    const temp_directory elsewhere;
    std::filesystem::create_symlink(was.store.file(), elsewhere / "link.db");
    const auto restored = restore_store(elsewhere / "link.db", was.backup).value();
    CHECK(std::filesystem::is_symlink(elsewhere / "link.db"));
    CHECK(jobs_in(was.store.file()) == 2);
    CHECK(restored.kept->parent_path() == was.folder());
    CHECK(jobs_in(*restored.kept) == 3);
}

TEST_CASE("an owned store is not restored, and the owner is named") {
    backed_up_store was;
    was.store.open();
    const auto refused = restore_store(was.store.file(), was.backup);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::owned_elsewhere);
    CHECK_THAT(refused.error().message, Contains("process " + std::to_string(::getpid())));
    CHECK(was.store->find(acme, 3).ok());
}

TEST_CASE("a store that somebody reads is not replaced under him") {
    backed_up_store was;
    auto reader = job_reader::open(was.store.file()).value();
    REQUIRE(reader.find(acme, 3).ok());
    const auto refused = restore_store(was.store.file(), was.backup);
    CHECK_THAT(refusal(refused), Contains("another process reads"));
    CHECK(refused.error().code == errc::conflict);
    CHECK(reader.find(acme, 3).ok());
    CHECK(names_in(was.folder(), "jobs.db.re").empty());
}

TEST_CASE("a backup that does not hold is refused, and the store stays as it is") {
    backed_up_store was;
    const auto before = bytes_of(was.store.file());
    restore_options unchecked;
    unchecked.need_checksum = false;
    SECTION("one byte is another") {
        write_bytes(was.backup, 5'000, "\x5a");
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup)), Contains("its SHA-256 is"));
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup, unchecked)),
                   Contains("its SHA-256 is"));
    }
    SECTION("the checksum file says something else") {
        std::ofstream(was.backup.string() + ".sha256") << "nothing\n";
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup)), Contains("nothing of the kind"));
    }
    SECTION("there is no checksum") {
        std::filesystem::remove(was.backup.string() + ".sha256");
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup)), Contains("monday.db.sha256"));
        CHECK(bytes_of(was.store.file()) == before);
        CHECK_FALSE(restore_store(was.store.file(), was.backup, unchecked).value().checksum);
        return;
    }
    SECTION("it is damaged, and nobody noted its checksum") {
        std::filesystem::remove(was.backup.string() + ".sha256");
        const auto pages = static_cast<std::streamoff>(std::filesystem::file_size(was.backup) / 4096);
        write_bytes(was.backup, (pages - 2) * 4096, std::string(4096, '\x5a'));
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup, unchecked)), Contains("monday.db"));
    }
    SECTION("it is no database") {
        std::ofstream(was.backup) << std::string(5'000, 'x');
        std::filesystem::remove(was.backup.string() + ".sha256");
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup, unchecked)),
                   Contains("not a database"));
    }
    SECTION("it is another kind of store") {
        const auto other = was.backup.string() + ".profiles";
        REQUIRE(migrate_up(store_kind::profiles, other).ok());
        CHECK_THAT(refusal(restore_store(was.store.file(), other, unchecked)), Contains("is not restored"));
    }
    SECTION("it is empty") {
        const auto other = was.backup.string() + ".empty";
        std::ofstream{other};
        CHECK_THAT(refusal(restore_store(was.store.file(), other, unchecked)), Contains("no job store"));
    }
    SECTION("it is of a newer Waybill") {
        {
            sql::connection on(was.backup, sql::access::write_as_is);
            on.execute("insert into schema_migrations values (999, 'from_the_future', '" +
                       std::string(64, '0') + "', 0)");
        }
        std::filesystem::remove(was.backup.string() + ".sha256");
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup, unchecked)),
                   Contains("0999_from_the_future"));
    }
    SECTION("a journal stands beside it") {
        std::ofstream(was.backup.string() + "-wal") << "x";
        CHECK_THAT(refusal(restore_store(was.store.file(), was.backup)), Contains("does not stand alone"));
    }
    SECTION("it is the store itself") {
        CHECK_THAT(refusal(restore_store(was.store.file(), was.store.file(), unchecked)),
                   Contains("the store itself"));
    }
    SECTION("it is not there") {
        CHECK(restore_store(was.store.file(), was.backup.string() + "-none").error().code == errc::not_found);
    }
    CHECK(bytes_of(was.store.file()) == before);
    CHECK(names_in(was.folder(), "jobs.db.re").empty());
}

TEST_CASE("a backup with an older schema is restored and brought up to date on opening") {
    backed_up_store was;
    const auto newest = inspect_schema(store_kind::jobs, was.backup).value().newest;
    std::filesystem::remove(was.backup.string() + ".sha256");
    if (newest > 1) REQUIRE(migrate_down(store_kind::jobs, was.backup, newest - 1, {.backup = false}).ok());
    restore_options unchecked;
    unchecked.need_checksum = false;
    CHECK(restore_store(was.store.file(), was.backup, unchecked).value().schema_version ==
          std::max(newest - 1, 1));
    was.store.open();
    CHECK(was.store->find(acme, 2).ok());
    CHECK(was.create() == 4);
}
