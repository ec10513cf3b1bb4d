#include "http_load.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace waybill::bench {
namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// The two spellings that there are.
std::size_t after_length_header(std::string_view head) {
    for (const std::string_view rest : {"ontent-Length: ", "ontent-length: "})
        if (const auto at = head.find(rest); at != std::string_view::npos) return at + rest.size();
    throw std::runtime_error("an answer without a length");
}

/// The whole length of the answer that begins so; 0 while its head is not there.
std::size_t length_of(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const auto head = answer.substr(0, end);
    if (!head.starts_with("HTTP/1.1 200")) throw std::runtime_error("answered: " + std::string(head));
    std::size_t length = 0;
    std::from_chars(head.data() + after_length_header(head), head.data() + head.size(), length);
    return end + 4 + length;
}

} // namespace

int connect_to(std::uint16_t port, int receive_buffer) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("socket");
    if (receive_buffer > 0)
        ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        const int problem = errno;
        ::close(socket);
        errno = problem;
        fail("connect");
    }
    return socket;
}

double p99_of(std::vector<double>& latencies) {
    if (latencies.empty()) return 0;
    const auto at = latencies.begin() + static_cast<std::ptrdiff_t>((latencies.size() - 1) * 99 / 100);
    std::nth_element(latencies.begin(), at, latencies.end());
    return *at;
}

struct http_load::link {
    explicit link(std::uint16_t port) : socket(connect_to(port)) {}
    ~link() { ::close(socket); }
    link(const link&) = delete;
    link& operator=(const link&) = delete;

    int socket;
    std::string head{};     ///< of an answer, until its length is known
    std::size_t length = 0; ///< of the whole answer; 0: not known yet
    std::size_t got = 0;
    clock::time_point begun{};
};

http_load::http_load(std::uint16_t port, std::size_t connections) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (poll_ < 0) fail("epoll_create1");
    for (std::size_t i = 0; i < connections; ++i) {
        links_.push_back(std::make_unique<link>(port));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = links_.back().get();
        if (::epoll_ctl(poll_, EPOLL_CTL_ADD, links_.back()->socket, &event) != 0) fail("epoll_ctl");
    }
}

http_load::~http_load() {
    links_.clear();
    ::close(poll_);
}

bool http_load::begin_next(link& on, const script& requests) {
    if (next_ == end_) return false;
    auto text = requests(next_++);
    on.head.clear();
    on.length = 0;
    on.got = 0;
    on.begun = clock::now();
    while (!text.empty()) {
        const auto sent = ::send(on.socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    ++under_way_;
    return true;
}

void http_load::go_on(link& on) {
    static thread_local std::array<char, 256 * 1024> room;
    const auto count = ::recv(on.socket, room.data(), room.size(), MSG_DONTWAIT);
    if (count <= 0) throw std::runtime_error("a connection has ended within an answer");
    on.got += static_cast<std::size_t>(count);
    if (on.length != 0) return;
    on.head.append(room.data(), static_cast<std::size_t>(count));
    on.length = length_of(on.head);
}

load_result http_load::run(std::size_t first, std::size_t count, const script& requests) {
    next_ = first;
    end_ = first + count;
    latencies_.clear();
    latencies_.reserve(count);
    const auto start = clock::now();
    for (auto& one : links_)
        if (!begin_next(*one, requests)) break;
    std::array<epoll_event, 64> ready{};
    while (under_way_ > 0) {
        const int some = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 30'000);
        if (some < 0 && errno == EINTR) continue;
        if (some <= 0) throw std::runtime_error("no answer for 30 seconds");
        for (int i = 0; i < some; ++i) {
            auto& on = *static_cast<link*>(ready.at(static_cast<std::size_t>(i)).data.ptr);
            go_on(on);
            if (on.length == 0 || on.got < on.length) continue;
            --under_way_;
            latencies_.push_back(std::chrono::duration<double>(clock::now() - on.begun).count());
            begin_next(on, requests);
        }
    }
    const std::chrono::duration<double> took = clock::now() - start;
    return {{static_cast<double>(count), took.count()}, latencies_};
}

} // namespace waybill::bench
