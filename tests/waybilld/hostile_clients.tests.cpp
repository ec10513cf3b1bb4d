#include <catch2/catch.hpp>

#include <deque>

#include <fcntl.h>
#include <sys/socket.h>

#include "routed_server.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t enormous_rate = std::size_t{1} << 50U; ///< bytes a second, which nobody comes to

class endless_stream final : public body_stream {
  public:
    boost::asio::awaitable<bool> next(std::string& piece) override {
        piece = std::string(64'000, 'x');
        co_return true;
    }
};

boost::asio::awaitable<response> answer_endlessly(services&, const call&) {
    response answer;
    answer.rest = std::make_shared<endless_stream>();
    co_return answer;
}

boost::asio::awaitable<response> answer_shortly(services&, const call& of) {
    response answer;
    answer.body = std::to_string(of.asked.body.size());
    co_return answer;
}

constexpr std::array hostile_routes{
    route{"GET", "/endless", std::nullopt, answer_endlessly},
    route{"GET", "/short", std::nullopt, answer_shortly},
    route{"POST", "/short", std::nullopt, answer_shortly},
};

const std::string short_request = "GET /short HTTP/1.1\r\nHost: here\r\n\r\n";

/// The head of a request whose body has this length.
std::string short_post(std::size_t length) {
    return "POST /short HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(length) + "\r\n\r\n";
}

/// A server that has begun.
class begun_server : public routed_server {
  public:
    explicit begun_server(const server_limits& limits = {}) : routed_server(hostile_routes, limits) {
        begin();
    }
};

/// Asks again and again; false when the answer was no for long.
template <class Question>
bool comes_true(Question ask) {
    const auto give_up = steady::now() + 20s;
    while (!ask())
        if (steady::now() > give_up) return false;
    return true;
}

/// Does something until it throws; false when it has not for long.
template <class Action>
bool throws_in_the_end(Action act) {
    return comes_true([&] {
        try {
            act();
        } catch (const boost::system::system_error&) {
            return true;
        }
        return false;
    });
}

/// A socket that is connecting, or has.
class impatient_client {
  public:
    explicit impatient_client(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE((::connect(socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 ||
                 errno == EINPROGRESS));
    }
    ~impatient_client() { ::close(socket_); }
    impatient_client(const impatient_client&) = delete;
    impatient_client& operator=(const impatient_client&) = delete;

    /// Waits until it may send, sends, and waits until it is answered; what came first, empty in case of
    /// none.
    std::string ask(const std::string& bytes) {
        const timeval longest{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
        ::fcntl(socket_, F_SETFL, 0);
        if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return {};
        std::array<char, 512> answer{};
        const auto count = ::recv(socket_, answer.data(), answer.size(), 0);
        return count > 0 ? std::string(answer.data(), static_cast<std::size_t>(count)) : std::string{};
    }

  private:
    int socket_;
};

} // namespace

TEST_CASE("A client that sends a request slower than the least rate is refused, though it never stops") {
    server_limits limits;
    limits.stall_time = 50ms;
    limits.least_rate = enormous_rate;
    limits.head.header_block = 1'000'000;
    const auto [begin, status] = GENERATE(table<std::string, unsigned>({
        {"GET /short HTTP/1.1\r\nHost: here\r\nx: ", 408},
        {short_post(1'000'000), 408},
        {"POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n", 404}, // which is known
    }));
    CAPTURE(begin);
    begun_server server(limits);
    auto slow = server.connect();
    slow.send(begin);
    std::size_t sent = 0;
    CHECK(comes_true([&] {
        slow.send("x");
        return ++sent == 1'000'000 || slow.is_answered();
    }));
    CHECK(sent < 1'000'000);
    CHECK(slow.read().status == status);
}

TEST_CASE(
    "A client that goes on sending is not slow, however small its pieces are and however long it takes") {
    server_limits limits;
    limits.stall_time = 2s;
    limits.least_rate = 1;
    limits.body = 1'000'000'000;
    begun_server server(limits);
    auto careful = server.connect();
    careful.send("POST /short HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n");
    std::size_t sent = 0;
    for (const auto begun = steady::now(); steady::now() < begun + 3s; ++sent)
        careful.send("1\r\nx\r\n");
    careful.send("0\r\n\r\n");
    CHECK(careful.read().body == std::to_string(sent));
}

TEST_CASE("A client that stands still within its request is cut before the time for the whole is over") {
    server_limits limits;
    limits.stall_time = 50ms;
    limits.request_time = 1h;
    begun_server server(limits);
    auto still = server.connect();
    still.send("GET /short HT");
    CHECK(still.read().status == 408);
    CHECK(still.is_closed());
}

TEST_CASE("A client that takes its answer slower than the least rate is cut, though it never stops") {
    server_limits limits;
    limits.idle_time = 200ms;
    limits.least_rate = enormous_rate;
    begun_server server(limits);
    auto slow = server.connect();
    slow.send("GET /endless HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(throws_in_the_end([&] { slow.read_until("x"); }));
}

TEST_CASE("A client that takes nothing of its answer is cut, also when it has ended its side") {
    server_limits limits;
    limits.idle_time = 50ms;
    const bool ends = GENERATE(false, true);
    begun_server server(limits);
    auto still = server.connect();
    still.send("GET /endless HTTP/1.1\r\nHost: here\r\n\r\n");
    if (ends) still.finish();
    CHECK(comes_true([&] { return still.is_answered(); }));
    CHECK(comes_true([&] { return server.open_connections() == 0; }));
    CHECK(still.is_reset()); // rather than what the system would otherwise keep for it
}

TEST_CASE(
    "A client that sends requests and takes no answers is read no further than the system keeps for it") {
    server_limits limits;
    limits.idle_time = 50ms;
    begun_server server(limits);
    auto deaf = server.connect();
    std::string many;
    for (int times = 0; times < 1'000; ++times)
        many += short_request;
    CHECK(throws_in_the_end([&] { deaf.send(many); }));
}

TEST_CASE("A thousand requests in one piece are all answered, in their order") {
    begun_server server;
    auto eager = server.connect();
    std::string all;
    for (std::size_t at = 0; at < 1'000; ++at)
        all += short_post(at % 7) + std::string(at % 7, 'x');
    std::thread sending([&] { eager.send(all); });
    for (std::size_t at = 0; at < 1'000; ++at)
        CHECK(eager.read().body == std::to_string(at % 7));
    sending.join();
}

TEST_CASE("A client that has ended its side gets its answers, then the end") {
    begun_server server;
    auto half = server.connect();
    half.send(short_request + short_request);
    half.finish();
    CHECK(half.read().status == 200);
    CHECK(half.read().status == 200);
    CHECK(half.is_closed());
}

TEST_CASE("When more connect than can wait to be accepted, each is answered in the end") {
    server_limits limits;
    limits.backlog = 2;
    routed_server server(hostile_routes, limits);
    std::deque<impatient_client> crowd;
    for (int at = 0; at < 20; ++at)
        crowd.emplace_back(server.port());
    server.begin();
    for (auto& one : crowd)
        CHECK(one.ask(short_request).starts_with("HTTP/1.1 200"));
}

TEST_CASE("Of connections too many each is answered 503 or closed, and none is left waiting") {
    server_limits limits;
    limits.connections = 3;
    begun_server server(limits);
    std::deque<client> held;
    for (int at = 0; at < 3; ++at) {
        held.push_back(server.connect());
        CHECK(held.back().ask("GET", "/short").status == 200);
    }
    std::deque<impatient_client> crowd;
    for (int at = 0; at < 300; ++at)
        crowd.emplace_back(server.port());
    for (auto& one : crowd) {
        const auto answer = one.ask(short_request);
        CHECK((answer.empty() || answer.starts_with("HTTP/1.1 503")));
    }
    CHECK(held.front().ask("GET", "/short").status == 200);
}
