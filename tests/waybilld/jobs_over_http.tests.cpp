#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

#include "client.hpp"
#include "digest.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const headers json_body{{"Content-Type", "application/json"}};
const std::string body = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

std::string path_of(const nlohmann::json& job) {
    return jobs_path + "/" + std::to_string(job.at("id").get<std::int64_t>());
}

bool is_problem(const answer& seen, unsigned status) {
    return seen.status == status && seen.header("content-type") == "application/json" &&
           seen.json().at("status") == status && seen.json().at("requestId") == seen.header("x-request-id") &&
           seen.json().at("errors").contains(std::to_string(status));
}

} // namespace

TEST_CASE("A job is created as NEW, with what its headers say and where to find it") {
    const running_host host;
    const auto seen = host.ask("POST", jobs_path + "/",
                               {{"Content-Type", "application/json; charset=utf-8"},
                                {"x-request-id", "req-1"},
                                {"x-profile-instance-id", "mine"}},
                               body);
    REQUIRE(seen.status == 200);
    const auto job = seen.json();
    CHECK(seen.header("x-location") == "/export/jobs/" + std::to_string(job.at("id").get<std::int64_t>()));
    CHECK(seen.header("x-request-id") == "req-1");
    CHECK(job.at("status") == "NEW");
    CHECK(job.at("jobType") == "BATCH");
    CHECK(job.at("imsOrgId") == "acme");
    CHECK(job.at("requestId") == "req-1");
    CHECK(job.at("profileInstanceId") == "mine");
    CHECK(job.at("destination").at("datasetId") == "out");
    CHECK(job.at("destination").at("batchId").get<std::string>().size() == 32);
    const auto found = host.ask("GET", path_of(job)).json();
    CHECK(found.at("id") == job.at("id"));
    CHECK(found.at("creationTime") == job.at("creationTime"));
    CHECK(seen.header("content-type") == "application/json");
    const auto plain = host.ask("POST", jobs_path, json_body, body);
    CHECK(plain.json().at("profileInstanceId") == "ups");
    CHECK(plain.json().at("requestId") == plain.header("x-request-id"));
    CHECK(host.ask("GET", path_of(job)).header("content-type") == "application/json");
}

TEST_CASE("A body that breaks a rule is answered 400 with the place, and nothing is stored") {
    const running_host host;
    struct bad {
        std::string body;
        std::string code;
        std::string path;
    };
    const auto with = [](const std::string& member) {
        return R"({"destination":{"datasetId":"out"},"schema":{"name":"x"},)" + member + "}";
    };
    const auto one = GENERATE_COPY(
        bad{"{", "invalid_json", ""}, bad{"", "invalid_json", ""}, bad{"[]", "invalid_type", ""},
        bad{R"({"schema":{"name":"x"},"destination":{}})", "required", "/destination/datasetId"},
        bad{R"({"schema":{"name":"x"}})", "required", "/destination/datasetId"},
        bad{R"({"destination":{"datasetId":"out"},"schema":{}})", "required", "/schema/name"},
        bad{R"({"destination":{"datasetId":"../up"},"schema":{"name":"x"}})", "invalid_value",
            "/destination/datasetId"},
        bad{R"({"destination":{"datasetId":"a/b"},"schema":{"name":"x"}})", "invalid_value",
            "/destination/datasetId"},
        bad{R"({"destination":{"datasetId":1},"schema":{"name":"x"}})", "invalid_type",
            "/destination/datasetId"},
        bad{with(R"("filter":{"emptyProfiles":"yes"})"), "invalid_type", "/filter/emptyProfiles"},
        bad{with(R"("filter":{"fromIngestTimestamp":"yesterday"})"), "invalid_time",
            "/filter/fromIngestTimestamp"},
        bad{with(R"("filter":{"fromIngestTimestamp":"2018-02-30T00:00:00Z"})"), "invalid_time",
            "/filter/fromIngestTimestamp"},
        bad{with(R"("evaluationInfo":{"segmentation":1})"), "invalid_type", "/evaluationInfo/segmentation"},
        bad{with(R"("a":1,"a":2)"), "duplicate_member", "/a"});
    CAPTURE(one.body);
    const auto seen = host.ask("POST", jobs_path, json_body, one.body);
    REQUIRE(is_problem(seen, 400));
    const auto findings = seen.json().at("errors").at("400");
    const auto found = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
        return finding.at("code") == one.code && (one.path.empty() || finding.at("path") == one.path);
    });
    CAPTURE(seen.body);
    CHECK(found);
    CHECK(host.ask("GET", jobs_path).json().at("records").empty());
}

