#include <set>

#include <catch2/catch.hpp>

#include "sql/migrator.hpp"
#include "sql/schema_drift.hpp"
#include "sql/script.hpp"
#include "support/invented_migrations.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

using known_list = std::span<const sql::migration>;

/// As the sqlite3 shell does it: the scripts, and no notes.
void run_ups(sql::connection& on, known_list known) {
    for (const auto& one : known)
        sql::run_script(on, one.up);
}

std::vector<int> noted(sql::connection& on) {
    std::vector<int> versions;
    for (const auto& one : sql::applied_migrations(on))
        versions.push_back(one.version);
    return versions;
}

} // namespace

TEST_CASE("a script is run statement by statement, and a trigger is one") {
    sql::connection on(":memory:", sql::access::write);
    std::vector<std::string> statements;
    sql::run_script(on, R"(
-- a comment; with a semicolon
create table t (a text); create trigger r after insert on t
begin
    update t set a = 'x;';
    delete from t where a = 'y';
end;
insert into t values ('z');
-- and nothing more
)",
                    [&](std::string_view statement) { statements.emplace_back(statement); });
    REQUIRE(statements.size() == 3);
    CHECK(statements[0] == "create table t (a text);");
    CHECK_THAT(statements[1], Catch::StartsWith("create trigger r") && Catch::EndsWith("end;"));
    CHECK(statements[2] == "insert into t values ('z');");
    CHECK(on.text_of("select a from t") == "x;");
    CHECK_THROWS_WITH(sql::run_script(on, "create table u (a); create tabel v (a)"), Contains("tabel"));
    CHECK(on.integer_of("select count(*) from sqlite_schema where name = 'u'") == 1);
}

TEST_CASE("migrations are applied up to a version and taken back down to one, newest first") {
    const known_list known = invented_migrations();
    sql::connection on(":memory:", sql::access::write);
    const sql::schema_versions versions(known);
    CHECK(sql::step_up(on, known, 2, {}).taken == std::vector{1, 2});
    CHECK(sql::objects_of(on) == versions.after(2));
    const auto rest = sql::step_up(on, known, 3, {});
    CHECK(rest.before == 2);
    CHECK(rest.taken == std::vector{3});
    CHECK(rest.adopted.empty());
    CHECK(sql::step_up(on, known, 1, {}).taken.empty());

    on.execute("insert into shelves values (1, 'top'); insert into books values (7, 1, 'Emma')");
    CHECK(sql::step_down(on, known, 1).taken == std::vector{3, 2});
    CHECK(sql::check_schema(on, known) == 1);
    CHECK(sql::objects_of(on) == versions.after(1));
    CHECK(on.integer_of("select shelf_id from books where id = 7") == 1);
    CHECK(sql::step_down(on, known, 0).taken == std::vector{1});
    CHECK(on.integer_of("select count(*) from sqlite_schema") == 0);
    CHECK(sql::check_schema(on, known) == 0);
}

TEST_CASE("a migration that leaves a row without the row that it names is rolled back") {
    sql::migration bad{2, "careless", digits_of('4'),
                       "create table more (a); pragma defer_foreign_keys = on; drop table shelves; "
                       "create table shelves (id integer primary key, name text not null) strict;",
                       ""};
    const std::vector<sql::migration> known{invented_migrations()[0], bad};
    sql::connection on(":memory:", sql::access::write);
    sql::step_up(on, known, 1, {});
    on.execute("insert into shelves values (1, 'top'); insert into books values (7, 1)");
    CHECK_THROWS_WITH(sql::step_up(on, known, 2, {}), Contains("0002_careless was rolled back") &&
                                                          Contains("a row of books names a row of shelves"));
    CHECK(sql::check_schema(on, known) == 1);
    CHECK(on.integer_of("select count(*) from shelves") == 1);
    CHECK(on.integer_of("select count(*) from sqlite_schema where name = 'more'") == 0);
}

