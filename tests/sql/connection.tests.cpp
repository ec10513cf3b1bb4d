#include <fstream>

#include <catch2/catch.hpp>

#include <waybill/result.hpp>

#include "sql/transaction.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using waybill::test::temp_directory;

TEST_CASE("a writing connection keeps a power cut from losing a commit") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    CHECK(database.text_of("pragma journal_mode") == "wal");
    CHECK(database.integer_of("pragma synchronous") == 2);
    CHECK(database.integer_of("pragma foreign_keys") == 1);
}

TEST_CASE("a reading connection refuses to write and needs the file to be there") {
    const temp_directory directory;
    CHECK_THROWS_AS(sql::connection(directory / "a.db", sql::access::read), store_failure);
    sql::connection(directory / "a.db", sql::access::write).execute("create table notes (text)");
    sql::connection reader(directory / "a.db", sql::access::read);
    CHECK_THROWS_AS(reader.execute("insert into notes values ('x')"), store_failure);
    CHECK_THROWS_AS(reader.execute("pragma wal_checkpoint; create table more (text)"), store_failure);
}

TEST_CASE("a transaction that is not committed leaves nothing") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    database.execute("create table notes (text)");
    {
        sql::transaction dropped(database);
        database.execute("insert into notes values ('x')");
    }
    CHECK(database.integer_of("select count(*) from notes") == 0);
    sql::transaction kept(database);
    database.execute("insert into notes values ('x')");
    kept.commit();
    CHECK(database.integer_of("select count(*) from notes") == 1);
}

TEST_CASE("a commit to a file that was moved or replaced meanwhile is refused, and undone") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    database.execute("create table notes (text)");
    const auto write = [&] {
        sql::transaction step(database);
        database.execute("insert into notes values ('x')");
        step.commit();
    };
    std::filesystem::rename(directory / "a.db", directory / "b.db");
    CHECK_THROWS_AS(write(), store_failure);
    std::ofstream(directory / "a.db") << "another file";
    CHECK_THROWS_AS(write(), store_failure);
    std::filesystem::rename(directory / "b.db", directory / "a.db");
    CHECK(database.integer_of("select count(*) from notes") == 0);
    write();
    CHECK(database.integer_of("select count(*) from notes") == 1);
}

TEST_CASE("a snapshot shows one state while another connection writes") {
    const temp_directory directory;
    sql::connection writer(directory / "a.db", sql::access::write);
    writer.execute("create table notes (text)");
    sql::connection reader(directory / "a.db", sql::access::read);
    {
        const sql::snapshot one_state(reader);
        writer.execute("insert into notes values ('x')");
        CHECK(reader.integer_of("select count(*) from notes") == 0);
    }
    CHECK(reader.integer_of("select count(*) from notes") == 1);
}

TEST_CASE("texts with any bytes, empty texts and null come back as they went in") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    static constexpr const char* echo = "select :text, :none, :number";
    const std::string text("a\0b \xF0\x9F\x98\x80", 8);
    auto row = database.prepare(echo);
    row.bind(":text", text).bind(":none", std::optional<std::string_view>{}).bind(":number", INT64_MIN);
    REQUIRE(row.step());
    CHECK(row.text(0) == text);
    CHECK(row.is_null(1));
    CHECK_FALSE(row.maybe_text(1).has_value());
    CHECK(row.integer(2) == INT64_MIN);
    row.reset();
    row.bind(":text", "").bind_null(":none").bind(":number", 0);
    REQUIRE(row.step());
    CHECK_FALSE(row.is_null(0));
    CHECK(row.text(0).empty());
}

TEST_CASE("one statement is not used twice at once, and again after its end") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    static constexpr const char* one = "select 1";
    {
        auto first = database.prepare(one);
        CHECK_THROWS_AS(database.prepare(one), store_failure);
    }
    CHECK(database.prepare(one).step());
}

TEST_CASE("a wrong statement and a wrong parameter are told with their text") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    CHECK_THROWS_WITH(database.prepare("select from"), Catch::Contains("a.db"));
    CHECK_THROWS_WITH(database.prepare("select :a").bind(":b", 1), Catch::Contains(":b"));
}

TEST_CASE("a snapshot that could not be taken leaves the connection as it was") {
    const temp_directory directory;
    auto writer = std::make_unique<sql::connection>(directory / "a.db", sql::access::write);
    writer->execute("pragma locking_mode = exclusive; create table notes (text)");
    sql::connection reader(directory / "a.db", sql::access::read);
    reader.busy_timeout(0);
    CHECK_THROWS_AS(sql::snapshot(reader), store_failure);
    writer.reset();
    CHECK_NOTHROW(sql::snapshot(reader));
    CHECK(reader.integer_of("select count(*) from notes") == 0);
}

TEST_CASE("a transaction inside another is undone alone and kept by the outer commit only") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    database.execute("create table notes (text)");
    const auto note = [&](const char* text) {
        database.execute(std::string("insert into notes values ('") + text + "')");
    };
    {
        sql::transaction outer(database);
        {
            sql::transaction kept(database);
            note("kept");
            {
                sql::transaction undone(database);
                note("undone");
            }
            kept.commit();
        }
        CHECK(database.text_of("select group_concat(text) from notes") == "kept");
        outer.commit();
    }
    CHECK(database.text_of("select group_concat(text) from notes") == "kept");
    {
        sql::transaction outer(database);
        sql::transaction inner(database);
        note("lost");
        inner.commit();
    }
    CHECK(database.text_of("select group_concat(text) from notes") == "kept");
}

TEST_CASE("nothing goes on inside a transaction that SQLite has rolled back as a whole") {
    const temp_directory directory;
    sql::connection database(directory / "a.db", sql::access::write);
    database.execute("create table notes (text)");
    sql::transaction outer(database);
    database.execute("rollback"); // as a full disk makes SQLite do
    CHECK_THROWS_AS(sql::transaction(database), store_failure);
    CHECK_THROWS_AS(outer.commit(), store_failure);
}
