#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

#include <unistd.h>

#include <waybill/job_store.hpp>
#include <waybill/profile_store.hpp>

#include "client.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string profile(int number, const std::string& status) {
    const auto id = std::to_string(number);
    return R"({"identityMap":{"CRMID":[{"id":"c)" + id +
           R"(","primary":true}]},"person":{"name":{"firstName":"F)" + id +
           R"("}},"segmentMembership":{"ups":{"s1":{"status":")" + status +
           R"(","lastQualificationTime":"2020-01-01T00:00:00Z"}}}})" + "\n";
}

std::string profiles(int count) {
    std::string all;
    for (int number = 0; number < count; ++number)
        all += profile(number, number % 3 == 2 ? "exited" : "realized");
    return all;
}

const std::string export_body =
    R"({"fields":"identities.id,person.name.firstName","destination":{"datasetId":"out"},
    "filter":{"segments":[{"segmentId":"s1"}]},"schema":{"name":"_xdm.context.profile"}})";

std::string text_of(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::istringstream text(text_of(file));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    return lines;
}

std::filesystem::path batch_of(const running_host& host, const nlohmann::json& job) {
    return host.directory() / "datasets" / "acme" / "prod" / "out" /
           ("batch-" + job.at("destination").at("batchId").get<std::string>());
}

job_status stored_status(running_host& host, job_id id) {
    auto reader = job_reader::open(host.options().store);
    return reader.value().find({"acme", "prod"}, id).value().status;
}

} // namespace

TEST_CASE("A job created over HTTP succeeds, and its dataset stands on the disk") {
    const running_host host;
    host.import_profiles(profiles(30));
    const auto job = host.wait_for(host.create(export_body).at("id"), "SUCCEEDED");
    REQUIRE(job.at("status") == "SUCCEEDED");
    CHECK(job.at("metrics").at("totalExportedProfileCounter") == 20);
    const auto current = nlohmann::json::parse(text_of(batch_of(host, job).parent_path() / "current.json"));
    CHECK(current.at("jobId") == job.at("id"));
    CHECK(std::filesystem::exists(batch_of(host, job) / "_SUCCESS"));
    CHECK(std::filesystem::exists(batch_of(host, job) / "manifest.json"));
    const auto rows = lines_of(batch_of(host, job) / "part-00000.ndjson");
    CHECK(rows.size() == 20);
    CHECK(nlohmann::json::parse(rows.at(0)).at("identities").at(0).at("id").get<std::string>().front() ==
          'c');
}

TEST_CASE("A declared merge policy is done by the version that was the latest when the job was created") {
    running_host host;
    host.import_profiles(profiles(3));
    const auto declare = [&](std::vector<std::string> datasets) {
        merge_policy policy;
        policy.id = "mine";
        policy.merge = attribute_merge::dataset_precedence;
        policy.datasets = std::move(datasets);
        profile_store::open(host.options().profiles).value().declare_policy({"acme", "prod"}, policy).value();
    };
    const auto asking = [](const std::string& policy) {
        return R"({"fields":"person","mergePolicy":)" + policy +
               R"(,"destination":{"datasetId":"out"},"schema":{"name":"s"}})";
    };
    declare({"crm"});
    const auto first = host.create(asking(R"({"id":"mine"})"));
    CHECK(first.at("mergePolicy") == nlohmann::json{{"id", "mine"}, {"version", 1}});
    CHECK(host.wait_for(first.at("id"), "SUCCEEDED").at("metrics").at("totalExportedProfileCounter") == 3);
    declare({"none"});
    const auto second = host.create(asking(R"({"id":"mine"})"));
    CHECK(second.at("mergePolicy").at("version") == 2);
    CHECK(host.wait_for(second.at("id"), "SUCCEEDED").at("metrics").at("totalExportedProfileCounter") == 0);
    const auto named = host.create(asking(R"({"id":"mine","version":1})"));
    CHECK(host.wait_for(named.at("id"), "SUCCEEDED").at("metrics").at("totalExportedProfileCounter") == 3);
    const auto unknown = host.create(asking(R"({"id":"of nobody"})"));
    CHECK(unknown.at("mergePolicy") == nlohmann::json{{"id", "of nobody"}});
    const auto failed = host.wait_for(unknown.at("id"), "FAILED");
    CHECK(failed.at("errors").at(1).at("code") == "0090000011");
    CHECK(failed.at("errors").at(1).at("msg") == "Merge policy 'of nobody' is not known");
}

