#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using nlohmann::json;

namespace {

const std::vector<std::string> files{"crm.ndjson", "loyalty.ndjson", "web.ndjson", "events.ndjson",
                                     "segments.json"};

void generate(const std::filesystem::path& out, const std::string& seed, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--people", "500", "--seed", seed, "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run(WAYBILL_GENERATE, arguments).code == 0);
}

std::vector<json> records_of(const std::filesystem::path& file) {
    std::vector<json> records;
    for (const auto& line : lines_of(file))
        records.push_back(json::parse(line));
    return records;
}

std::string primary_of(const json& record) {
    if (record.contains("_acme") && record["_acme"]["systemIdentifier"].contains("crmId"))
        return "CRMID " + record["_acme"]["systemIdentifier"]["crmId"].get<std::string>();
    if (record.contains("_acme"))
        return "LOYALTYID " + record["_acme"]["systemIdentifier"]["loyaltyId"].get<std::string>();
    return "ECID " + record["identityMap"]["ECID"][0]["id"].get<std::string>();
}

} // namespace

TEST_CASE("The same arguments give the same bytes, and another seed gives others") {
    const temp_directory dir;
    generate(dir / "a", "7");
    generate(dir / "b", "7");
    generate(dir / "c", "8");
    for (const auto& file : files) {
        CAPTURE(file);
        CHECK(read_file(dir / "a" / file) == read_file(dir / "b" / file));
        CHECK(read_file(dir / "a" / file) != read_file(dir / "c" / file));
    }
}

TEST_CASE("The bytes of a seed stay what they are from one build and machine to the next") {
    const temp_directory dir;
    generate(dir / "a", "7");
    CHECK(lines_of(dir / "a/segments.json")
              .at(1)
              .starts_with(R"({"segmentId":"52d4553a-b65a-4fdb-bcb6-0775434ac650","segmentNs":"ups")"));
    CHECK(primary_of(records_of(dir / "a/crm.ndjson").at(0)) == "CRMID d552248353e3299e");
}

TEST_CASE("The listing counts what the files hold") {
    const temp_directory dir;
    generate(dir / "a", "7", {"--segments", "10"});
    const auto listing = json::parse(read_file(dir / "a/segments.json"));

    std::map<std::string, int> members;
    for (const auto& record : records_of(dir / "a/crm.ndjson")) {
        const auto memberships = record.value("segmentMembership", json::object());
        for (const auto& [ns, segments] : memberships.items())
            for (const auto& [id, membership] : segments.items()) {
                const auto status = membership["status"].get<std::string>();
                const auto year = membership["lastQualificationTime"].get<std::string>().substr(0, 4);
                ++members[ns + " " + id + " " + status];
                ++members[ns + " " + id + " " + status + " " + year];
            }
    }
    std::set<std::string> seen;
    for (const auto& segment : listing["segments"])
        for (const auto* const status : {"realized", "existing", "exited"}) {
            const auto key = segment["segmentNs"].get<std::string>() + " " +
                             segment["segmentId"].get<std::string>() + " " + status;
            CAPTURE(key);
            CHECK(segment["members"][status] == members[key]);
            CHECK(segment["byYear"]["2024"][status] == members[key + " 2024"]);
            CHECK(segment["byYear"]["2025"][status] == members[key + " 2025"]);
            if (members[key] > 0) seen.insert(status + segment["segmentNs"].get<std::string>());
        }
    CHECK(seen.size() == 6); // three statuses in two namespaces
    CHECK(listing["segments"].size() == 13);

    std::set<std::string> profiles, with_events;
    for (const auto* const file : {"crm.ndjson", "loyalty.ndjson", "web.ndjson"}) {
        const auto records = records_of(dir / "a" / file);
        CHECK(listing["records"][std::string(file).substr(0, std::string(file).find('.'))] == records.size());
        for (const auto& record : records)
            profiles.insert(primary_of(record));
    }
    std::set<std::string> event_ids;
    for (const auto& event : records_of(dir / "a/events.ndjson")) {
        with_events.insert(primary_of(event));
        event_ids.insert(event["_id"]);
    }
    CHECK(listing["records"]["events"] == event_ids.size());
    CHECK(listing["profiles"]["none"] == profiles.size());
    CHECK(listing["profiles"]["pdg"] == 500);
    for (const auto& profile : profiles)
        with_events.erase(profile);
    CHECK(listing["profiles"]["eventsOnly"] == with_events.size());
    CHECK(with_events.size() > 0);
}

TEST_CASE("About a fifth of the people are linked by shared identities only, and the first segment is the "
          "largest") {
    const temp_directory dir;
    generate(dir / "a", "7");
    const auto listing = json::parse(read_file(dir / "a/segments.json"));
    const auto linked = (listing["profiles"]["none"].get<int>() - 500) / 2;
    CHECK(linked > 60);
    CHECK(linked < 140);
    CHECK(listing["segments"][0]["members"]["existing"] >
          3 * listing["segments"][9]["members"]["existing"].get<int>());

    // What links them: the CRM record shares one identity with each of the others.
    std::set<std::string> shared;
    for (const auto& record : records_of(dir / "a/crm.ndjson")) {
        shared.insert(record["_acme"]["systemIdentifier"].value("loyaltyId", std::string()));
        shared.insert(record["identityMap"]["Email"][0]["id"].get<std::string>());
    }
    for (const auto& record : records_of(dir / "a/loyalty.ndjson"))
        if (primary_of(record).starts_with("LOYALTYID"))
            CHECK(shared.count(record["_acme"]["systemIdentifier"]["loyaltyId"]) == 1);
    for (const auto& record : records_of(dir / "a/web.ndjson"))
        if (primary_of(record).starts_with("ECID"))
            CHECK(shared.count(record["identityMap"]["Email"][0]["id"]) == 1);
}

TEST_CASE("An import of everything generated adds every record and rejects none") {
    const temp_directory dir;
    generate(dir / "a", "7");
    const auto listing = json::parse(read_file(dir / "a/segments.json"));
    for (const auto* const dataset : {"crm", "loyalty", "web", "events"}) {
        const auto imported = waybill_tool(
            {dataset == std::string("events") ? "events" : "profiles", "import",
             dir / "a" / (std::string(dataset) + ".ndjson"), "--profiles", dir / "profiles.db", "--dataset",
             dataset, "--org", "acme", "--identity", "_acme.systemIdentifier.crmId=CRMID:primary",
             "--identity", "_acme.systemIdentifier.loyaltyId=LOYALTYID", "--json"});
        CAPTURE(dataset, imported.err);
        REQUIRE(imported.code == 0);
        CHECK(imported.json()["added"] == listing["records"][dataset]);
        CHECK(imported.json()["rejected"] == 0);
    }
}

TEST_CASE("The generator fails when it cannot write") {
    const temp_directory dir;
    write_file(dir / "file", "");
    const auto result = run(WAYBILL_GENERATE, {"--people", "1", "--out", dir / "file"});
    CHECK(result.code == 1);
    CHECK_THAT(result.err, Catch::Contains("file"));
}
