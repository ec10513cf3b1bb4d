#include <catch2/catch.hpp>

#include <fstream>

#include "segments/member_rows.hpp"
#include "segments/staged_memberships.hpp"
#include "sql/connection.hpp"
#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;
using segments::member;
using segments::membership_change;

namespace {

const timestamp run_at{std::chrono::milliseconds{1'700'000'000'000}};

struct staged_for_store {
    temp_segments store{};
    temp_directory directory{};

    std::filesystem::path stage(const std::vector<membership_change>& changes) const {
        std::string text;
        append_line(text, segments::staged_evaluation{"mp", run_at, {"a", "b"}});
        for (const auto& change : changes)
            append_line(text, change);
        const auto file = directory / "memberships";
        std::ofstream(file, std::ios::trunc) << text;
        return file;
    }
    sql::connection reader() const { return {store.file(), sql::access::read}; }
    std::vector<member> members_of(const std::string& identity) const {
        auto on = reader();
        std::vector<member> found;
        const auto population = segments::find_population(on, acme, "mp");
        const auto names = segments::identity_namespaces(on);
        if (population && names.contains("crmid"))
            segments::read_members_of(on, *population, names.at("crmid"), identity, found);
        return found;
    }
    std::int64_t changes() const { return reader().integer_of("select count from changes"); }
};

membership_change entered(const std::string& identity, std::size_t segment = 0) {
    return {"crmid", identity, segment, false, membership_status::realized, run_at, {}};
}

} // namespace

TEST_CASE("Staged memberships are taken over once, each segment in the order of its publications") {
    staged_for_store s;
    s.store->take_memberships(acme, 7, 3, s.stage({entered("1"), entered("1", 1)}));
    REQUIRE(s.members_of("1").size() == 2);
    CHECK(s.members_of("1")[0].status == membership_status::realized);
    CHECK(s.members_of("1")[0].evaluated_at == run_at);
    const auto exit = membership_change{"crmid", "1", 0, false, membership_status::exited, run_at, {}};
    s.store->take_memberships(acme, 7, 3, s.stage({exit}));
    s.store->take_memberships(acme, 6, 2, s.stage({exit}));
    CHECK(s.members_of("1")[0].status == membership_status::realized);
    s.store->take_memberships(acme, 8, 4, s.stage({exit, {"crmid", "1", 1, true, {}, {}, {}}}));
    REQUIRE(s.members_of("1").size() == 1);
    CHECK(s.members_of("1")[0].status == membership_status::exited);
}

TEST_CASE("Readers can tell that memberships were taken over") {
    staged_for_store s;
    const auto before = s.changes();
    s.store->take_memberships(acme, 7, 3, s.stage({entered("1")}));
    CHECK(s.changes() > before);
}

TEST_CASE("Memberships that cannot be read to their end are not taken over at all") {
    staged_for_store s;
    const auto file = s.stage({entered("1")});
    std::ofstream(file, std::ios::app) << "[\"crmid\"";
    CHECK_THROWS_AS(s.store->take_memberships(acme, 7, 3, file), store_failure);
    CHECK(s.members_of("1").empty());
    s.store->take_memberships(acme, 7, 3, s.stage({entered("1")}));
    CHECK(s.members_of("1").size() == 1);
}
