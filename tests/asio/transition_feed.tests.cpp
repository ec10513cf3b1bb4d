#include <future>
#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <catch2/catch.hpp>

#include <waybill/asio.hpp>

#include "support/a_job.hpp"
#include "support/opened_store.hpp"

using namespace waybill;
using namespace waybill::test;
namespace net = boost::asio;

namespace {

/// What a subscriber on a thread of its own has been told.
struct subscriber {
    net::thread_pool own{1}; // outlives the threads that post to it
    opened_store opened;
    transition_feed feed{opened.jobs, own.get_executor(), 0};

    ~subscriber() {
        feed.close();
        own.join();
    }

    std::future<std::vector<recorded_transition>> next(std::size_t most = 1'000) {
        return net::co_spawn(own, feed.next(most), net::use_future);
    }

    job_id create() { return opened.jobs.create(acme, a_job(), net::use_future).get().value().id; }
};

} // namespace

TEST_CASE("a subscriber is told of a move as soon as it is durable") {
    subscriber one;
    auto waiting = one.next();
    const auto id = one.create();
    const auto moves = waiting.get();
    REQUIRE(moves.size() == 1);
    CHECK(moves.at(0).job == id);
    CHECK(moves.at(0).owner == acme);
    CHECK(moves.at(0).move.to == job_status::new_);
    CHECK(one.feed.position() == moves.at(0).move.sequence);
}

TEST_CASE("a subscriber is told of each move once, in order, while many write") {
    subscriber one;
    constexpr int writers = 4, each = 25, all = writers * each * 2;
    std::vector<std::jthread> threads;
    for (int i = 0; i < writers; ++i)
        threads.emplace_back([&] {
            for (int job = 0; job < each; ++job) {
                const auto id = one.create();
                one.opened.jobs.cancel(acme, id, "test", net::use_future).get().value();
            }
        });
    std::vector<recorded_transition> told;
    while (told.size() < all)
        for (auto& move : one.next(7).get())
            told.push_back(std::move(move));
    std::set<std::pair<job_id, job_status>> distinct;
    for (std::size_t at = 0; at < told.size(); ++at) {
        distinct.emplace(told[at].job, told[at].move.to);
        if (at > 0) CHECK(told[at - 1].move.sequence < told[at].move.sequence);
    }
    CHECK(told.size() == all);
    CHECK(distinct.size() == all);
}

TEST_CASE("a subscriber begins where an earlier one has ended") {
    subscriber one;
    one.create();
    one.create();
    CHECK(one.next(1).get().at(0).job == 1);
    transition_feed later(one.opened.jobs, one.own.get_executor(), one.feed.position());
    const auto rest = net::co_spawn(one.own, later.next(), net::use_future).get();
    REQUIRE(rest.size() == 1);
    CHECK(rest.at(0).job == 2);
}

TEST_CASE("a feed that is closed ends the wait, and every later one") {
    subscriber one;
    auto waiting = one.next();
    one.feed.close();
    CHECK(waiting.get().empty());
    one.create();
    CHECK(one.next().get().empty());
}

TEST_CASE("a watch of one job is not rung for another, and not twice for the same") {
    net::io_context io;
    job_changes changes;
    const auto rung = [&](job_watch& watch) {
        auto waiting = net::co_spawn(io, watch.wait(std::chrono::milliseconds(0)), net::use_future);
        io.restart();
        io.run();
        return waiting.get();
    };
    auto one = changes.watch(1, io.get_executor());
    auto every = changes.watch(std::nullopt, io.get_executor());
    const std::vector<job_id> others{2, 3}, mine{1, 1};
    changes.ring(others);
    CHECK_FALSE(rung(one));
    CHECK(rung(every));
    changes.ring(mine);
    changes.ring(mine);
    CHECK(rung(one));
    CHECK_FALSE(rung(one));
    CHECK(rung(every));
    changes.ring_all();
    CHECK(rung(one));
    CHECK(rung(every));
    { auto gone = changes.watch(1, io.get_executor()); }
    changes.ring(mine);
    CHECK(rung(one));
}
