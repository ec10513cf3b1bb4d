#include "host.hpp"

#include <cstdlib>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>

#include "application.hpp"
#include "job_driver.hpp"
#include "options.hpp"
#include "server.hpp"

namespace waybill::http {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

failed_login_options failed_logins_of(const host_options& options, request_log& log) {
    failed_login_options failures;
    failures.allowed = options.limits.failed_logins;
    failures.delay = options.limits.failed_login_delay;
    failures.on_slowed = [&log](std::string_view address) {
        log.event("failed logins from " + std::string(address) + " are slowed");
    };
    return failures;
}

result<gateway> gateway_of(const host_options& options, const net::ip::address& address, request_log& log) {
    if (options.credentials.has_value() == options.insecure_dev)
        return failure{errc::invalid, "either credentials or insecure-dev is needed", {}};
    if (options.insecure_dev) {
        if (address.is_loopback()) return gateway::insecure(failed_logins_of(options, log));
        return failure{errc::invalid, "insecure-dev is only for a loopback address", {}};
    }
    auto book = credential_book::load(*options.credentials);
    if (!book) return std::move(book).error();
    return gateway(std::move(*book), wall_clock, failed_logins_of(options, log));
}

/// Nothing without TLS files.
result<std::unique_ptr<tls_identity>> identity_of(const host_options& options) {
    if (!options.tls) return std::unique_ptr<tls_identity>();
    auto context = load_tls(*options.tls);
    if (!context) return std::move(context).error();
    return std::make_unique<tls_identity>(std::move(*context));
}

} // namespace

struct host::impl {
    impl(const host_options& options, request_log& lines, std::unique_ptr<job_driver> jobs, gateway door,
         std::unique_ptr<tls_identity> shown)
        : grace(options.grace),
          credentials(options.credentials),
          certificate(options.tls),
          log(lines),
          tls(std::move(shown)),
          driver(std::move(jobs)),
          with{driver->jobs(), options.documents},
          app(with, std::move(door), lines, options.limits.body),
          http(io, app, options.limits, tls.get()) {
        with.datasets = options.datasets;
        with.profiles = options.profiles;
        with.disk = disk_threads.get_executor();
        with.segments = &driver->segments();
        with.segment_thread = driver->segment_thread();
        with.health = driver->health();
        with.heartbeat = options.limits.heartbeat;
        with.open_connections = [this] { return http.open_connections(); };
        with.failed_logins = [this] { return app.door().failed_logins(); };
        with.failed_handshakes = [this] { return tls ? tls->failed_handshakes() : 0; };
    }

    ~impl() { stop(); }

    void run(std::size_t count) {
        for (std::size_t at = 0; at < count; ++at)
            threads.emplace_back([this] { work_on(); });
    }

    /// What comes out here is a lack of memory within Asio, after which connections may hang and nobody be
    /// let in. What was acknowledged is in the store, and the next start goes on from there.
    void work_on() {
        try {
            io.run();
        } catch (const std::exception& disaster) {
            log.problem("the host ends, for it cannot go on: ", disaster);
            std::_Exit(static_cast<int>(exit_code::failed));
        }
    }

    void reload_credentials() {
        if (!credentials) return log.event("there are no credentials to read again: insecure-dev");
        auto book = credential_book::load(*credentials);
        if (!book) return log.problem("the credentials stay as they were: " + book.error().message);
        app.door().replace(std::move(*book));
        log.event("the credentials have been read again");
    }

    void reload_certificate() {
        if (!tls) return;
        auto context = load_tls(*certificate);
        if (!context) return log.problem("the TLS certificate stays as it was: " + context.error().message);
        tls->replace(std::move(*context));
        log.event("the TLS certificate has been read again");
    }

    void stop() {
        if (with.stopping.exchange(true)) return;
        log.event("stopping");
        driver->jobs().changes().ring_all(); // streams of events end
        http.stop(grace);
        disk_threads.join();
        driver->stop();
        work.reset();
        io.stop();
        for (auto& thread : threads)
            thread.join();
        log.event("stopped");
    }

    std::chrono::milliseconds grace;
    std::optional<std::filesystem::path> credentials;
    std::optional<tls_files> certificate;
    request_log& log;
    std::unique_ptr<tls_identity> tls; ///< nothing: plain HTTP
    net::io_context io; // outlives the driver, whose threads may hold the rest of a cut request
    net::executor_work_guard<net::io_context::executor_type> work{io.get_executor()};
    std::unique_ptr<job_driver> driver;
    net::thread_pool disk_threads{2}; // one slow file alone keeps nobody waiting
    services with;
    application app;
    server http;
    std::vector<std::thread> threads;
    tcp::endpoint where;
};

host::host(std::unique_ptr<impl> self) : self_(std::move(self)) {}
host::~host() = default;

result<std::unique_ptr<host>> host::start(const host_options& options, request_log& log) {
    boost::system::error_code problem;
    const auto address = net::ip::make_address(options.address, problem);
    if (problem) return failure{errc::invalid, "'" + options.address + "' is no address to listen at", {}};
    auto door = gateway_of(options, address, log);
    if (!door) return std::move(door).error();
    auto identity = identity_of(options);
    if (!identity) return std::move(identity).error();
    auto driver = job_driver::open(options, log);
    if (!driver) return std::move(driver).error();

    auto self =
        std::make_unique<impl>(options, log, std::move(*driver), std::move(*door), std::move(*identity));
    try {
        self->where = self->http.listen({address, options.port});
    } catch (const boost::system::system_error& refused) {
        return failure{errc::conflict,
                       "cannot listen at " + options.address + ":" + std::to_string(options.port) + ": " +
                           refused.code().message(),
                       {}};
    }
    self->run(options.threads);
    return std::unique_ptr<host>(new host(std::move(self)));
}

std::uint16_t host::port() const noexcept { return self_->where.port(); }

std::string host::url() const {
    const auto& address = self_->where.address();
    const auto name = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    return (self_->tls ? "https://" : "http://") + name + ":" + std::to_string(port());
}

void host::reload() {
    try {
        self_->reload_credentials();
        self_->reload_certificate();
    } catch (const std::exception& disaster) { // for want of memory
        self_->log.problem(std::string("nothing has been read again: ") + disaster.what());
    }
}

void host::stop() { self_->stop(); }

} // namespace waybill::http
