// Nothing of one tenant is ever visible to another (contract 1.1): each verb, cursor, filter, key, stream and
// file of one is tried by others, and whatever one does changes nothing of what another sees.
#include <random>

#include <catch2/catch.hpp>

#include "client.hpp"

using namespace waybill::test;

namespace {

const std::string batches_path = "/data/foundation/export/batches/";
const std::string files_path = "/data/foundation/export/files/";
const std::string segments_path = "/data/core/ups/segment/definitions";
const headers as_json{{"Content-Type", "application/json"}};

std::string definition_of(const std::string& id) {
    return R"({"id":")" + id + R"(","name":")" + id +
           R"(","schema":{"name":"x"},"expression":{"type":"PQL","format":"pql/text","value":"a = 1"}})";
}

const std::string a_profile = R"({"identityMap":{"CRMID":[{"id":"1","primary":true}]}})";

std::string request(const std::string& dataset, const std::string& segment) {
    return R"({"destination":{"datasetId":")" + dataset +
           R"("},"schema":{"name":"x"},"filter":{"segments":[{"segmentId":")" + segment +
           R"("}],"emptyProfiles":true}})";
}

struct asked {
    std::string method;
    std::string target;
    headers with{};
    std::string body{};
};

/// What a client sees of an answer, but for the time of day.
std::string seen(const answer& got) {
    std::string text = std::to_string(got.status) + '\n';
    for (const auto& [name, value] : got.headers)
        if (name != "date") text += name + ": " + value + '\n';
    return text + got.body;
}

/// One who asks, always under the same request id, so that answers can be compared.
class asker {
  public:
    asker(const running_host& host, std::string org, std::string sandbox = "prod")
        : host_(host), org_(std::move(org)), sandbox_(std::move(sandbox)) {}

    answer ask(const asked& what) const {
        auto with = speaking_for(org_, what.with);
        with.emplace_back("x-sandbox-name", sandbox_);
        with.emplace_back("x-request-id", "same");
        return host_.connect().ask(what.method, what.target, with, what.body);
    }
    answer get(const std::string& target) const { return ask({"GET", target}); }
    nlohmann::json create(const std::string& dataset, headers with = {},
                          const std::string& segment = "s-acme") const {
        with.emplace_back("Content-Type", "application/json");
        const auto made = ask({"POST", jobs_path, with, request(dataset, segment)});
        REQUIRE(made.status == 200);
        return made.json();
    }
    /// A job that is over, with its batch in place.
    nlohmann::json exported(const std::string& dataset) const {
        const auto path = path_of(create(dataset, {{"Idempotency-Key", "once-" + dataset}}));
        // Without If-None-Match it answers when the job is final.
        auto done = ask({"GET", path, {{"Prefer", "wait=60"}}}).json();
        REQUIRE(done.at("status") == "SUCCEEDED");
        return done;
    }
    void define(const std::string& id) const {
        REQUIRE(ask({"POST", segments_path, as_json, definition_of(id)}).status == 200);
    }
    static std::string path_of(const nlohmann::json& job) {
        return jobs_path + '/' + std::to_string(job.at("id").get<std::int64_t>());
    }

  private:
    const running_host& host_;
    std::string org_;
    std::string sandbox_;
};

/// Everything that one tenant has, and how it is asked for.
struct possession {
    nlohmann::json job;
    std::string batch;
    std::string file;
    std::string segment = "their-own";

