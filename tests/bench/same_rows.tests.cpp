#include <catch2/catch.hpp>

#include "raw_database.hpp"
#include "same_rows.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::bench;
using Catch::Contains;

namespace {

void make(const std::filesystem::path& file, const char* rows) {
    raw_database made(file, raw_database::role::writer);
    made.execute("create table jobs (id integer primary key, fields text)");
    made.execute(rows);
}

} // namespace

TEST_CASE("Two files have the same rows when every column holds as much") {
    const waybill::test::temp_directory place;
    make(place / "ours.db", "insert into jobs values (1, 'a'), (2, null)");
    make(place / "floor.db", "insert into jobs values (7, null), (9, 'b')");
    CHECK_NOTHROW(expect_same_rows(place / "ours.db", place / "floor.db"));
}

TEST_CASE("A floor that leaves out a row or a column's value is found out") {
    const waybill::test::temp_directory place;
    make(place / "ours.db", "insert into jobs values (1, 'a'), (2, 'b')");
    make(place / "row.db", "insert into jobs values (1, 'a')");
    make(place / "value.db", "insert into jobs values (1, 'a'), (2, null)");
    CHECK_THROWS_WITH(expect_same_rows(place / "ours.db", place / "row.db"), Contains("jobs has 2"));
    CHECK_THROWS_WITH(expect_same_rows(place / "ours.db", place / "value.db"), Contains("jobs.fields has 2"));
}
