#include <catch2/catch.hpp>

#include <deque>
#include <fstream>
#include <iterator>
#include <string>

#include "sql/connection.hpp"
#include "sql/migration.hpp"
#include "sql/migrator.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("schema/profiles.sql is the profile store's schema after the newest migration") {
    temp_profiles store;
    store.profiles("");
    sql::connection on(store.file(), sql::access::read);
    std::ifstream file(WAYBILL_SCHEMA "/profiles.sql");
    CHECK(sql::dump_schema(on) == std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST_CASE("The migrations of the profile store can be taken back, to an empty file") {
    temp_profiles store;
    store.profiles(R"({"crm":"1"})");
    sql::connection on(store.file(), sql::access::write);
    const auto known = sql::profiles_migrations();
    for (auto one = known.rbegin(); one != known.rend(); ++one)
        on.execute(std::string(one->down));
    CHECK(on.integer_of("select count(*) from sqlite_schema") == 0);
}

TEST_CASE("Exports find what they read by an index, and sort nothing but one profile's rows") {
    temp_profiles store;
    store.profiles("");
    sql::connection on(store.file(), sql::access::read);
    std::deque<std::string> statements; // a connection knows them by their addresses
    const auto plan = [&](const std::string& sql) {
        std::string text;
        auto rows = on.prepare(statements.emplace_back("explain query plan " + sql).c_str());
        while (rows.step())
            text += rows.text(3) + "\n";
        return text;
    };
    const auto searches = [](const std::string& text) {
        return text.find("SCAN") == std::string::npos && text.find("SEARCH") != std::string::npos;
    };
    const auto members =
        plan("select profile_id from memberships where segment_id = 1 and profile_id > 2 and "
             "status in ('realized', 'existing', null) group by profile_id order by profile_id limit 9");
    CHECK(searches(members));
    CHECK(members.find("TEMP B-TREE") == std::string::npos);
    const auto profiles = plan("select id from profiles where tenant_id = 1 and id > 2 order by id limit 9");
    CHECK(searches(profiles));
    CHECK(profiles.find("TEMP B-TREE") == std::string::npos);
    CHECK(searches(plan("select record from fragments where profile_id = 1 order by ingest_time, id")));
    CHECK(searches(
        plan("select record from events where profile_id = 1 and ingest_time > 2 and ingest_time < 3 "
             "order by occurred_at, event_id, id")));
    CHECK(searches(plan("delete from fragments where id = 1")));
    for (const auto* walk :
         {"select record from fragments where profile_id >= 1 order by profile_id",
          "select record from events where profile_id = 1 order by occurred_at",
          "select record from events where profile_id >= 1 order by profile_id, occurred_at"}) {
        CHECK(searches(plan(walk)));
        CHECK(plan(walk).find("TEMP B-TREE") == std::string::npos);
    }
}
