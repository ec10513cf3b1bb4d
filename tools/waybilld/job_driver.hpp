// The part of a host that works without any socket: the store, its reader, the segments' definitions, the
// engine, the publisher and the lifecycle with its timer, on threads of their own. Opening and stopping
// belong to one thread and block; `jobs()` may be used from any thread until `stop`.
#pragma once

#include <memory>

#include <waybill/asio.hpp>
#include <waybill/result.hpp>
#include <waybill/segment_store.hpp>

#include "host.hpp"
#include "host_health.hpp"
#include "request_log.hpp"

namespace waybill::http {

class job_driver {
  public:
    /// Opens everything, takes up what an earlier process left, and begins to tick. `owned_elsewhere` when
    /// another process has the store or the datasets; throws `store_failure`.
    static result<std::unique_ptr<job_driver>> open(const host_options& options, request_log& log);
    ~job_driver(); ///< stops
    job_driver(const job_driver&) = delete;
    job_driver& operator=(const job_driver&) = delete;

    async_job_store& jobs();
    std::shared_ptr<host_health> health() const;
    segment_store& segments();
    /// Where what clients ask of the definitions is done, so that nobody else waits for it.
    boost::asio::any_io_executor segment_thread();

    /// Lets attempts go on for the grace, puts the others' jobs back to `NEW`; then ends the threads.
    void stop();

  private:
    struct impl;
    explicit job_driver(std::unique_ptr<impl> self);
    std::unique_ptr<impl> self_;
};

} // namespace waybill::http
