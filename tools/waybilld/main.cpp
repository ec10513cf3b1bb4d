// waybilld: starts a host, says where it listens, and has it reload or stop when a signal asks.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <waybill/result.hpp>

#include "host.hpp"
#include "memory_patience.hpp"
#include "options.hpp"

namespace {

using namespace waybill;
using http::exit_code;

int complain(std::string_view what, exit_code with) {
    std::cerr << "waybilld: " << what << std::endl;
    return static_cast<int>(with);
}

/// Each hangup has the host read its credentials and its certificate again.
void reload_at_hangups(http::host& served, boost::asio::signal_set& hangups) {
    hangups.async_wait([&](const boost::system::error_code& problem, int) {
        if (problem) return;
        served.reload();
        reload_at_hangups(served, hangups);
    });
}

/// Returns once the first signal has stopped the host; the second ends the process at once.
void serve_until_signalled(http::host& served, boost::asio::io_context& signals,
                           boost::asio::signal_set& watched) {
    std::thread stopping;
    watched.async_wait([&](const boost::system::error_code& problem, int) {
        if (problem) return;
        watched.async_wait([](const boost::system::error_code& over, int) {
            if (!over) std::_Exit(static_cast<int>(exit_code::failed));
        });
        stopping = std::thread([&] {
            served.stop();
            signals.stop();
        });
    });
    signals.run();
    if (stopping.joinable()) stopping.join();
}

int run(const http::host_options& options) {
    http::request_log log;
    // Before the start, so that a signal during recovery is kept for after it.
    boost::asio::io_context signals;
    boost::asio::signal_set watched(signals, SIGINT, SIGTERM), hangups(signals, SIGHUP);
    auto served = http::host::start(options, log);
    if (!served)
        return complain(served.error().message, served.error().code == errc::owned_elsewhere
                                                    ? exit_code::owned_elsewhere
                                                    : exit_code::failed);
    std::cout << "waybilld listening on " << served.value()->url() << std::endl;
    reload_at_hangups(*served.value(), hangups);
    serve_until_signalled(*served.value(), signals, watched);
    return static_cast<int>(exit_code::done);
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN); // a log that nobody reads any more is no reason to end
    std::signal(SIGXFSZ, SIG_IGN); // nor is a file that may grow no further: the write fails and says so
    http::wait_for_memory_when_it_is_short();
    const auto parsed = http::parse_command_line(argc, argv);
    if (const auto* const code = std::get_if<exit_code>(&parsed)) return static_cast<int>(*code);
    try {
        return run(std::get<http::host_options>(parsed));
    } catch (const std::exception& disaster) {
        return complain(disaster.what(), exit_code::failed);
    }
}