TEST_CASE("Only JSON is taken for a job") {
    const running_host host;
    CHECK(is_problem(host.ask("POST", jobs_path, {{"Content-Type", "text/plain"}}, body), 415));
    CHECK(is_problem(host.ask("POST", jobs_path, {}, body), 415));
    CHECK(host.ask("GET", jobs_path).json().at("records").empty());
}

TEST_CASE("A create under a key that is known answers with the first job as it is now") {
    const running_host host;
    const headers keyed{json_body[0], {"Idempotency-Key", "k-1"}};
    const auto first = host.ask("POST", jobs_path, keyed, body);
    REQUIRE(first.status == 200);
    const auto again = host.ask("POST", jobs_path, keyed, body);
    CHECK(again.status == 200);
    CHECK(again.json().at("id") == first.json().at("id"));
    CHECK(again.header("X-Location") == first.header("X-Location"));
    CHECK(host.ask("GET", jobs_path).json().at("records").size() == 1);
    // Other bytes are another request, even if they say the same.
    CHECK(is_problem(host.ask("POST", jobs_path, keyed, body + " "), 409));
    // Without a key, with another one, or from another tenant it is a job of its own.
    CHECK(host.create(body).at("id") != first.json().at("id"));
    const auto other = host.ask("POST", jobs_path, {json_body[0], {"Idempotency-Key", "k-2"}}, body);
    CHECK(other.json().at("id") != first.json().at("id"));
    const auto foreign = host.connect().ask("POST", jobs_path, speaking_for("other", keyed), body);
    REQUIRE(foreign.status == 200);
    CHECK(foreign.json().at("id") != first.json().at("id"));
    const auto sandbox = host.ask(
        "POST", jobs_path, {json_body[0], {"Idempotency-Key", "k-1"}, {"x-sandbox-name", "dev"}}, body);
    CHECK(sandbox.json().at("id") != first.json().at("id"));
}

TEST_CASE("An idempotency key has 1 to 255 visible characters") {
    const running_host host;
    CHECK(host.ask("POST", jobs_path, {json_body[0], {"Idempotency-Key", std::string(255, 'k')}}, body)
              .status == 200);
    const auto key = GENERATE(as<std::string>{}, std::string(256, 'k'), "a b", "");
    CAPTURE(key);
    const auto seen = host.ask("POST", jobs_path, {json_body[0], {"Idempotency-Key", key}}, body);
    REQUIRE(is_problem(seen, 400));
    CHECK(seen.json().at("errors").at("400").at(0).at("path") == "Idempotency-Key");
}

TEST_CASE("A job that is not there, is another tenant's or has no number is the same 404") {
    const running_host host;
    const auto mine = host.create(body);
    const auto method = GENERATE(as<std::string>{}, "GET", "DELETE");
    CAPTURE(method);
    const auto foreign =
        host.connect().ask(method, path_of(mine), speaking_for("other", {{"x-request-id", "r"}}));
    const auto sandbox = host.ask(method, path_of(mine), {{"x-sandbox-name", "dev"}, {"x-request-id", "r"}});
    const auto missing = host.ask(method, jobs_path + "/999999", {{"x-request-id", "r"}});
    CHECK(is_problem(missing, 404));
    CHECK(foreign.body == missing.body);
    CHECK(sandbox.body == missing.body);
    for (const auto* const id : {"x", "0", "-1", "9223372036854775808", "1e3", "..", "%2e%2e"})
        CHECK(host.ask(method, jobs_path + "/" + id, {{"x-request-id", "r"}}).body == missing.body);
    CHECK(host.ask("GET", path_of(mine)).status == 200);
    CHECK(host.ask("GET", path_of(mine), {{"x-sandbox-name", "prod"}}).status == 200); // the default
}

