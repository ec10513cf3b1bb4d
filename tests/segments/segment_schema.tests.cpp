#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>

#include "segments/definition_rows.hpp"
#include "sql/connection.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"
#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string plan_of(sql::connection& on, const char* text) {
    const std::string explain = std::string("explain query plan ") + text;
    std::string plan;
    auto rows = on.prepare(explain.c_str());
    while (rows.step())
        plan += rows.text(3) + "\n";
    return plan;
}

} // namespace

TEST_CASE("schema/segments.sql is the segment store's schema after the newest migration") {
    temp_segments store;
    sql::connection on(store.file(), sql::access::read);
    std::ifstream file(WAYBILL_SCHEMA "/segments.sql");
    CHECK(sql::dump_schema(on) == std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST_CASE("The migrations of the segment store can be taken back, to an empty file") {
    temp_segments store;
    store.add(a_segment("a", R"(inSegment("b"))"));
    store.close();
    sql::connection on(store.file(), sql::access::write);
    const auto known = sql::segments_migrations();
    for (auto one = known.rbegin(); one != known.rend(); ++one)
        on.execute(std::string(one->down));
    CHECK(on.integer_of("select count(*) from sqlite_schema") == 0);
}

TEST_CASE("Each statement on definitions finds its rows by an index, and sorts none of them") {
    temp_segments store;
    const auto id = store.add(a_segment("a", R"(inSegment("b"))"));
    sql::connection on(store.file(), sql::access::read);
    const std::vector<std::string> ids{id, "b"};
    REQUIRE(segments::read_definitions(on, acme, ids).size() == 1);
    for (const auto by :
         {segment_query::order::creation_time, segment_query::order::update_time, segment_query::order::name})
        for (const bool descending : {false, true})
            segments::list_definitions(on, 1, acme, {.by = by, .descending = descending});
    segments::count_definitions(on, 1, {});
    segments::segment_named(on, 1, "a");
    const auto statements = on.prepared();
    REQUIRE(statements.size() >= 10);
    for (const auto* const statement : statements) {
        INFO(statement);
        const auto plan = plan_of(on, statement);
        CHECK(plan.find("SCAN") == std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
    }
}

TEST_CASE("The database itself refuses a member with an unknown status, and one that is in two states") {
    temp_segments store;
    store.close();
    sql::connection on(store.file(), sql::access::write);
    on.execute(
        "insert into tenants (org, sandbox) values ('acme', 'prod');"
        "insert into populations (tenant_id, merge_policy) values (1, 'p');"
        "insert into namespaces (folded) values ('crmid');"
        "insert into evaluated_segments (population_id, segment_id, job_id, commit_sequence, evaluated_at) "
        "values (1, 's', 1, 1, 1)");
    const auto insert = [&](const std::string& status, const std::string& identity) {
        on.execute(
            "insert into members (population_id, namespace_id, identity, segment_id, status, qualified_at, "
            "evaluated_at) values (1, 1, '" +
            identity + "', 1, '" + status + "', 1, 1)");
    };
    for (const auto* const status : {"realized", "existing", "exited", "removed"})
        CHECK_NOTHROW(insert(status, status));
    CHECK_THROWS_AS(insert("gone", "x"), store_failure);
    CHECK_THROWS_AS(insert("exited", "realized"), store_failure);
    CHECK_THROWS_AS(insert("exited", ""), store_failure);
}
