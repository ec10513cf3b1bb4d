#include "crowd.hpp"

#include <array>
#include <chrono>
#include <stdexcept>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_load.hpp"

namespace waybill::bench {
namespace {

constexpr int small_buffer = 4'096;
constexpr std::string_view unended_head = "GET /healthz HTTP/1.1\r\nHost: bench\r\nx-slow: ";
constexpr std::string_view drop = "aaaaaaaaaa"; ///< of a head, twenty times a second
constexpr std::chrono::milliseconds beat{50};

/// Both ends of each connection are ours.
void allow_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void send_all(int socket, std::string_view text) {
    if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("one of the crowd could not send");
}

} // namespace

crowd::crowd(const crowd_plan& plan) {
    allow_descriptors();
    std::array<char, 4'096> answer{};
    for (std::size_t i = 0; i < plan.idle; ++i) {
        idle_.push_back(connect_to(plan.port));
        send_all(idle_.back(), plan.short_request);
        if (::recv(idle_.back(), answer.data(), answer.size(), 0) <= 0)
            throw std::runtime_error("one of the crowd was not answered");
    }
    for (std::size_t i = 0; i < plan.slow / 2; ++i) {
        senders_.push_back(connect_to(plan.port));
        send_all(senders_.back(), unended_head);
        readers_.push_back(connect_to(plan.port, small_buffer));
        send_all(readers_.back(), plan.long_request);
    }
    thread_ = std::jthread([this](const std::stop_token& until) { dawdle(until); });
}

crowd::~crowd() {
    thread_ = {};
    for (const auto* some : {&idle_, &senders_, &readers_})
        for (const int socket : *some)
            ::close(socket);
}

void crowd::dawdle(const std::stop_token& until) {
    std::array<char, 1'024> some{};
    while (!until.stop_requested()) {
        for (const int socket : senders_)
            (void)::send(socket, drop.data(), drop.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        for (const int socket : readers_)
            (void)::recv(socket, some.data(), some.size(), MSG_DONTWAIT);
        std::this_thread::sleep_for(beat);
    }
}

} // namespace waybill::bench