TEST_CASE("A job has an entity tag, and who has that state already gets none of it again") {
    const running_host host;
    const auto job = host.create(body);
    REQUIRE(host.ask("DELETE", path_of(job)).status == 204);
    host.wait_for(job.at("id"), "CANCELLED"); // from now on it does not change
    const auto first = host.ask("GET", path_of(job));
    const auto tag = first.header("etag");
    CHECK(tag.size() == 34);
    CHECK(host.ask("HEAD", path_of(job)).header("etag") == tag);
    const auto again = host.ask("GET", path_of(job), {{"If-None-Match", "\"other\", " + tag}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(again.header("etag") == tag);
    CHECK(host.ask("GET", path_of(job), {{"If-None-Match", "\"other\""}}).body == first.body);
}

TEST_CASE("A cancel is answered without a body, or with one when the client asks for it") {
    const running_host host;
    const auto message =
        nlohmann::json::parse(R"({"status":true,"message":"Export job has been marked for cancelling"})");
    auto connection = host.connect();
    const auto plain =
        connection.ask("DELETE", path_of(host.create(body)), speaking_for("acme", {{"Accept", "*/*"}}));
    CHECK(plain.status == 204);
    CHECK(plain.body.empty());
    const auto json = connection.ask("DELETE", path_of(host.create(body)),
                                     speaking_for("acme", {{"Accept", "application/json"}}));
    CHECK(json.status == 200);
    CHECK(json.json() == message);
    const auto preferred = connection.ask("DELETE", path_of(host.create(body)),
                                          speaking_for("acme", {{"Prefer", "return=representation"}}));
    CHECK(preferred.status == 200);
    CHECK(preferred.json() == message);
    CHECK(preferred.header("preference-applied") == "return=representation");
}

TEST_CASE("A cancelled job never runs, and cancelling it again changes nothing") {
    const running_host host;
    const auto job = host.create(body);
    CHECK(host.ask("DELETE", path_of(job)).status == 204);
    const auto ended = host.wait_for(job.at("id"), "CANCELLED");
    CHECK(ended.at("status") == "CANCELLED");
    CHECK(host.ask("DELETE", path_of(job)).status == 204);
    CHECK(host.ask("GET", path_of(job)).json().at("status") == "CANCELLED");
}

TEST_CASE("Credentials from a file decide who may read and who may write") {
    const temp_directory directory;
    const auto file = directory / "credentials.json";
    std::ofstream(file)
        << R"({"credentials":[{"name":"reader","orgs":["acme"],"sandboxes":["prod"],"roles":["read"],
        "tokenSha256":")"
        << http::sha256_hex("t0ken-of-a-test") << R"(","apiKeySha256":")" << http::sha256_hex("k3y")
        << R"("}]})";
    const running_host host([&](auto& options) {
        options.insecure_dev = false;
        options.credentials = file;
    });
    CHECK(host.ask("GET", jobs_path).status == 200);
    const auto write = host.ask("POST", jobs_path, json_body, body);
    CHECK(write.status == 403);
    CHECK(write.json() ==
          nlohmann::json::parse(R"({"error_code":"403027","message":"Role is not sufficient"})"));
    CHECK(host.connect().ask("GET", jobs_path, speaking_for("other")).json().at("error_code") == "403025");
    const auto unknown = host.connect().ask("GET", jobs_path, {{"Authorization", "Bearer x"}});
    CHECK(unknown.status == 401);
    CHECK(unknown.header("www-authenticate") == "Bearer");
    CHECK(host.connect().ask("GET", jobs_path).json() ==
          nlohmann::json::parse(R"({"error_code":"403010","message":"Oauth token is missing."})"));
    CHECK(host.connect().ask("GET", "/healthz").status == 200);
}

TEST_CASE("A job that ended without success is tried again once, as a new job that names it") {
    const running_host host([](auto& options) { options.attempts = 1; }); // without profiles each job fails
    const auto job = host.create(body);
    CHECK(is_problem(host.ask("POST", jobs_path + "/99/retry"), 404));
    CHECK(is_problem(host.ask("POST", jobs_path + "/x/retry"), 404));
    CHECK(host.ask("GET", path_of(job) + "/retry").status == 405);
    host.wait_for(job.at("id"), "FAILED");
    const auto seen = host.ask("POST", path_of(job) + "/retry", {{"x-request-id", "again"}});
    REQUIRE(seen.status == 200);
    const auto made = seen.json();
    CHECK(made.at("retryOf") == job.at("id"));
    CHECK(made.at("requestId") == "again");
    CHECK(made.at("destination").at("datasetId") == "out");
    CHECK(seen.header("x-location") == "/export/jobs/" + std::to_string(made.at("id").get<std::int64_t>()));
    CHECK(host.ask("GET", path_of(job)).json().at("retriedBy") == made.at("id"));
    CHECK(is_problem(host.ask("POST", path_of(job) + "/retry"), 409));
    CHECK(is_problem(host.connect().ask("POST", path_of(job) + "/retry", speaking_for("globex")), 404));
}

TEST_CASE("A tenant with as many unfinished jobs as it may have is told to come again later") {
    const running_host host([](auto& options) { options.unfinished_per_tenant = 1; });
    host.create(body); // without profiles it is tried again, later
    const auto refused = host.ask("POST", jobs_path, json_body, body);
    CHECK(is_problem(refused, 429));
    CHECK(refused.header("retry-after") == "60");
}
