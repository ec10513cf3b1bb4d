#include <future>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <catch2/catch.hpp>

#include <waybill/asio.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/opened_store.hpp"

using namespace waybill;
using namespace waybill::test;
namespace net = boost::asio;

TEST_CASE("a verb can be waited for by a future") {
    opened_store opened;
    const auto created = opened.jobs.create(acme, a_job(), net::use_future).get().value();
    CHECK(opened.jobs.find(acme, created.id, net::use_future).get().value() == created);
    CHECK(opened.jobs.list(acme, {}, net::use_future).get().value().jobs.size() == 1);
    CHECK(opened.jobs.cancel(acme, created.id, "test", net::use_future).get().value() ==
          cancel_outcome::cancelled);
    CHECK(opened.jobs.find(globex, created.id, net::use_future).get().error().code == errc::not_found);
}

TEST_CASE("a verb can be awaited, and its answer arrives on the awaiting executor") {
    net::io_context io; // outlives the threads that post to it
    opened_store opened;
    const auto here = std::this_thread::get_id();
    bool same_thread = false;
    job_id id = 0;
    const auto session = [&]() -> net::awaitable<void> {
        auto created = co_await opened.jobs.create(acme, a_job(), net::use_awaitable);
        id = created.value().id;
        same_thread = std::this_thread::get_id() == here;
    };
    net::co_spawn(io, session, [](std::exception_ptr) {});
    io.run();
    CHECK(id == 1);
    CHECK(same_thread);
}

TEST_CASE("a verb can be answered by a callback, and a disaster comes as its exception") {
    opened_store opened;
    // A store whose tables are gone fails whatever it is asked.
    {
        sql::connection vandal(opened.store.file(), sql::access::write);
        vandal.execute("pragma foreign_keys = off; drop table export_batches");
    }
    std::promise<std::exception_ptr> thrown;
    opened.jobs.create(acme, a_job(),
                       [&](std::exception_ptr why, result<export_job>) { thrown.set_value(why); });
    CHECK_THROWS_AS(std::rethrow_exception(thrown.get_future().get()), store_failure);
}

