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
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;
namespace net = boost::asio;

namespace {

struct opened_store {
    temp_store store;
    job_reader reader = job_reader::open(store.file()).value();
    net::thread_pool writing{1};
    net::thread_pool reading{1};
    async_job_store jobs{*store, writing.get_executor(), reader, reading.get_executor()};

    ~opened_store() {
        writing.join();
        reading.join();
    }
};

} // namespace

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
    opened_store opened;
    net::io_context io;
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