TEST_CASE("a schema that another tool made of the migrations is recognised, noted and taken further") {
    const known_list known = invented_migrations();
    for (std::size_t by_us = 0; by_us <= known.size(); ++by_us) {
        for (auto by_others = by_us; by_others <= known.size(); ++by_others) {
            INFO(by_us << " by us, up to " << by_others << " by another tool");
            sql::connection on(":memory:", sql::access::write);
            sql::step_up(on, known, static_cast<int>(by_us), {});
            run_ups(on, known.subspan(by_us, by_others - by_us));
            const auto steps = sql::step_up(on, known, 3, timestamp{std::chrono::milliseconds{5}});
            CHECK(steps.before == static_cast<int>(by_us));
            CHECK(steps.adopted.size() == by_others - by_us);
            CHECK(steps.taken.size() == known.size() - by_others);
            CHECK(noted(on) == std::vector{1, 2, 3});
            CHECK(sql::applied_migrations(on)[2].sha256 == known[2].sha256);
            CHECK(sql::objects_of(on) == sql::schema_versions(known).after(3));
        }
    }
}

TEST_CASE("a schema that no migrations made is refused, by the first object that differs") {
    const known_list known = invented_migrations();
    sql::connection on(":memory:", sql::access::write);
    run_ups(on, known.first(2));
    SECTION("one too many") {
        on.execute("create index a_hand_made_one on books (shelf_id)");
        CHECK_THROWS_WITH(sql::step_up(on, known, 3, {}),
                          Contains("after 0002_titles, index a_hand_made_one should not be there"));
    }
    SECTION("one too few") {
        on.execute("drop trigger books_stay");
        CHECK_THROWS_WITH(sql::step_up(on, known, 3, {}), Contains("trigger books_stay is missing"));
    }
    SECTION("another one") {
        on.execute("alter table shelves add column height integer");
        CHECK_THROWS_WITH(sql::step_up(on, known, 3, {}), Contains("table shelves has another definition"));
    }
    SECTION("with notes that are right as far as they go") {
        on.execute("drop table books; drop table shelves; drop table schema_migrations");
        sql::step_up(on, known, 2, {});
        on.execute("drop trigger books_stay");
        CHECK_THROWS_WITH(sql::step_up(on, known, 3, {}),
                          Contains("after 0002_titles, trigger books_stay is missing"));
    }
    CHECK(on.integer_of("select count(*) from sqlite_schema where name = 'kinds'") == 0);
}

TEST_CASE("every migration leaves a schema of its own, by which it is recognised") {
    for (const auto known :
         {sql::jobs_migrations(), sql::profiles_migrations(), sql::segments_migrations()}) {
        const sql::schema_versions versions(known);
        for (int a = 0; a <= static_cast<int>(known.size()); ++a)
            for (int b = 0; b < a; ++b) {
                INFO(b << " and " << a);
                CHECK_FALSE(versions.after(a) == versions.after(b));
            }
    }
}

TEST_CASE("two spellings of one definition are one, and two definitions are two") {
    const auto text_of = [](const std::string& sql) {
        sql::connection on(":memory:", sql::access::write);
        on.execute(sql);
        return sql::objects_of(on).at(0).text;
    };
    const auto text = text_of("create table t (a text default 'X  y', b integer, check (a <> ''))");
    CHECK(text == "create table t ( a text default 'X  y' , b integer , check ( a < > '' ) )");
    CHECK(text == text_of("create table u (\n    A TEXT default 'X  y', -- a comment, with 'quotes'\n"
                          "    \"b\" integer, /* more */ check(a<>'')\n); alter table u rename to t"));
    CHECK(text != text_of("create table t (a text default 'X y', b integer, check (a <> ''))"));
    CHECK(text != text_of("create table t (a text default 'x  y', b integer, check (a <> ''))"));
    CHECK(text != text_of("create table t (a text default 'X  y', \"b c\" integer, check (a <> ''))"));
    CHECK(text_of("create table t (a default 'it''s')") != text_of("create table t (a default 'its')"));
}
