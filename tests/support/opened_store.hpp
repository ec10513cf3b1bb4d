// A store with everything that `waybill::asio` puts around it, on threads of its own.
#pragma once

#include <future>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <waybill/asio.hpp>

#include "support/temp_store.hpp"

namespace waybill::test {

struct opened_store {
    temp_store store;
    job_reader reader = job_reader::open(store.file()).value();
    boost::asio::thread_pool writing{1};
    boost::asio::thread_pool reading{1};
    async_job_store jobs{*store, writing.get_executor(), reader, reading.get_executor()};
    async_job_owner owner{*store, jobs};

    ~opened_store() {
        writing.join();
        reading.join();
    }

    /// The writer's thread waits until the promise is kept, so that writes gather.
    std::promise<void> hold_writer() {
        std::promise<void> go;
        boost::asio::post(writing, [held = go.get_future().share()] { held.wait(); });
        return go;
    }
};

} // namespace waybill::test