    explicit possession(const asker& whose)
        : job(whose.exported("people")), batch(job.at("destination").at("batchId")) {
        file = whose.get(batches_path + batch + "/files").json().at("data").at(0).at("dataSetFileId");
        whose.define(segment);
    }
    /// The same for things that nobody has.
    possession missing() const {
        auto other = *this;
        other.job["id"] = 999'999;
        other.segment = "nobodys";
        other.batch.replace(16, 12, "0000000f423f"); // the job's place in a batch id
        other.file.replace(16, 12, "0000000f423f");
        return other;
    }
    std::vector<asked> everything() const {
        const auto path = asker::path_of(job);
        return {{"GET", path},
                {"HEAD", path},
                {"GET", path, {{"Prefer", "wait=60"}}},
                {"GET", path, {{"Prefer", "wait=60"}, {"If-None-Match", "\"x\""}}},
                {"GET", path + "/events"},
                {"GET", path + "/events", {{"Last-Event-ID", "0"}}},
                {"POST", path + "/retry"},
                {"DELETE", path},
                {"DELETE", path, {{"Accept", "application/json"}}},
                {"GET", segments_path + "/" + segment},
                {"HEAD", segments_path + "/" + segment},
                {"PATCH", segments_path + "/" + segment, as_json, definition_of("mine")},
                {"DELETE", segments_path + "/" + segment},
                {"GET", batches_path + batch + "/files"},
                {"HEAD", batches_path + batch + "/files"},
                {"GET", files_path + file},
                {"HEAD", files_path + file},
                {"GET", files_path + file, {{"Range", "bytes=0-1"}}}};
    }

  private:
    possession(const possession&) = default;
};

/// All that a tenant can read.
std::string view_of(const asker& whose, const possession& what) {
    const auto path = asker::path_of(what.job);
    std::string all;
    for (const auto& target :
         {jobs_path, jobs_path + "?limit=1", jobs_path + "?status=SUCCEEDED", path, path + "/events",
          batches_path + what.batch + "/files", files_path + what.file, segments_path,
          segments_path + "?sort=name:asc&limit=1", segments_path + "/" + what.segment})
        all += target + '\n' + seen(whose.get(target)) + '\n';
    return all;
}

} // namespace

TEST_CASE("What another tenant has looks like what nobody has, whatever is asked of it") {
    const running_host host;
    host.import_profiles(a_profile);
    const asker owner(host, "acme");
    const possession theirs(owner);
    const auto before = view_of(owner, theirs);
    const auto nobodys = theirs.missing();
    for (const auto& stranger : {asker(host, "globex"), asker(host, "acme", "dev"), asker(host, "ACME")}) {
        stranger.define("a-strangers");
        stranger.exported("people"); // so there are rows and directories in which one could look
        const auto mine = theirs.everything();
        const auto none = nobodys.everything();
        for (std::size_t i = 0; i < mine.size(); ++i) {
            INFO(mine[i].method << ' ' << mine[i].target);
            const auto got = stranger.ask(mine[i]);
            CHECK(got.status == 404);
            CHECK(seen(got) == seen(stranger.ask(none[i])));
        }
    }
    CHECK(view_of(owner, theirs) == before);
}

TEST_CASE("Another tenant's cursor, filters and keys say nothing of what they came from") {
    const running_host host;
    const asker owner(host, "acme");
    const auto key = headers{{"Idempotency-Key", "the-key"}};
    owner.create("people", key);
    const auto first = owner.get(jobs_path + "?limit=1").json();
    const auto cursor = first.at("page").at("pageOffset").get<std::string>();
    const auto created = std::to_string(first.at("records").at(0).at("creationTime").get<std::int64_t>());
    for (const auto& stranger : {asker(host, "globex"), asker(host, "acme", "dev"), asker(host, "ACME")}) {
        CHECK(stranger.get(jobs_path).json().at("records").empty());
        // With a job of its own, so that it is nobody whom the store does not know.
        const auto own = stranger.create("own", {}, "s-own").at("id");
        const auto ids = [&](const std::string& query) {
            INFO(query);
            std::vector<nlohmann::json> seen;
            const auto page = stranger.get(jobs_path + query).json();
            for (const auto& job : page.at("records"))
                seen.push_back(job.at("id"));
            return seen;
        };
        CHECK(ids("") == std::vector{own});
        CHECK(ids("?createdAfter=" + created) == std::vector{own});
        CHECK(ids("?offset=999999999999999999_999999999999999999") == std::vector{own});
        for (const auto& query : {"?offset=" + cursor, std::string("?segmentId=s-acme"),
                                  std::string("?datasetId=people"), "?createdBefore=" + created})
            CHECK(ids(query).empty());
        for (const auto* const status :
             {"NEW", "PROCESSING", "SUCCEEDED", "FAILED", "CANCELLING", "CANCELLED", "NEW,CANCELLED"})
            for (const auto& id : ids(std::string("?status=") + status))
                CHECK(id == own);
        // The same key and bytes: a job of its own, and again the same one.
        const auto keyed = stranger.create("people", key);
        CHECK(keyed.at("id") != first.at("records").at(0).at("id"));
        CHECK(stranger.create("people", key).at("id") == keyed.at("id"));
        CHECK(ids("?datasetId=people") == std::vector{keyed.at("id")});
        CHECK(ids("?segmentId=s-acme") == std::vector{keyed.at("id")});
        CHECK(owner.get(jobs_path).json().at("records").size() == 1);
    }
}

