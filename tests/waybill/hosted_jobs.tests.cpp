#include <catch2/catch.hpp>

#include <waybill/job_store.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;

namespace {

const waybill::tenant acme{"acme", "prod"};

/// The ids of three jobs that have been cancelled, so that a host leaves them as they are.
std::vector<std::string> prepare_jobs(const temp_directory& dir) {
    waybill::job_store_options options;
    options.file = dir / "jobs.db";
    auto store = waybill::job_store::open(options);
    REQUIRE(store.ok());
    std::vector<std::string> ids;
    for (const auto* const dataset : {"first", "second", "third"}) {
        waybill::new_export_job request;
        request.dataset_id = dataset;
        request.schema_name = "_xdm.context.profile";
        const auto job = store->create(acme, request);
        REQUIRE(job.ok());
        REQUIRE(store->cancel(acme, job->id).ok());
        ids.push_back(std::to_string(job->id));
    }
    return ids;
}

class hosted_tool {
  public:
    explicit hosted_tool(const temp_directory& dir)
        : secret_(waybill_tool({"credentials", "add", "--credentials", dir / "credentials.json", "--name",
                                "test", "--org", "acme", "--sandbox", "prod", "--role", "write", "--json"})
                      .json()),
          host_(dir.path(), {"--credentials", dir / "credentials.json"}) {}

    program_result jobs(std::vector<std::string> arguments, const std::string& org = "acme") {
        arguments.insert(arguments.begin(), "jobs");
        arguments.insert(arguments.end(), {"--url", host_.url(), "--org", org, "--json"});
        return waybill_tool(arguments, {{}, environment(), {}});
    }
    std::vector<std::string> environment() const {
        return {"WAYBILL_TOKEN=" + secret_["token"].get<std::string>(),
                "WAYBILL_API_KEY=" + secret_["apiKey"].get<std::string>()};
    }
    running_host& host() { return host_; }

  private:
    nlohmann::json secret_;
    running_host host_;
};

} // namespace

TEST_CASE("A running host is asked for the same lists and jobs as its store") {
    const temp_directory dir;
    const auto ids = prepare_jobs(dir);
    hosted_tool tool(dir);
    const auto page = tool.jobs({"list", "--limit", "2", "--status", "CANCELLED"});
    CAPTURE(page.err);
    REQUIRE(page.code == 0);
    const auto stored = waybill_tool({"jobs", "list", "--limit", "2", "--status", "CANCELLED", "--store",
                                      dir / "jobs.db", "--org", "acme", "--json"});
    CHECK(page.json() == stored.json());
    const auto rest =
        tool.jobs({"list", "--limit", "2", "--after", page.json()["page"]["pageOffset"]}).json();
    REQUIRE(rest["records"].size() == 1);
    CHECK(rest["records"][0]["id"].dump() == ids[0]);

    const auto filtered =
        tool.jobs({"list", "--dataset", "second", "--created-after", "2020-01-01T00:00:00Z"});
    CAPTURE(filtered.err);
    REQUIRE(filtered.code == 0);
    REQUIRE(filtered.json()["records"].size() == 1);
    CHECK(filtered.json()["records"][0]["id"].dump() == ids[1]);
    CHECK(tool.jobs({"list", "--segment", "a&b=c"}).json()["records"].empty());
    CHECK(tool.jobs({"list", "--created-before", "1000"}).json()["records"].empty());

    const auto shown = tool.jobs({"show", ids[1]}).json();
    CHECK(shown["job"]["destination"]["datasetId"] == "second");
    CHECK(shown["batches"].size() == 1);
    CHECK(!shown.contains("transitions"));
    CHECK(tool.host().stop() == 0);
}

TEST_CASE("A host that owns the store cancels, where the store itself refuses") {
    const temp_directory dir;
    const auto ids = prepare_jobs(dir);
    hosted_tool tool(dir);
    const auto refused =
        waybill_tool({"jobs", "cancel", ids[0], "--store", dir / "jobs.db", "--org", "acme"});
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains(std::to_string(tool.host().pid())));
    const auto cancelled = tool.jobs({"cancel", ids[0]});
    CAPTURE(cancelled.err);
    CHECK(cancelled.code == 0);
    CHECK(cancelled.json()["outcome"] == "cancelled");
}

TEST_CASE("A host tries an ended job again for the tool, where the store itself refuses") {
    const temp_directory dir;
    const auto ids = prepare_jobs(dir);
    hosted_tool tool(dir);
    const auto refused = waybill_tool({"jobs", "retry", ids[0], "--store", dir / "jobs.db", "--org", "acme"});
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains("waybill jobs retry ID --url"));
    const auto made = tool.jobs({"retry", ids[0]});
    CAPTURE(made.err);
    REQUIRE(made.code == 0);
    CHECK(made.json()["retryOf"].dump() == ids[0]);
    const auto again = tool.jobs({"retry", ids[0]});
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Contains("409") && Contains("tried again already"));
    CHECK(tool.jobs({"retry", "999999"}).code == 3);
}

TEST_CASE("What a host refuses keeps its own words and its kind of exit code") {
    const temp_directory dir;
    prepare_jobs(dir);
    hosted_tool tool(dir);
    CHECK(tool.jobs({"show", "999999"}).code == 3);
    CHECK(tool.jobs({"cancel", "999999"}).code == 3);
    const auto foreign = tool.jobs({"list"}, "somebody-else");
    CHECK(foreign.code == 1);
    CHECK_THAT(foreign.err, Contains("403") && Contains("Profile is not valid"));
    const auto stranger = waybill_tool({"jobs", "list", "--url", tool.host().url(), "--org", "acme"},
                                       {{}, {"WAYBILL_TOKEN=wrong", "WAYBILL_API_KEY=wrong"}, {}});
    CHECK(stranger.code == 1);
    CHECK_THAT(stranger.err, Contains("401"));
}
