#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "sql/connection.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using lines = std::vector<std::string>;

lines counts(const import_summary& summary) {
    return {"read " + std::to_string(summary.read), "added " + std::to_string(summary.added),
            "replaced " + std::to_string(summary.replaced), "unchanged " + std::to_string(summary.unchanged),
            "rejected " + std::to_string(summary.rejected)};
}

} // namespace

TEST_CASE("An import counts what it reads, and refuses bad records by line and reason without failing") {
    temp_profiles store;
    const auto got = store.profiles("{\"crm\":\"1\"}\n"
                                    "\n"
                                    "{\"crm\":\"2\"\n"
                                    "[]\n"
                                    "\"text\"\n"
                                    "{\"name\":\"nobody\"}\n"
                                    "{\"crm\":true}\n"
                                    "{\"crm\":\"3\",\"crm\":\"4\"}\n"
                                    "{\"crm\":\"1\",\"x\":\"\xff\"}\n"
                                    "{\"crm\":\"5\"}\n");
    CHECK(counts(got.summary) == lines{"read 9", "added 2", "replaced 0", "unchanged 0", "rejected 7"});
    REQUIRE(got.rejects.size() == 7);
    CHECK(got.rejects[0].substr(0, 3) == "3: ");
    CHECK(got.rejects[1] == "4: expected an object");
    CHECK(got.rejects[2] == "5: expected an object");
    CHECK(got.rejects[3] == "6: the record has no identity, neither in identityMap nor at a declared path");
    CHECK(got.rejects[4] == "7: expected a text or a number at /crm");
    CHECK(got.rejects[5] == "8: the member \"crm\" is there twice (byte 22, /crm)");
    CHECK(got.rejects[6] == "9: expected UTF-8 (byte 17, /x)");
    CHECK(store.selected(a_job()) == lines{"1", "5"});
}

TEST_CASE("An array and lines with the same records give the same profiles") {
    temp_profiles from_lines;
    temp_profiles from_array;
    from_lines.profiles("{\"crm\":\"1\",\"a\":[1,null]}\n{\"crm\":\"2\"}\n");
    const auto got =
        from_array.profiles("\xEF\xBB\xBF [ {\"crm\" : \"1\", \"a\": [1, null ]}\n ,{\"crm\":\"2\"} ]\n");
    CHECK(got.summary.added == 2);
    CHECK(from_lines.rows(a_job()) == from_array.rows(a_job()));
}

TEST_CASE("An array that breaks off is a failure, and what stood before stays") {
    temp_profiles store;
    const auto got = store.profiles("[{\"crm\":\"1\"},\n{\"crm\":\"2\"},\n{\"crm\":");
    CHECK(got.failure == "the array breaks off in line 3");
    CHECK(got.rejects == lines{"3: the array breaks off inside this record"});
    CHECK(store.selected(a_job()) == lines{"1", "2"});
}

TEST_CASE("Null members are dropped at any depth, nulls in arrays stay") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","n":null,"o":{"n":null,"k":[null,{"n":null,"v":1}],"e":{"n":null}}})");
    CHECK(store.only_row(with_fields("n,o")) == R"({"o":{"e":{},"k":[null,{"v":1}]}})");
}

TEST_CASE("A record with a later ingest time replaces the earlier one whole") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","a":1,"b":1})", {.ingest_time = "2024-01-01T00:00:00Z"});
    const auto got = store.profiles(R"({"crm":"1","a":2})", {.ingest_time = "2024-01-02T00:00:00Z"});
    CHECK(got.summary.replaced == 1);
    CHECK(store.only_row(with_fields("crm,a,b")) == R"({"a":2,"crm":"1"})");
}

TEST_CASE("Of records with equal ingest times the later imported stays") {
    temp_profiles store;
    const auto got = store.profiles("{\"crm\":\"1\",\"a\":1}\n{\"crm\":\"1\",\"a\":2}\n");
    CHECK(counts(got.summary) == lines{"read 2", "added 1", "replaced 1", "unchanged 0", "rejected 0"});
    CHECK(store.only_row(with_fields("a")) == R"({"a":2})");
}

