#include <catch2/catch.hpp>

#include <optional>

#include <unistd.h>

#include <waybill/job_owner.hpp>
#include <waybill/job_store.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const waybill::tenant acme{"acme", "prod"};

waybill::new_export_job a_request(const std::string& dataset = "everybody") {
    waybill::new_export_job request;
    request.dataset_id = dataset;
    request.schema_name = "_xdm.context.profile";
    request.filter.emplace().segments = {{"seg-1", "ups"}, {"seg-2", "AdCloud"}};
    request.segment_per_batch = true;
    return request;
}

/// A store that this process owns until it is let go.
class owned_store {
  public:
    explicit owned_store(const temp_directory& dir) {
        waybill::job_store_options options;
        options.file = dir / "jobs.db";
        auto opened = waybill::job_store::open(options);
        REQUIRE(opened.ok());
        store_.emplace(std::move(opened).value());
    }
    waybill::job_store& operator*() { return *store_; }
    waybill::job_store* operator->() { return &*store_; }
    std::string create(const std::string& dataset = "everybody") {
        return std::to_string(store_->create(acme, a_request(dataset))->id);
    }
    void let_go() { store_.reset(); }

  private:
    std::optional<waybill::job_store> store_;
};

program_result jobs(const temp_directory& dir, std::vector<std::string> arguments, bool as_json = true) {
    arguments.insert(arguments.begin(), "jobs");
    arguments.insert(arguments.end(), {"--store", dir / "jobs.db", "--org", "acme", "--sandbox", "prod"});
    if (as_json) arguments.emplace_back("--json");
    return waybill_tool(arguments);
}

} // namespace

TEST_CASE("Jobs are listed page by page beside the process that owns the store") {
    const temp_directory dir;
    owned_store store(dir);
    const auto first = store.create("first"), second = store.create("second"), third = store.create("third");
    REQUIRE((*store).cancel(acme, std::stoll(second)).ok());

    auto page = jobs(dir, {"list", "--limit", "2"}).json();
    REQUIRE(page["records"].size() == 2);
    CHECK(page["records"][0]["id"].dump() == third);
    CHECK(page["records"][1]["status"] == "CANCELLED");
    CHECK_THAT(page["link"]["next"].get<std::string>(), Contains("limit=2"));
    const auto after = page["page"]["pageOffset"].get<std::string>();
    page = jobs(dir, {"list", "--limit", "2", "--after", after}).json();
    REQUIRE(page["records"].size() == 1);
    CHECK(page["records"][0]["id"].dump() == first);
    CHECK(page["link"]["next"] == "");

    CHECK(jobs(dir, {"list", "--status", "CANCELLED,FAILED"}).json()["records"].size() == 1);
    CHECK(jobs(dir, {"list", "--status", "NEW"}).json()["records"].size() == 2);

    const auto ids_of = [&](std::vector<std::string> filter) {
        filter.insert(filter.begin(), "list");
        std::vector<std::string> ids;
        const auto listed = jobs(dir, filter);
        CAPTURE(listed.err);
        REQUIRE(listed.code == 0);
        const auto seen = listed.json();
        for (const auto& job : seen["records"])
            ids.push_back(job["id"].dump());
        return ids;
    };
    using ids = std::vector<std::string>;
    CHECK(ids_of({"--dataset", "second"}) == ids{second});
    CHECK(ids_of({"--segment", "seg-2"}) == ids{third, second, first});
    CHECK(ids_of({"--segment", "seg-2", "--dataset", "third", "--status", "NEW"}) == ids{third});
    CHECK(ids_of({"--segment", "seg-9"}).empty());
    const auto created = store->find(acme, std::stoll(first))->creation_time;
    CHECK(ids_of({"--created-before", waybill::to_rfc3339(created)}).empty());
    CHECK(ids_of({"--created-after", waybill::to_rfc3339(created)}).size() == 3);
    const auto later = std::to_string(created.time_since_epoch().count() + 3'600'000);
    CHECK(ids_of({"--created-after", later}).empty());
    CHECK(ids_of({"--created-before", later}).size() == 3);

    const auto shown = jobs(dir, {"list", "--limit", "1"}, false);
    CHECK(shown.code == 0);
    CHECK_THAT(shown.out, Contains("third") && Contains("NEW") && Contains("ups:seg-1 and 1 more"));
    CHECK_THAT(shown.out, Contains("More follow: --after ") && !Contains("\033"));
}

