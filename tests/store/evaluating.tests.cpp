#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

new_export_job evaluating(const std::string& segment, const std::string& ns = "ups") {
    auto job = a_job();
    job.filter.emplace().segments = {{segment, ns, {membership_status::realized}}};
    job.evaluate_segments = true;
    return job;
}

} // namespace

TEST_CASE("a segment is evaluated by a job from its creation to its end, in namespace ups of any case") {
    temp_store store;
    const auto reader = [&](const std::string& segment, const tenant& owner = acme) {
        return job_reader::open(store.file()).value().evaluating(owner, segment).value();
    };
    CHECK_FALSE(reader("s"));
    const auto job = store->create(acme, evaluating("s", "Ups")).value().id;
    store->create(acme, evaluating("other", "AdCloud")).value();
    auto only_exported = evaluating("exported");
    only_exported.evaluate_segments = false;
    store->create(acme, only_exported).value();
    CHECK(reader("s") == job);
    CHECK_FALSE(reader("other"));
    CHECK_FALSE(reader("exported"));
    CHECK_FALSE(reader("S"));
    CHECK_FALSE(reader("s", globex));
    const auto attempt = store->owner().claim(1, no_objection).at(0).key;
    REQUIRE(attempt.job == job);
    CHECK(reader("s") == job);
    store->cancel(acme, job).value();
    CHECK(reader("s") == job);
    store->owner().settle_cancelled(attempt);
    CHECK_FALSE(reader("s"));
}
