#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <waybill/asio.hpp>

#include "support/a_job.hpp"
#include "support/driven_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// A timer on an executor that the test runs by hand, one handler at a time.
struct timed_store {
    driven_store driven;
    boost::asio::io_context io;
    std::vector<std::string> problems;
    int stopped = 0;
    std::unique_ptr<lifecycle_timer> timer;

    timed_store() {
        lifecycle_timer::options how;
        how.retry_after = std::chrono::milliseconds{1};
        how.on_problem = [this](std::string_view what) { problems.emplace_back(what); };
        how.on_stopped = [this] { ++stopped; };
        timer = std::make_unique<lifecycle_timer>(io.get_executor(), driven.driver(), how);
        driven.store->on_work([this] { timer->wake(); });
    }
};

} // namespace

TEST_CASE("a new job and a cancel wake the timer at once") {
    timed_store timed;
    timed.timer->start();
    timed.io.poll();
    REQUIRE(timed.driven.store->create(acme, a_job()).ok());
    timed.io.poll(); // runs what is ready, waits for nothing
    REQUIRE(timed.driven.scripted.submitted.size() == 1);
    REQUIRE(timed.driven.store->cancel(acme, 1).ok());
    timed.io.poll();
    CHECK(timed.driven.scripted.told_to_cancel.contains(timed.driven.latest()));
}

TEST_CASE("many wakes before a tick are one") {
    timed_store timed;
    for (int i = 0; i < 100; ++i)
        timed.timer->wake();
    CHECK(timed.io.poll() == 1);
}

TEST_CASE("a tick that fails is reported and repeated later") {
    timed_store timed;
    int failures = 2;
    timed.driven.scripted.before_check = [&] {
        if (failures-- > 0) throw store_failure(store_failure::kind::io, "the disk is away");
    };
    REQUIRE(timed.driven.store->create(acme, a_job()).ok());
    while (timed.driven.scripted.submitted.empty())
        timed.io.run_one();
    CHECK(timed.problems == std::vector<std::string>(2, "the disk is away"));
}

TEST_CASE("a stop is told once, when nothing is at work any more") {
    timed_store timed;
    REQUIRE(timed.driven.store->create(acme, a_job()).ok());
    timed.io.poll();
    timed.timer->stop();
    timed.timer->stop();
    timed.io.poll();
    CHECK(timed.stopped == 1);
    CHECK(timed.driven.status_of(1) == job_status::new_);
    timed.timer->wake();
    timed.io.poll();
    CHECK(timed.stopped == 1);
}

TEST_CASE("a timer that is destroyed leaves nothing behind that ticks") {
    timed_store timed;
    timed.timer->start();
    timed.io.poll();
    timed.timer->wake();
    timed.driven.store->on_work({});
    timed.timer.reset();
    REQUIRE(timed.driven.store->create(acme, a_job()).ok());
    timed.io.restart();
    timed.io.poll();
    CHECK(timed.driven.scripted.submitted.empty());
}
