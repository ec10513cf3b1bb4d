#include "bench_host.hpp"

#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <waybill/job_store.hpp>

#include "application.hpp"
#include "benched_store.hpp"
#include "server.hpp"

namespace waybill::bench {

namespace net = boost::asio;

struct bench_host::impl {
    explicit impl(const std::filesystem::path& file)
        : store(open_store(file)),
          reader(job_reader::open(file).value()),
          jobs(store, writes.get_executor(), reader, reads.get_executor()),
          with{jobs, {}},
          app(with, http::gateway::insecure(), log, limits.body),
          server(io, app, limits),
          port(server.listen({net::ip::address_v4::loopback(), 0}).port()) {
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([this] { io.run(); });
    }
    ~impl() {
        server.stop(std::chrono::seconds(1));
        writes.join();
        reads.join();
        io.stop();
        for (auto& thread : threads)
            thread.join();
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    http::server_limits limits{};
    net::io_context io;
    job_store store;
    job_reader reader;
    net::thread_pool writes{1};
    net::thread_pool reads{1};
    async_job_store jobs;
    http::services with;
    http::request_log log{[](std::string_view) {}};
    http::application app;
    http::server server;
    std::uint16_t port;
    std::vector<std::thread> threads;
};

bench_host::bench_host(const std::filesystem::path& store) : self_(std::make_unique<impl>(store)) {}
bench_host::~bench_host() = default;
std::uint16_t bench_host::port() const { return self_->port; }

} // namespace waybill::bench