TEST_CASE("Another tenant's definitions are in no list, in no bulk-get, in nobody's way and give no job its "
          "policy") {
    const running_host host;
    const asker owner(host, "acme");
    const auto with_policy =
        R"({"id":"s-acme","name":"n","schema":{"name":"x"},"mergePolicyId":"theirs-mp",)"
        R"~("expression":{"type":"PQL","format":"pql/text","value":"inSegment(\"asked\")"}})~";
    REQUIRE(owner.ask({"POST", segments_path, as_json, with_policy}).status == 200);
    for (const auto& stranger : {asker(host, "globex"), asker(host, "acme", "dev"), asker(host, "ACME")}) {
        stranger.define("asked");
        const auto page = stranger.get(segments_path).json();
        CHECK(page.at("page").at("totalCount") == 1);
        CHECK(page.at("segments").at(0).at("id") == "asked");
        CHECK(page.at("segments").at(0).at("dependents").empty());
        const auto bulk =
            stranger.ask({"POST", segments_path + "/bulk-get", as_json, R"(["s-acme","none"])"});
        CHECK(bulk.json().at("results").at("s-acme") == bulk.json().at("results").at("none"));
        CHECK(stranger.create("people").at("mergePolicy").at("id") == "timestampOrdered-none-mp");
        CHECK(stranger.ask({"DELETE", segments_path + "/asked"}).status == 200);
        stranger.define("s-acme");
    }
    CHECK(owner.create("people").at("mergePolicy").at("id") == "theirs-mp");
}

TEST_CASE("Whatever a tenant does changes nothing of what another sees") {
    const running_host host;
    host.import_profiles(a_profile);
    const asker watcher(host, "globex");
    const possession watched(watcher);
    const auto before = view_of(watcher, watched);
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 choose(seed);
    const asker busy(host, "acme");
    std::vector<std::string> paths{asker::path_of(watched.job)}; // the other's, too
    for (int step = 0; step < 150; ++step) {
        const auto& path = paths[choose() % paths.size()];
        const auto segment = "s" + std::to_string(choose() % 5);
        switch (choose() % 9) {
        case 0:
        case 1: paths.push_back(asker::path_of(busy.create(choose() % 2 == 0 ? "people" : "other"))); break;
        case 2: busy.ask({"DELETE", path}); break;
        case 3: busy.ask({"POST", path + "/retry"}); break;
        case 4: busy.ask({"GET", path, {{"Prefer", "wait=60"}}}); break;
        case 5: busy.get(jobs_path + "?limit=3"); break;
        case 6: busy.ask({"POST", segments_path, as_json, definition_of(segment)}); break;
        case 7: busy.ask({"PATCH", segments_path + "/their-own", as_json, definition_of(segment)}); break;
        case 8: busy.ask({"DELETE", segments_path + "/" + segment}); break;
        }
        if (step % 10 == 0) REQUIRE(view_of(watcher, watched) == before);
    }
    REQUIRE(busy.get(jobs_path).json().at("records").size() > 5);
    CHECK(view_of(watcher, watched) == before);
}
