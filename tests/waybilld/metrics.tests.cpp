#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>

#include "client.hpp"
#include "metrics_text.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;

namespace {

const std::string a_body = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

/// What a monitor makes of the text: a value for each series. Throws where the format is broken.
class scrape {
  public:
    explicit scrape(const std::string& text) {
        if (text.empty() || text.back() != '\n') throw std::runtime_error("the last line has no end");
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            line.starts_with('#') ? read_comment(line) : read_sample(line);
        if (helped_ != typed_.size()) throw std::runtime_error("HELP and TYPE do not go together");
    }

    double operator[](const std::string& series) const { return values_.at(series); }
    const std::map<std::string, double>& all() const { return values_; }
    std::string type(const std::string& name) const { return typed_.at(name); }

  private:
    void read_comment(const std::string& line) {
        std::istringstream words(line);
        std::string hash, keyword, name, rest;
        words >> hash >> keyword >> name;
        std::getline(words, rest);
        if (hash != "#" || rest.size() < 2) throw std::runtime_error("a comment that says nothing: " + line);
        if (keyword == "HELP")
            ++helped_;
        else if (keyword != "TYPE" || !typed_.emplace(name, rest.substr(1)).second)
            throw std::runtime_error("a comment of no kind, or there twice: " + line);
        current_ = name;
    }
    void read_sample(const std::string& line) {
        const auto blank = line.rfind(' ');
        const auto series = line.substr(0, blank);
        const auto name = series.substr(0, series.find('{'));
        const auto* const text = line.c_str() + blank + 1;
        char* end = nullptr;
        const auto value = std::strtod(text, &end);
        if (blank == std::string::npos || end == text || *end != '\0' || name != current_ ||
            !typed_.contains(name) || (series.size() != name.size() && series.back() != '}') ||
            !values_.emplace(series, value).second)
            throw std::runtime_error("no sample: " + line);
    }

    std::string current_;
    std::size_t helped_ = 0;
    std::map<std::string, std::string> typed_;
    std::map<std::string, double> values_;
};

scrape scraped(const running_host& host) {
    const auto seen = host.connect().ask("GET", "/metrics");
    REQUIRE(seen.status == 200);
    CHECK(seen.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    return scrape(seen.body);
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
    const scrape seen(text);
    CHECK(seen["waybill_jobs{status=\"SUCCEEDED\"}"] == 12);
    CHECK(seen["waybill_job_moves_total{to=\"FAILED\"}"] == 3);
    CHECK(seen["waybill_oldest_waiting_job_age_seconds"] == 61.007);
    for (const auto& [series, value] : seen.all()) {
        const auto name = series.substr(0, series.find('{'));
        INFO(series);
        CHECK(name.starts_with("waybill_"));
        CHECK((seen.type(name) == "counter") == name.ends_with("_total"));
        CHECK((seen.type(name) == "counter" || seen.type(name) == "gauge"));
        if (name == "waybill_build_info") {
            CHECK(value == 1);
            CHECK(series.find("version=\"") != std::string::npos);
        }
    }
    numbers.now = {}; // set back
    CHECK(scrape(metrics_text(numbers))["waybill_oldest_waiting_job_age_seconds"] == 0);
}

TEST_CASE("The connections that metrics count are those that are open") {
    const running_host host;
    auto one = host.connect();
    REQUIRE(one.ask("GET", "/healthz").status == 200);
    auto two = host.connect();
    REQUIRE(two.ask("GET", "/healthz").status == 200);
    const scrape seen(two.ask("GET", "/metrics").body);
    CHECK(seen["waybill_http_open_connections"] == 2);
}

TEST_CASE("A monitor may ask by HEAD, and finds no other method") {
    const running_host host;
    CHECK(host.connect().ask("HEAD", "/metrics").status == 200);
    const auto refused = host.connect().ask("POST", "/metrics");
    CHECK(refused.status == 405);
    CHECK(refused.header("allow") == "GET, HEAD, OPTIONS");
}