TEST_CASE("A record with an earlier ingest time changes nothing") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","a":2})", {.ingest_time = "2024-01-02T00:00:00Z"});
    const auto got = store.profiles(R"({"crm":"1","a":1})", {.ingest_time = "2024-01-01T23:59:59.999Z"});
    CHECK(got.summary.unchanged == 1);
    CHECK(store.only_row(with_fields("a")) == R"({"a":2})");
}

TEST_CASE("The same record again changes nothing, not even when it was ingested") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","a":1})", {.ingest_time = "2024-01-01T00:00:00Z"});
    const auto got =
        store.profiles(R"({ "crm":"1", "n":null, "a":1 })", {.ingest_time = "2024-01-02T00:00:00Z"});
    CHECK(counts(got.summary) == lines{"read 1", "added 0", "replaced 0", "unchanged 1", "rejected 0"});
    auto job = a_job();
    job.filter.emplace().from_ingest_timestamp = "2024-01-01T00:00:00Z";
    CHECK(store.rows(job).empty());
}

TEST_CASE("What a replaced record said of segments and identities is gone") {
    temp_profiles store;
    store.profiles(R"({"crm":"1","loyalty":"L1","segmentMembership":{"ups":{"s":{"status":"realized"}}}})");
    store.profiles(R"({"crm":"1","loyalty":"L2"})");
    sql::connection on(store.file(), sql::access::read);
    CHECK(on.integer_of("select count(*) from memberships") == 0);
    CHECK(on.text_of("select group_concat(identity) from fragment_identities") == "L2");
}

TEST_CASE("An event needs an id, a time and an identity, of two with one id the first stays") {
    temp_profiles store;
    const auto got = store.events(R"({"_id":"e1","timestamp":"2024-05-01T00:00:00Z","crm":"1","v":1})"
                                  "\n"
                                  R"({"_id":"e1","timestamp":"2024-06-01T00:00:00Z","crm":"2","v":2})"
                                  "\n"
                                  R"({"_id":7,"timestamp":"2024-05-01T00:00:00Z","crm":"1"})"
                                  "\n"
                                  R"({"_id":"","timestamp":"2024-05-01T00:00:00Z","crm":"1"})"
                                  "\n"
                                  R"({"_id":"e2","timestamp":"2024-05-01","crm":"1"})"
                                  "\n"
                                  R"({"_id":"e3","crm":"1"})"
                                  "\n"
                                  R"({"_id":"e4","timestamp":"2024-05-01T00:00:00Z"})"
                                  "\n");
    CHECK(counts(got.summary) == lines{"read 7", "added 1", "replaced 0", "unchanged 1", "rejected 5"});
    CHECK(got.rejects ==
          lines{"3: expected a text at /_id", "4: expected a text at /_id",
                "5: expected an RFC 3339 time at /timestamp", "6: expected an RFC 3339 time at /timestamp",
                "7: the record has no identity, neither in identityMap nor at a declared path"});
    // The one that was not taken leaves no profile behind.
    auto job = a_job();
    job.filter.emplace().empty_profiles = true;
    CHECK(store.rows(job).size() == 1);
}

TEST_CASE("The same event id in another dataset is another event") {
    temp_profiles store;
    const std::string event = R"({"_id":"e1","timestamp":"2024-05-01T00:00:00Z","crm":"1"})";
    CHECK(store.events(event, {.dataset = "shop"}).summary.added == 1);
    CHECK(store.events(event, {.dataset = "web"}).summary.added == 1);
    CHECK(store.events(event, {.dataset = "web", .owner = globex}).summary.added == 1);
    CHECK(store.events(event, {.dataset = "web"}).summary.unchanged == 1);
}

