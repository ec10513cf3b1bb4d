#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

staging_key claim(temp_store& store) { return store.owner().claim(1, no_objection).at(0).key; }

} // namespace

TEST_CASE("counters only grow within an attempt and begin anew with the next") {
    temp_store store;
    REQUIRE(store->create(acme, a_job()).ok());
    const auto first = claim(store);
    job_metrics metrics;
    metrics.exported = 10;
    metrics.looked_at = 40;
    metrics.exported_by_namespace = {{"CRMID", 7}};
    REQUIRE(store.owner().note_progress(first, "engine-1", metrics));
    metrics.exported = 4;
    metrics.looked_at = 39;
    metrics.exported_by_namespace = {{"CRMID", 3}};
    REQUIRE(store.owner().note_progress(first, "engine-1", metrics));
    auto job = store->find(acme, 1).value();
    CHECK(job.metrics.exported == 10);
    CHECK(job.metrics.looked_at == 40);
    CHECK(job.metrics.exported_by_namespace.at(0).second == 7);
    CHECK(job.engine_job_id == "engine-1");
    REQUIRE(store.owner().put_back(first, {}));
    claim(store);
    job = store->find(acme, 1).value();
    CHECK(job.metrics.exported == 0);
    CHECK(job.metrics.looked_at == 0);
    CHECK(job.metrics.exported_by_namespace.empty());
    CHECK(job.engine_job_id.empty());
}

TEST_CASE("counters stay after a failure and after a cancel") {
    temp_store store;
    for (const bool fails : {true, false}) {
        const auto id = store->create(acme, a_job()).value().id;
        const auto key = claim(store);
        job_metrics metrics;
        metrics.exported = 10;
        metrics.exported_by_namespace = {{"CRMID", 7}};
        metrics.candidates = 20;
        metrics.looked_at = 15;
        REQUIRE(store.owner().note_progress(key, "engine-1", metrics));
        if (fails) {
            REQUIRE(store.owner().fail(key, {{"unknown", "", ""}}, "test", ""));
        } else {
            REQUIRE(store->cancel(acme, id).ok());
            REQUIRE(store.owner().settle_cancelled(key));
        }
        const auto seen = store->find(acme, id)->metrics;
        CHECK(seen.exported == 10);
        CHECK(seen.exported_by_namespace == metrics.exported_by_namespace);
        CHECK(seen.candidates == 20);
        CHECK(seen.looked_at == 15);
    }
}
