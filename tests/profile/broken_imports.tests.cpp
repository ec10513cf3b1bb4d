// Imports that end before their time, killed at one moment after the other, and are run again.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sql/connection.hpp"
#include "support/killed.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr int people = 2'600;
constexpr int in_a_transaction = 500;

std::string fragments() {
    std::string text;
    for (int i = 0; i < people; ++i) {
        if (i % 230 == 7) text += "{\"crm\":\n"; // refused, which is a moment to be killed at
        text += "{\"crm\":\"" + std::to_string(i * 7 % people) + "\",\"loyalty\":\"L" +
                std::to_string(i / 3) + R"(","segmentMembership":{"ups":{"s)" + std::to_string(i % 5) +
                R"(":{"status":"realized"}}}})" + "\n";
    }
    return text;
}

std::string events() {
    std::string text;
    for (int i = 0; i < people; ++i) {
        if (i % 230 == 7) text += "{}\n";
        text += R"({"_id":"e)" + std::to_string(i) + R"(","timestamp":"2024-05-01T00:00:00Z","crm":")" +
                std::to_string(i / 2) + "\",\"loyalty\":\"L" + std::to_string(i) + "\"}\n";
    }
    return text;
}

import_summary import(
    const std::filesystem::path& file, const std::string& text, bool of_events,
    const kill_point& reached = [] {}) {
    auto store = profile_store::open(file);
    import_options options;
    options.owner = acme;
    options.dataset_id = of_events ? "web" : "crm";
    options.identities = {*parse_identity_path("crm=CRMID"), *parse_identity_path("loyalty=LOYALTYID")};
    options.ingest_time = at("2024-01-01T00:00:00Z");
    options.threads = 1;
    options.on_reject = [&](const rejected_record&) { reached(); };
    options.on_progress = [&](const import_progress&) { reached(); };
    options.commit_every = in_a_transaction;
    std::istringstream input(text);
    return (of_events ? store->import_events(input, options) : store->import_profiles(input, options))
        .value();
}

/// All rows of all tables with all that is in them.
std::string all_rows(const std::filesystem::path& file) {
    sql::connection on(file, sql::access::read);
    std::string all;
    for (const auto* const rows :
         {"select group_concat(id || org || sandbox) from (select * from tenants order by id)",
          "select group_concat(id || name) from (select * from datasets order by id)",
          "select group_concat(id || folded || name) from (select * from namespaces order by id)",
          "select group_concat(id || namespace_folded || name) from (select * from segments order by id)",
          "select group_concat(id || ' ' || namespace_id || ' ' || identity) from (select * from profiles "
          "order by id)",
          "select group_concat(id || ' ' || profile_id || ' ' || dataset_id || ' ' || ingest_time || "
          "identity_map || "
          "record) from (select * from fragments order by id)",
          "select group_concat(fragment_id || ' ' || namespace_id || ' ' || identity) from (select * from "
          "fragment_identities order by 1, 2, 3)",
          "select group_concat(segment_id || ' ' || profile_id || ' ' || fragment_id || status) from (select "
          "* from "
          "memberships order by 1, 2, 3)",
          "select group_concat(id || ' ' || dataset_id || ' ' || event_id || ' ' || profile_id || ' ' || "
          "occurred_at || "
          "' ' || ingest_time || record) from (select * from events order by id)",
          "select group_concat(event_id || ' ' || namespace_id || ' ' || identity) from (select * from "
          "event_identities order by 1, 2, 3)"})
        all += on.text_of(std::string("select coalesce((") + rows + "), '')") + '\n';
    return all;
}

} // namespace

TEST_CASE("An import that is killed at any moment and run again ends as if it had run once") {
    const bool of_events = GENERATE(false, true);
    const auto text = of_events ? events() : fragments();
    const temp_directory once(fast_place());
    const auto undisturbed = import(once / "profiles.db", text, of_events);
    CHECK(undisturbed.added == people);
    const auto expected = all_rows(once / "profiles.db");
    std::int64_t passed_at_most = 0;
    int moments = 0;
    for (bool killed = true; killed;) {
        INFO("killed at moment " << ++moments);
        const temp_directory place(fast_place());
        const auto file = place / "profiles.db";
        killed =
            killed_at(moments, [&](const kill_point& reached) { import(file, text, of_events, reached); });
        const auto again = import(file, text, of_events);
        CHECK(again.added + again.unchanged == people);
        CHECK(again.replaced == 0);
        if (killed) passed_at_most = std::max(passed_at_most, again.unchanged);
        CHECK((all_rows(file) == expected)); // too long to be printed
    }
    CHECK(moments > 12);
    CHECK(passed_at_most > 2'000); // what had been committed before
}

TEST_CASE("An array that breaks off and is imported whole afterwards ends as if it had been so at once") {
    const temp_directory place(fast_place());
    std::string whole = "[";
    for (int i = 0; i < 3'000; ++i)
        whole += std::string(i == 0 ? "" : ",") + "{\"crm\":\"" + std::to_string(i) + "\"}";
    whole += ']';
    import(place / "once.db", whole, false);
    for (const std::size_t size : {std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
        INFO("after byte " << size);
        const auto file = place / (std::to_string(size) + ".db");
        CHECK_THROWS(import(file, whole.substr(0, size), false));
        import(file, whole, false);
        CHECK((all_rows(file) == all_rows(place / "once.db")));
    }
}
