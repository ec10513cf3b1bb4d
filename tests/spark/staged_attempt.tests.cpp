#include <catch2/catch.hpp>

#include "spark/clusters.hpp"
#include "spark/spark_bench.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("An attempt on Spark is recorded, submitted, followed by its files and staged") {
    standalone_master master;
    spark_bench bench;
    const auto engine = bench.engine(master.url());
    const auto what = a_publication(7, 1);
    const auto driver = bench.driver(what);
    engine->submit(what.key, what.job);
    master.server().wait_for(master.create);
    CHECK(driver.is_recorded());
    auto report = bench.wait_for(*engine, what.key, attempt_state::running);
    REQUIRE(driver.claim(master.id(0)));
    driver.progress(2, 1);
    bench.told.wait_until([&] {
        report = engine->poll(what.key);
        return report.metrics.exported == 1;
    });
    CHECK(report.engine_job_id == master.id(0));
    CHECK(report.metrics.candidates == 3);
    CHECK(report.metrics.looked_at == 2);
    driver.stage();
    report = bench.wait_for(*engine, what.key, attempt_state::staged);
    CHECK(report.metrics.exported == 3);
    CHECK(report.metrics.exported_by_namespace ==
          std::vector<std::pair<std::string, std::int64_t>>{{"Email", 3}});
    engine->forget(what.key);
    eventually([&] { return !std::filesystem::exists(driver.spool()); });
    CHECK(master.server().count(master.kill) == 0);
    CHECK(master.drivers() == 1);
}

TEST_CASE("An engine that is never done with looking at files hears the cluster all the same") {
    standalone_master master;
    spark_bench bench;
    auto how = bench.options(master.url());
    how.spool_interval = std::chrono::milliseconds{0};
    const auto engine = bench.engine(how);
    const auto what = a_publication(7, 1);
    const auto driver = bench.driver(what);
    engine->submit(what.key, what.job);
    CHECK(bench.wait_for(*engine, what.key, attempt_state::running).engine_job_id == master.id(0));
    REQUIRE(driver.claim(master.id(0)));
    master.server().wait_for(master.status, 5);
    driver.stage();
    bench.wait_for(*engine, what.key, attempt_state::staged);
}