TEST_CASE("A job is shown with its batches, its errors and its whole life") {
    const temp_directory dir;
    owned_store store(dir);
    const auto id = store.create();
    auto& owner = store->owner();
    const auto claimed = owner.claim(1, [](const auto&) { return std::optional<waybill::job_error>(); });
    REQUIRE(claimed.size() == 1);
    REQUIRE(owner.fail(claimed[0].key,
                       {{"0100000003", "Error in Export Job", ""}, {"unknown", "It\033[2Jbroke", "x"}},
                       "lifecycle", "the engine failed"));

    const auto shown = jobs(dir, {"show", id}).json();
    CHECK(shown["job"]["id"].dump() == id);
    CHECK(shown["job"]["status"] == "FAILED");
    CHECK(shown["job"]["errors"][1]["msg"] == "It\033[2Jbroke");
    REQUIRE(shown["batches"].size() == 2);
    CHECK(shown["batches"][1]["segmentNs"] == "AdCloud");
    CHECK(shown["batches"][1]["batchId"].get<std::string>().size() == 32);
    REQUIRE(shown["transitions"].size() == 3);
    CHECK(shown["transitions"][0]["from"].is_null());
    CHECK(shown["transitions"][2]["to"] == "FAILED");
    CHECK(shown["transitions"][2]["reason"] == "the engine failed");

    const auto text = jobs(dir, {"show", id}, false).out;
    CHECK_THAT(text, Contains("AdCloud:seg-2") && Contains("0100000003") && Contains("the engine failed"));
    CHECK_THAT(text, !Contains("\033"));
}

TEST_CASE("A job that runs again is shown with how far it is and what became of each attempt") {
    const temp_directory dir;
    owned_store store(dir);
    const auto id = store.create();
    auto& owner = store->owner();
    const auto claim = [&] {
        return owner.claim(1, [](const auto&) { return std::optional<waybill::job_error>(); }).at(0).key;
    };
    REQUIRE(owner.put_back(claim(), {.reason = "there was no space left"}));
    const auto second = claim();
    waybill::job_metrics metrics;
    metrics.exported = 1'500;
    metrics.candidates = 10'000;
    metrics.looked_at = 2'500;
    REQUIRE(owner.note_progress(second, "engine-2", metrics));
    const auto text = jobs(dir, {"show", id}, false).out;
    CHECK_THAT(text, Contains("25 % of 10,000") && Contains("1,500"));
    CHECK_THAT(text, Contains("NEW               1  lifecycle  there was no space left"));
    CHECK_THAT(text, Contains("PROCESSING        2  lifecycle"));
}

TEST_CASE("A waiting job is cancelled in a store that nobody owns, and its end says who did it") {
    const temp_directory dir;
    owned_store store(dir);
    const auto id = store.create();
    store.let_go();
    const auto cancelled = jobs(dir, {"cancel", id});
    REQUIRE(cancelled.code == 0);
    CHECK(cancelled.json()["outcome"] == "cancelled");
    CHECK(jobs(dir, {"show", id}).json()["transitions"].back()["actor"] == "admin");
    CHECK(jobs(dir, {"cancel", id}).json()["outcome"] == "repeated");
    CHECK_THAT(jobs(dir, {"cancel", id}, false).out, Contains(id));
}

