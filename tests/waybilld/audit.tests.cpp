#include <catch2/catch.hpp>

#include <waybill/job_store.hpp>

#include "client.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::string a_body = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

std::vector<audit_entry> audit_of(running_host& host) {
    return job_reader::open(host.options().store).value().audit({});
}

} // namespace

TEST_CASE("What clients create, cancel and retry is in the audit, read while the host runs") {
    // No attempt is ever made, so that the job stays where it is.
    running_host host([](http::host_options& options) { options.profiles = "/nowhere/at/all.db"; });
    REQUIRE(host.ask("POST", jobs_path, {{"Content-Type", "application/json"}, {"x-request-id", "r-create"}},
                     a_body)
                .status == 200);
    REQUIRE(host.ask("DELETE", jobs_path + "/1", {{"x-request-id", "r-cancel"}}).status == 204);
    REQUIRE(host.wait_for(1, "CANCELLED").at("status") == "CANCELLED");
    REQUIRE(host.ask("POST", jobs_path + "/1/retry", {{"x-request-id", "r-retry"}}).status == 200);
    const auto seen = audit_of(host);
    REQUIRE(seen.size() == 4);
    const std::vector<std::pair<audit_action, std::string>> expected{{audit_action::create, "r-retry"},
                                                                     {audit_action::retry, "r-retry"},
                                                                     {audit_action::cancel, "r-cancel"},
                                                                     {audit_action::create, "r-create"}};
    for (std::size_t at = 0; at < seen.size(); ++at) {
        CHECK(seen[at].action == expected[at].first);
        CHECK(seen[at].request_id == expected[at].second);
        CHECK(seen[at].actor == "insecure-dev");
        CHECK(seen[at].owner == tenant{"acme", "prod"});
    }
}

TEST_CASE("A host that is told to keep no audit keeps none") {
    running_host host([](http::host_options& options) { options.keep_audit.reset(); });
    host.create(a_body);
    CHECK(audit_of(host).empty());
}
