#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "client.hpp"
#include "exposition.hpp"
#include "metrics_text.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;

namespace {

const std::string a_body = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

exposition scraped(const running_host& host) {
    const auto seen = host.connect().ask("GET", "/metrics");
    REQUIRE(seen.status == 200);
    CHECK(seen.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    return exposition(seen.body);
}

} // namespace

TEST_CASE("Metrics are told without credentials, and count jobs, moves, writes and connections") {
    // No attempt is ever made, so that the jobs stay where they are.
    const running_host host([](host_options& options) { options.profiles = "/nowhere/at/all.db"; });
    const auto before = scraped(host);
    CHECK(before["waybill_jobs{status=\"NEW\"}"] == 0);
    CHECK(before["waybill_oldest_waiting_job_age_seconds"] == 0);
    CHECK(before["waybill_jobs_created_total"] == 0);

    const auto first = host.create(a_body);
    const auto second = host.create(a_body, "globex");
    auto idle = host.connect();
    const auto gone = std::to_string(first.at("id").get<std::int64_t>());
    REQUIRE(host.ask("DELETE", jobs_path + "/" + gone).status == 204);
    const auto after = scraped(host);
    double jobs = 0;
    for (const auto status : all_job_statuses)
        jobs += after["waybill_jobs{status=\"" + std::string(to_text(status)) + "\"}"];
    CHECK(jobs == 2);
    CHECK(after["waybill_jobs_created_total"] == 2);
    CHECK(after["waybill_job_moves_total{to=\"CANCELLED\"}"] +
              after["waybill_job_moves_total{to=\"CANCELLING\"}"] >=
          1);
    CHECK(after["waybill_store_writes_total"] == 3);
    CHECK(after["waybill_store_commits_total"] >= 1);
    CHECK(after["waybill_store_commits_total"] <= 3);
    CHECK(after["waybill_http_open_connections"] >= 1);
    CHECK(after["waybill_store_database_bytes"] > 4096);
    CHECK(after["waybill_store_wal_bytes"] > 0);
    CHECK(after["waybill_store_schema_version"] >= 5);
}

TEST_CASE("Metrics name and type everything as Prometheus has it, and nothing of a tenant") {
    host_numbers numbers;
    numbers.store.tenants = {{{"secret-org", "secret-box"}, {}, waiting_job{7, {"secret-org", "prod"}, {}}}};
    numbers.store.oldest_waiting =
        waiting_job{7, {"secret-org", "secret-box"}, timestamp{std::chrono::milliseconds{5'000}}};
    numbers.store.running = {{.id = 8, .owner = {"secret-org", "secret-box"}, .dataset_id = "secret-set"}};
    numbers.store.jobs[job_status::succeeded] = 12;
    numbers.store.moves.into[job_status::failed] = 3;
    numbers.now = timestamp{std::chrono::milliseconds{66'007}};
    const auto text = metrics_text(numbers);
    CHECK(text.find("secret") == std::string::npos);
    const exposition seen(text);
    CHECK(seen["waybill_jobs{status=\"SUCCEEDED\"}"] == 12);
    CHECK(seen["waybill_job_moves_total{to=\"FAILED\"}"] == 3);
    CHECK(seen["waybill_oldest_waiting_job_age_seconds"] == 61.007);
    for (const auto& [series, value] : seen.all()) {
        INFO(series);
        CHECK(series.starts_with("waybill_"));
        if (series.starts_with("waybill_build_info")) {
            CHECK(value == 1);
            CHECK(series.find("version=\"") != std::string::npos);
        }
    }
    numbers.now = {}; // set back
    CHECK(exposition(metrics_text(numbers))["waybill_oldest_waiting_job_age_seconds"] == 0);
}

TEST_CASE("The connections that metrics count are those that are open") {
    const running_host host;
    auto one = host.connect();
    REQUIRE(one.ask("GET", "/healthz").status == 200);
    auto two = host.connect();
    REQUIRE(two.ask("GET", "/healthz").status == 200);
    const exposition seen(two.ask("GET", "/metrics").body);
    CHECK(seen["waybill_http_open_connections"] == 2);
}

TEST_CASE("A monitor may ask by HEAD, and finds no other method") {
    const running_host host;
    CHECK(host.connect().ask("HEAD", "/metrics").status == 200);
    const auto refused = host.connect().ask("POST", "/metrics");
    CHECK(refused.status == 405);
    CHECK(refused.header("allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("Requests are counted and timed by route, method and code, whatever clients send") {
    const running_host host;
    auto connection = host.connect();
    for (const auto* const path : {"/1", "/2", "/none"})
        REQUIRE(connection.ask("GET", jobs_path + path, speaking_for("acme")).status == 404);
    REQUIRE(connection.ask("PUT", jobs_path + "/1").status == 405);
    REQUIRE(connection.ask("BREW", "/no/such/path/1").status == 404);
    REQUIRE(connection.ask("BREW", "/no/such/path/2").status == 404);
    const exposition seen(connection.ask("GET", "/metrics").body);
    const std::string job = R"(route="/data/core/ups/export/jobs/{id}",method=)";
    CHECK(seen["waybill_http_requests_total{" + job + R"("GET",code="404"})"] == 3);
    CHECK(seen["waybill_http_requests_total{" + job + R"("PUT",code="405"})"] == 1);
    CHECK(seen[R"(waybill_http_requests_total{route="other",method="other",code="404"})"] == 2);
    CHECK(seen["waybill_http_request_duration_seconds_count{" + job + R"("GET"})"] == 3);
    CHECK(seen["waybill_http_request_duration_seconds_sum{" + job + R"("GET"})"] > 0);
    CHECK_FALSE(seen.has("waybill_http_request_duration_seconds_count{" + job + R"("POST"})"));
}

TEST_CASE("A request's time is put into the first bucket that it is not beyond") {
    using namespace std::chrono_literals;
    request_counters counters(routes());
    for (const auto took : {500us, 501us, 10'000'000us, 10'000'001us})
        counters.count("/healthz", "GET", 299, took);
    host_numbers numbers;
    numbers.answers = counters.answers();
    numbers.times = counters.times();
    const exposition seen(metrics_text(numbers));
    const auto bucket = [&seen](const std::string& bound) {
        return seen["waybill_http_request_duration_seconds_bucket{route=\"/healthz\",method=\"GET\",le=\"" +
                    bound + "\"}"];
    };
    CHECK(bucket("0.000500") == 1);
    CHECK(bucket("0.001000") == 2);
    CHECK(bucket("5.000000") == 2);
    CHECK(bucket("10.000000") == 3);
    CHECK(bucket("+Inf") == 4);
    CHECK(seen[R"(waybill_http_request_duration_seconds_sum{route="/healthz",method="GET"})"] == 20.001002);
    CHECK(seen[R"(waybill_http_requests_total{route="/healthz",method="GET",code="other"})"] == 4);
}

TEST_CASE("An export is told with how long it waited and ran, and with what it wrote") {
    const running_host host;
    host.import_profiles(R"({"identityMap":{"CRMID":[{"id":"c1","primary":true}]}}
                            {"identityMap":{"CRMID":[{"id":"c2","primary":true}]}})");
    const auto id = host.create(a_body).at("id").get<std::int64_t>();
    REQUIRE(host.wait_for(id, "SUCCEEDED").at("status") == "SUCCEEDED");
    const auto seen = scraped(host);
    CHECK(seen["waybill_job_wait_seconds_count"] == 1);
    CHECK(seen["waybill_job_run_seconds_count{to=\"SUCCEEDED\"}"] == 1);
    CHECK(seen["waybill_job_run_seconds_count{to=\"FAILED\"}"] == 0);
    CHECK(seen["waybill_exported_profiles_total"] == 2);
    CHECK(seen["waybill_exported_bytes_total"] > 0);
    CHECK(seen["waybill_store_writes_per_commit_count"] == 1);
    CHECK(seen["waybill_store_writes_per_commit_sum"] == 1);
}

TEST_CASE("promtool finds nothing to say against the metrics, where it is installed") {
    if (std::system("command -v promtool >/dev/null") != 0) {
        WARN("skipped here: there is no promtool (Debian has it in the package prometheus)");
        return;
    }
    const running_host host;
    host.create(a_body);
    const auto text = (host.directory() / "metrics.txt").string();
    std::ofstream(text) << host.connect().ask("GET", "/metrics").body;
    CHECK(std::system(("promtool check metrics < '" + text + "'").c_str()) == 0);
}
