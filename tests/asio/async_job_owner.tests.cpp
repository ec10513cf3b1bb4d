#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/opened_store.hpp"

using namespace waybill;
using namespace waybill::test;
namespace net = boost::asio;

TEST_CASE("the owner's verbs can be waited for, from claim to end") {
    opened_store opened;
    const auto id = opened.jobs.create(acme, a_job(), net::use_future).get().value().id;
    const auto claimed = opened.owner.claim(2, no_objection, net::use_future).get().value();
    REQUIRE(claimed.size() == 1);
    const auto key = claimed.front().key;
    CHECK(opened.owner.note_progress(key, "engine-1", {.exported = 7}, net::use_future).get().value());
    CHECK(opened.owner.mark_publishing(key, net::use_future).get().value().what ==
          publish_mark::outcome::marked);
    CHECK(opened.owner.succeed(key, {.exported = 9}, {}, net::use_future).get().value());
    CHECK_FALSE(opened.owner.succeed(key, {}, {}, net::use_future).get().value()); // it is over
    const auto job = opened.jobs.find(acme, id, net::use_future).get().value();
    CHECK(job.status == job_status::succeeded);
    CHECK(job.metrics.exported == 9);
}

TEST_CASE("failures, cancels and upkeep go through the queue as well") {
    opened_store opened;
    const auto first = opened.jobs.create(acme, a_job("d1"), net::use_future).get().value().id;
    const auto second = opened.jobs.create(acme, a_job("d2"), net::use_future).get().value().id;
    const auto claimed = opened.owner.claim(2, no_objection, net::use_future).get().value();
    REQUIRE(claimed.size() == 2);
    CHECK(opened.owner.fail(claimed[0].key, {{"1", "2", "3"}}, "test", "broken", net::use_future)
              .get()
              .value());
    CHECK(opened.jobs.cancel(acme, second, "test", net::use_future).get().value() ==
          cancel_outcome::cancelling);
    CHECK(opened.owner.settle_cancelled(claimed[1].key, net::use_future).get().value());
    CHECK(opened.jobs.find(acme, first, net::use_future).get().value().errors.size() == 1);
    CHECK(opened.jobs.find(acme, second, net::use_future).get().value().status == job_status::cancelled);
    CHECK(opened.owner.upkeep(net::use_future).get().ok());
}

TEST_CASE("creates and ends of jobs that wait together share one commit") {
    opened_store opened;
    for (int i = 0; i < 5; ++i)
        REQUIRE(opened.jobs.create(acme, a_job("d" + std::to_string(i)), net::use_future).get().ok());
    const auto claimed = opened.owner.claim(5, no_objection, net::use_future).get().value();
    const auto before = opened.jobs.write_counters();
    auto go = opened.hold_writer();
    std::vector<std::future<result<bool>>> ends;
    for (const auto& attempt : claimed)
        ends.push_back(opened.owner.run<bool>(
            [key = attempt.key](job_owner& owner) {
                return owner.mark_publishing(key).what == publish_mark::outcome::marked &&
                       owner.succeed(key, {}, {});
            },
            net::use_future));
    auto created = opened.jobs.create(acme, a_job(), net::use_future);
    go.set_value();
    for (auto& one : ends)
        CHECK(one.get().value());
    CHECK(created.get().ok());
    CHECK(opened.jobs.write_counters().writes == before.writes + 6);
    CHECK(opened.jobs.write_counters().commits == before.commits + 1);
}

TEST_CASE("a call that throws is told so, keeps the verbs that it made, and harms no other of its commit") {
    opened_store opened;
    const auto id = opened.jobs.create(acme, a_job(), net::use_future).get().value().id;
    auto go = opened.hold_writer();
    auto broken = opened.owner.run<bool>(
        [](job_owner& owner) -> bool {
            REQUIRE(owner.claim(1, no_objection).size() == 1);
            throw std::runtime_error("after the claim");
        },
        net::use_future);
    auto created = opened.jobs.create(acme, a_job(), net::use_future);
    go.set_value();
    CHECK_THROWS_AS(broken.get(), std::runtime_error);
    CHECK(created.get().ok());
    CHECK(opened.jobs.find(acme, id, net::use_future).get().value().status == job_status::processing);
}

TEST_CASE("draining completes what was taken before and refuses what comes after") {
    opened_store opened;
    auto go = opened.hold_writer();
    std::vector<std::future<result<export_job>>> taken;
    for (int i = 0; i < 20; ++i)
        taken.push_back(opened.jobs.create(acme, a_job(), net::use_future));
    auto drained = opened.jobs.drain(net::use_future);
    auto late = opened.jobs.create(acme, a_job(), net::use_future);
    const auto refused = late.get(); // before anything is written
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == errc::overloaded);
    go.set_value();
    CHECK(drained.get().ok());
    for (auto& one : taken) {
        REQUIRE(one.wait_for(std::chrono::seconds{0}) == std::future_status::ready);
        CHECK(one.get().ok());
    }
    CHECK(opened.jobs.list(acme, {}, net::use_future).get().value().jobs.size() == 20);
}

TEST_CASE("an idle store drains at once, and a second time") {
    opened_store opened;
    CHECK(opened.jobs.drain(net::use_future).get().ok());
    CHECK(opened.jobs.drain(net::use_future).get().ok());
}

TEST_CASE("a coroutine awaits the owner's verbs on its own executor") {
    net::io_context io; // outlives the threads that post to it
    opened_store opened;
    const auto here = std::this_thread::get_id();
    bool same_thread = false;
    const auto worker = [&]() -> net::awaitable<void> {
        auto claiming = opened.owner.claim(1, no_objection, net::use_awaitable);
        const auto claimed = co_await std::move(claiming);
        same_thread = claimed.value().empty() && std::this_thread::get_id() == here;
    };
    net::co_spawn(io, worker, [](std::exception_ptr) {});
    io.run();
    CHECK(same_thread);
}