TEST_CASE("Options that break a rule are all named, and nothing is imported") {
    temp_profiles store;
    auto open = profile_store::open(store.file());
    REQUIRE(open);
    import_options options;
    options.owner = {"", "prod"};
    options.dataset_id = "a/b";
    options.identities = {{"a..b", "NS", false}, {"a", "", false}};
    std::istringstream input("{}");
    const auto got = open->import_profiles(input, options);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == errc::invalid);
    lines paths;
    for (const auto& one : got.error().findings)
        paths.push_back(one.path);
    CHECK(paths == lines{"/owner", "/datasetId", "/identities/0/path", "/identities/1/namespace"});

    options.owner = acme;
    options.identities.clear();
    for (const auto* const bad : {"", ".", "../x", "a b"}) {
        options.dataset_id = bad;
        CHECK_FALSE(open->import_events(input, options));
    }
    options.dataset_id = std::string(65, 'a');
    CHECK_FALSE(open->import_events(input, options));
    options.dataset_id = std::string(64, 'a');
    CHECK(open->import_events(input, options));
}

TEST_CASE("While one import owns the profile store another one is refused") {
    temp_profiles store;
    const auto first = profile_store::open(store.file());
    REQUIRE(first);
    const auto second = profile_store::open(store.file());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::owned_elsewhere);
}

TEST_CASE("An import tells its progress, the last time at the end") {
    temp_profiles store;
    auto open = profile_store::open(store.file());
    REQUIRE(open);
    std::string text;
    for (int i = 0; i < 12'000; ++i)
        text += "{\"crm\":" + std::to_string(i) + "}\n";
    std::istringstream input(text);
    import_options options;
    options.owner = acme;
    options.dataset_id = "crm";
    options.identities = {*parse_identity_path("crm=CRMID")};
    std::vector<std::int64_t> told;
    std::int64_t bytes = 0;
    options.on_progress = [&](const import_progress& now) {
        told.push_back(now.records);
        bytes = now.bytes;
    };
    REQUIRE(open->import_profiles(input, options));
    CHECK(told.size() >= 12);
    CHECK(std::is_sorted(told.begin(), told.end()));
    CHECK(told.back() == 12'000);
    CHECK(bytes == static_cast<std::int64_t>(text.size()));
}

TEST_CASE("A refused record is handed over whole, so that it can be mended and imported again") {
    temp_profiles store;
    auto open = profile_store::open(store.file());
    REQUIRE(open);
    std::istringstream input('"' + std::string(100'000, 'x') + "\"\n\"short\"\n");
    import_options options;
    options.owner = acme;
    options.dataset_id = "crm";
    std::vector<std::size_t> sizes;
    options.on_reject = [&](const rejected_record& one) { sizes.push_back(one.record.size()); };
    REQUIRE(open->import_profiles(input, options));
    CHECK(sizes == std::vector<std::size_t>{100'002, 7});
}

TEST_CASE("A record nested as deep as the limit is taken, a deeper one refused") {
    temp_profiles store;
    const auto nested = [](std::size_t arrays) {
        return R"({"crm":"1","v":)" + std::string(arrays, '[') + std::string(arrays, ']') + "}\n";
    };
    CHECK(store.profiles(nested(31)).summary.added == 1);
    CHECK(store.profiles(nested(32)).summary.rejected == 1);
}

TEST_CASE(
    "A record that spells one segment namespace in two ways is rejected, but not for one that is null") {
    temp_profiles store;
    const auto got = store.profiles(R"({"crm":"1","segmentMembership":{"ups":{"s":{}},"UPS":{"s":{}}}})"
                                    "\n"
                                    R"({"crm":"2","segmentMembership":{"ups":{"s":{}},"UPS":null}})"
                                    "\n");
    CHECK(counts(got.summary) == lines{"read 2", "added 1", "replaced 0", "unchanged 0", "rejected 1"});
    CHECK(got.rejects == lines{"1: expected each namespace once, whatever its case, at /segmentMembership"});
}