TEST_CASE("many threads create at once and each gets a job of its own") {
    opened_store opened;
    constexpr int callers = 8;
    constexpr int each = 25;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < callers; ++i)
            threads.emplace_back([&] {
                for (int j = 0; j < each; ++j)
                    opened.jobs.create(acme, a_job(), net::use_future).get().value();
            });
    }
    const auto page = opened.jobs.list(acme, {.limit = 1'000}, net::use_future).get().value();
    CHECK(page.jobs.size() == callers * each);
    CHECK(page.jobs.front().id == callers * each);
}

TEST_CASE("writes that wait at the same time share their commits") {
    opened_store opened;
    // The writer's thread is held up while the writes gather.
    auto go = opened.hold_writer();
    std::vector<std::future<result<export_job>>> waiting;
    for (int i = 0; i < 100; ++i)
        waiting.push_back(opened.jobs.create(acme, a_job(), net::use_future));
    go.set_value();
    for (auto& one : waiting)
        CHECK(one.get().ok());
    CHECK(opened.jobs.write_counters().writes == 100);
    CHECK(opened.jobs.write_counters().commits == 1);
    CHECK(opened.jobs.write_counters().together.counts[6] == 1); // of more than 50 and at most 100
}

TEST_CASE("a refused write harms no other of its commit") {
    opened_store opened;
    auto go = opened.hold_writer();
    auto before = opened.jobs.create(acme, a_job(), net::use_future);
    auto refused = opened.jobs.create(acme, a_job("not a dataset"), net::use_future);
    auto missing = opened.jobs.cancel(acme, 99, "test", net::use_future);
    auto after = opened.jobs.create(acme, a_job(), net::use_future);
    go.set_value();
    CHECK(refused.get().error().code == errc::invalid);
    CHECK(missing.get().error().code == errc::not_found);
    const auto first = before.get().value();
    const auto second = after.get().value();
    CHECK(opened.jobs.find(acme, first.id, net::use_future).get().value() == first);
    CHECK(opened.jobs.find(acme, second.id, net::use_future).get().value() == second);
    CHECK(opened.jobs.list(acme, {}, net::use_future).get().value().jobs.size() == 2);
}

TEST_CASE("a commit that fails is told to everyone in it, and nothing of it stays") {
    opened_store opened;
    {
        // Every new job leaves a debt that is only looked at by the commit.
        sql::connection vandal(opened.store.file(), sql::access::write);
        vandal.execute(
            "create table debts (tenant integer references tenants (id) deferrable initially deferred);"
            "create trigger new_debt after insert on export_jobs begin insert into debts values (-1); end");
    }
    auto go = opened.hold_writer();
    auto one = opened.jobs.create(acme, a_job(), net::use_future);
    auto other = opened.jobs.create(acme, a_job(), net::use_future);
    go.set_value();
    CHECK_THROWS_AS(one.get(), store_failure);
    CHECK_THROWS_AS(other.get(), store_failure);
    CHECK(opened.jobs.list(acme, {}, net::use_future).get().value().jobs.empty());
    sql::connection(opened.store.file(), sql::access::write).execute("drop trigger new_debt");
    CHECK(opened.jobs.create(acme, a_job(), net::use_future).get().ok());
}

TEST_CASE("one write more than may wait is refused, and the others go on") {
    opened_store opened;
    async_job_store narrow(*opened.store, opened.writing.get_executor(), opened.reader,
                           opened.reading.get_executor(), {.waiting = 2});
    auto go = opened.hold_writer();
    auto first = narrow.create(acme, a_job(), net::use_future);
    auto second = narrow.create(acme, a_job(), net::use_future);
    CHECK(narrow.create(acme, a_job(), net::use_future).get().error().code == errc::overloaded);
    go.set_value();
    CHECK(first.get().ok());
    CHECK(second.get().ok());
}

TEST_CASE("a listener is told of new work when it is durable, once for a whole commit") {
    opened_store opened;
    int told = 0;
    bool durable = true;
    opened.store->on_work([&] {
        ++told;
        auto beside = job_reader::open(opened.store.file()).value();
        durable = durable && beside.list(acme, {}).value().jobs.size() == 3;
    });
    opened.store->together([&] {
        for (int i = 0; i < 3; ++i)
            CHECK(opened.store->create(acme, a_job()).ok());
        CHECK(told == 0);
    });
    CHECK(told == 1);
    CHECK(durable);
}

TEST_CASE(
    "a create that throws is told so, and those that shared its transaction are stored once all the same") {
    opened_store opened;
    {
        sql::connection vandal(opened.store.file(), sql::access::write);
        vandal.execute("create trigger poison before insert on export_jobs when new.dataset_id = 'poison' "
                       "begin select raise(abort, 'poison'); end");
    }
    auto go = opened.hold_writer();
    auto before = opened.jobs.create(acme, a_job("d1"), net::use_future);
    auto poison = opened.jobs.create(acme, a_job("poison"), net::use_future);
    auto after = opened.jobs.create(acme, a_job("d2"), net::use_future);
    auto cancelled = opened.jobs.cancel(acme, 99, "test", net::use_future);
    go.set_value();
    CHECK(before.get().ok());
    CHECK_THROWS_WITH(poison.get(), Catch::Contains("poison"));
    CHECK(after.get().ok());
    CHECK(cancelled.get().error().code == errc::not_found);
    CHECK(opened.jobs.list(acme, {}, net::use_future).get().value().jobs.size() == 2);
}

TEST_CASE("verbs that are run together and one of which throws did not happen, and the store goes on") {
    opened_store opened;
    CHECK_THROWS_AS(opened.store->together([&] {
        REQUIRE(opened.store->create(acme, a_job()).ok());
        throw std::runtime_error("the caller's own");
    }),
                    std::runtime_error);
    CHECK(opened.store->list(acme, {}).value().jobs.empty());
    CHECK(opened.store->create(acme, a_job()).ok());
}