TEST_CASE("Cancelling in an owned store is refused, names the owner and hints at its address") {
    const temp_directory dir;
    owned_store store(dir);
    const auto id = store.create();
    const auto refused = jobs(dir, {"cancel", id});
    CHECK(refused.code == 4);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, Contains(std::to_string(::getpid())) && Contains("--url"));
    CHECK(store->find(acme, std::stoll(id))->status == waybill::job_status::new_);
}

TEST_CASE("A missing job and another tenant's job are both not found") {
    const temp_directory dir;
    owned_store store(dir);
    const auto foreign = std::to_string(store->create({"other", "prod"}, a_request())->id);
    store.let_go();
    for (const auto* const verb : {"show", "cancel"}) {
        const auto missing = jobs(dir, {verb, "999999"});
        CHECK(missing.code == 3);
        CHECK(missing.out.empty());
        CHECK(jobs(dir, {verb, foreign}).code == 3);
    }
    CHECK(jobs(dir, {"list"}).json()["records"].empty());
}

TEST_CASE("No command on jobs creates a store") {
    const temp_directory dir;
    CHECK(jobs(dir, {"list"}).code == 3);
    CHECK(jobs(dir, {"show", "1"}).code == 3);
    CHECK(jobs(dir, {"cancel", "1"}).code == 3);
    CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("An ended job is tried again in a store that nobody owns") {
    const temp_directory dir;
    std::string id;
    {
        owned_store store(dir);
        id = store.create();
        REQUIRE((*store).cancel(acme, std::stoll(id)).ok());
    }
    const auto shown = jobs(dir, {"retry", id}, false);
    CAPTURE(shown.err);
    REQUIRE(shown.code == 0);
    const auto second = std::to_string(std::stoll(id) + 1);
    CHECK(shown.out == "job " + id + ": tried again as job " + second + "\n");
    CHECK(jobs(dir, {"show", id}).json()["job"]["retriedBy"].dump() == second);
    const auto made = jobs(dir, {"show", second}).json();
    CHECK(made["job"]["retryOf"].dump() == id);
    CHECK(made["transitions"][0]["actor"] == "admin");
    CHECK(jobs(dir, {"retry", id}).code == 1);
    CHECK(jobs(dir, {"retry", "999"}).code == 3);
}

TEST_CASE("What is asked of a store is told with whoever asked for it, page by page, and of one job") {
    const temp_directory dir;
    owned_store store(dir);
    const auto first = store.create();
    const auto second = store.create();
    store.let_go();
    REQUIRE(jobs(dir, {"cancel", first}).code == 0);
    REQUIRE(jobs(dir, {"retry", first}).code == 0);
    REQUIRE(jobs(dir, {"cancel", second}).code == 0);
    const auto audit = [&dir](std::vector<std::string> more) {
        std::vector<std::string> arguments{"audit", "list", "--store", dir / "jobs.db"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return waybill_tool(arguments);
    };
    auto page = json::parse(audit({"--json", "--limit", "3"}).out);
    REQUIRE(page.at("entries").size() == 3);
    CHECK(page.at("entries").at(0).at("action") == "cancel");
    CHECK(page.at("entries").at(0).at("jobId") == std::stoll(second));
    CHECK(page.at("entries").at(0).at("org") == "acme");
    CHECK(page.at("entries").at(0).at("actor").get<std::string>().starts_with("waybill:"));
    CHECK(page.at("entries").at(2).at("action") == "retry");
    page = json::parse(audit({"--json", "--before", page.at("next").dump()}).out);
    REQUIRE(page.at("entries").size() == 1);
    CHECK(page.at("next").is_null());
    CHECK(json::parse(audit({"--json", "--job", first}).out).at("entries").size() == 2);
    CHECK(json::parse(audit({"--json", "--org", "globex"}).out).at("entries").empty());
    CHECK_THAT(audit({}).out, Contains("ACTOR") && Contains("waybill:") && Contains("cancel"));
    CHECK(audit({"--sandbox", "dev"}).code == 2);
}