TEST_CASE("A job that is final is removed by DELETE, and what it published stays") {
    const running_host host;
    host.import_profiles(profiles(3));
    const auto job = host.wait_for(host.create(export_body).at("id"), "SUCCEEDED");
    REQUIRE(job.at("status") == "SUCCEEDED");
    const auto path = jobs_path + "/" + std::to_string(job.at("id").get<std::int64_t>());
    CHECK(host.ask("DELETE", path).status == 204);
    CHECK(host.ask("GET", path).status == 404);
    CHECK(host.ask("DELETE", path).status == 404);
    CHECK(std::filesystem::exists(batch_of(host, job) / "_SUCCESS"));
}

TEST_CASE("A stop lets a running job come to its end within the grace") {
    running_host host([](auto& options) { options.grace = std::chrono::minutes(4); });
    host.import_profiles(profiles(2'000));
    const job_id id = host.create(export_body).at("id");
    host.wait_for(id, "PROCESSING");
    host.stop();
    CHECK(stored_status(host, id) == job_status::succeeded);
}

TEST_CASE("A stop without a grace puts a running job back to NEW, and the next start brings it to its end") {
    running_host host([](auto& options) { options.grace = std::chrono::milliseconds(0); });
    host.import_profiles(profiles(20'000));
    // A job may be faster than the stop; then another one is stopped.
    job_id id = 0;
    for (int tries = 0; tries < 5; ++tries) {
        if (tries > 0) host.restart();
        id = host.create(export_body).at("id");
        host.wait_for(id, "PROCESSING");
        host.stop();
        if (stored_status(host, id) != job_status::succeeded) break;
    }
    CHECK(stored_status(host, id) == job_status::new_);
    CHECK_THROWS(host.connect());
    CHECK(host.log().find("\"stopped\"") != std::string::npos);

    host.restart();
    const auto job = host.wait_for(id, "SUCCEEDED");
    CHECK(job.at("status") == "SUCCEEDED");
    const auto rows = lines_of(batch_of(host, job) / "part-00000.ndjson");
    CHECK(rows.size() == 13'334);
    CHECK(std::set(rows.begin(), rows.end()).size() == rows.size());
}

TEST_CASE("A running job that is cancelled ends CANCELLED and publishes nothing") {
    running_host host;
    host.import_profiles(profiles(20'000));
    // A job may be faster than the cancel, which then comes too late or removes its record; then another one
    // is cancelled.
    job_id id = 0;
    for (int tries = 0; tries < 5; ++tries) {
        id = host.create(export_body).at("id");
        host.wait_for(id, "PROCESSING");
        const auto path = jobs_path + "/" + std::to_string(id);
        if (host.ask("DELETE", path).status == 204 && host.ask("GET", path).status == 200) break;
    }
    const auto job = host.wait_for(id, "CANCELLED");
    CHECK(job.at("status") == "CANCELLED");
    CHECK_FALSE(std::filesystem::exists(batch_of(host, job)));
}

TEST_CASE("A second host for the same files is refused by the process id of the first") {
    running_host first;
    http::request_log quiet([](std::string_view) {});
    auto options = first.options();
    const auto second = http::host::start(options, quiet);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == errc::owned_elsewhere);
    CHECK_THAT(second.error().message, Catch::Contains(std::to_string(::getpid())));
    options.datasets = first.directory() / "other-datasets";
    const auto third = http::host::start(options, quiet);
    REQUIRE_FALSE(third);
    CHECK(third.error().code == errc::owned_elsewhere);
}

TEST_CASE("An address that is taken is a failure, not a host") {
    const running_host first;
    const temp_directory directory;
    http::request_log quiet([](std::string_view) {});
    const http::host_options options{.store = directory / "jobs.db",
                                     .profiles = directory / "profiles.db",
                                     .datasets = directory / "datasets",
                                     .port = first.port(),
                                     .credentials = std::nullopt,
                                     .insecure_dev = true};
    const auto second = http::host::start(options, quiet);
    REQUIRE_FALSE(second);
    CHECK_THAT(second.error().message, Catch::Contains(std::to_string(first.port())));
}
