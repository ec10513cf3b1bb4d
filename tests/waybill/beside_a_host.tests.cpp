#include <catch2/catch.hpp>

#include <sstream>

#include <waybill/job_store.hpp>
#include <waybill/profile_store.hpp>

#include "support/a_job.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;

namespace {

/// Profiles, and a store with so many jobs that a host, two at a time, has something to do for a while.
void prepare(const temp_directory& dir, int jobs) {
    auto profiles = profile_store::open(dir / "profiles.db").value();
    std::stringstream records;
    for (int i = 0; i < 5'000; ++i)
        records << R"({"crm":")" << i << "\"}\n";
    import_options how;
    how.owner = acme;
    how.dataset_id = "crm";
    how.identities = {parse_identity_path("crm=CRMID:primary").value()};
    REQUIRE(profiles.import_profiles(records, how).value().added == 5'000);
    job_store_options options;
    options.file = dir / "jobs.db";
    auto store = job_store::open(std::move(options)).value();
    for (int i = 0; i < jobs; ++i)
        REQUIRE(store.create(acme, a_job("set" + std::to_string(i % 7))).ok());
}

/// The tool on the files of this directory, and at the host that owns them.
class operators_desk {
  public:
    operators_desk(const temp_directory& dir, const running_host& host) : dir_(dir), host_(host) {}

    program_result at_files(std::vector<std::string> line, const std::vector<std::string>& more = {}) const {
        line.insert(line.end(), {"--store", dir_ / "jobs.db", "--json"});
        line.insert(line.end(), more.begin(), more.end());
        return waybill_tool(line);
    }
    program_result at_host(std::vector<std::string> line) const {
        line.insert(line.end(), {"--url", host_.url(), "--json"});
        return waybill_tool(line, {{}, {"WAYBILL_TOKEN=t0ken", "WAYBILL_API_KEY=k3y"}, {}});
    }

  private:
    const temp_directory& dir_;
    const running_host& host_;
};

const std::vector<std::string> of_acme{"--org", acme.org, "--sandbox", acme.sandbox};

std::int64_t unfinished(const nlohmann::json& counts) {
    return counts["NEW"].get<std::int64_t>() + counts["PROCESSING"].get<std::int64_t>() +
           counts["CANCELLING"].get<std::int64_t>();
}

nlohmann::json good(const program_result& asked) {
    CAPTURE(asked.err, asked.out);
    REQUIRE(asked.code == 0);
    return asked.json();
}

} // namespace

TEST_CASE("Every command looks at a store whose host is at work, again and again, and the host goes on") {
    constexpr int jobs = 60;
    const temp_directory dir;
    prepare(dir, jobs);
    running_host host(dir.path(), {"--insecure-dev", "--running", "2"});
    const operators_desk desk(dir, host);
    std::size_t looks_at_work = 0;
    std::int64_t left = jobs;
    while (left > 0) {
        const auto stats = good(desk.at_files({"stats"}));
        left = unfinished(stats["jobs"]);
        CHECK(stats["owner"]["pid"] == host.pid());
        const auto top = good(desk.at_files({"top", "--once"}));
        if (!top["running"].empty()) ++looks_at_work;
        const auto doctor = good(
            desk.at_files({"doctor"}, {"--profiles", dir / "profiles.db", "--datasets", dir / "datasets"}));
        CHECK(doctor["problems"].empty());
        const auto page = good(desk.at_files({"jobs", "list", "--limit", "3"}, of_acme));
        REQUIRE(page["records"].size() == 3);
        const auto newest = page["records"][0]["id"].dump();
        CHECK(good(desk.at_files({"jobs", "show", newest}, of_acme))["transitions"].size() >= 1);
        CHECK(good(desk.at_files({"migrate", "status"}))["stores"].size() == 1);
    }
    CHECK(looks_at_work > 0);
    CHECK(desk.at_files({"jobs", "cancel", "1"}, of_acme).code == 4);

    const auto totals = good(desk.at_host({"stats"}));
    CHECK(totals["jobs"]["SUCCEEDED"] == jobs);
    CHECK(totals["oldestWaiting"].is_null());
    CHECK(!totals.contains("tenants"));
    CHECK(good(desk.at_host({"top", "--once"}))["running"].is_null());
    auto of_tenant = std::vector<std::string>{"top", "--once"};
    of_tenant.insert(of_tenant.end(), of_acme.begin(), of_acme.end());
    CHECK(good(desk.at_host(of_tenant))["running"].is_array());
    CHECK_THAT(waybill_tool({"top", "--url", host.url()}).out, Contains("add --org"));
    CHECK(host.stop() == 0);
}

TEST_CASE("A host tells a running job to its tenant, and how far it is") {
    const temp_directory dir;
    prepare(dir, 40);
    running_host host(dir.path(), {"--insecure-dev", "--running", "2"});
    const operators_desk desk(dir, host);
    auto line = std::vector<std::string>{"top", "--once"};
    line.insert(line.end(), of_acme.begin(), of_acme.end());
    nlohmann::json seen;
    do {
        seen = good(desk.at_host(line));
    } while (seen["running"].empty() && unfinished(seen["jobs"]) > 0);
    REQUIRE(!seen["running"].empty());
    const auto& job = seen["running"][0];
    CHECK(job["org"] == acme.org);
    CHECK(job["datasetId"].get<std::string>().starts_with("set"));
    CHECK((job["status"] == "PROCESSING" || job["status"] == "CANCELLING"));
    CHECK(job["attempt"].is_null());
    const auto stranger = desk.at_host({"top", "--once", "--org", "somebody-else"});
    CHECK(stranger.json()["running"].empty());
}

TEST_CASE("Credentials are asked for only where a tenant's jobs are looked at") {
    const temp_directory dir;
    prepare(dir, 1);
    const running_host host(dir.path(), {"--insecure-dev"});
    CHECK(waybill_tool({"stats", "--url", host.url()}).code == 0);
    CHECK(waybill_tool({"top", "--url", host.url()}).code == 0);
    const auto refused = waybill_tool({"top", "--url", host.url(), "--org", "acme"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("WAYBILL_TOKEN"));
}
