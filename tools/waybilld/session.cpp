#include "session.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "digest.hpp"
#include "problem.hpp"

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace net = boost::asio;
using boost::system::error_code;
using step = request_reader::step;

namespace {

std::string address_of(const net::ip::tcp::socket& socket) {
    error_code ignored;
    const auto end = socket.remote_endpoint(ignored);
    return end.address().to_string();
}

} // namespace

session::session(net::ip::tcp::socket socket, application& app, const server_limits& limits,
                 tls_identity* tls)
    : stream_(std::move(socket), tls != nullptr ? tls->current() : nullptr),
      app_(app),
      limits_(limits),
      tls_(tls),
      peer_(address_of(stream_.socket())),
      watchdog_(stream_.socket()),
      arriving_(limits.stall_time, limits.least_rate),
      taking_(limits.idle_time, limits.least_rate),
      reader_(limits.head) {
    error_code ignored;
    stream_.socket().set_option(net::ip::tcp::no_delay(true), ignored);
}

net::awaitable<void> session::run() {
    auto opening = open(limits_.request_time);
    bool more = co_await std::move(opening);
    while (more) {
        auto waiting = wait_for_request();
        more = co_await std::move(waiting);
        if (!more) break;
        auto serving = serve_one();
        more = co_await std::move(serving);
    }
    auto ending = end();
    co_await std::move(ending);
}

net::awaitable<void> session::turn_away() {
    auto opening = open(lingering);
    const bool opened = co_await std::move(opening);
    if (!opened) {
        auto ending = end();
        co_await std::move(ending);
        co_return;
    }
    exchange now;
    now.request_id = random_id();
    auto answer = problem(503, now.request_id, "there are too many connections");
    answer.headers.emplace_back("Retry-After", "1");
    auto refusing = refuse(answer, now);
    co_await std::move(refusing);
    auto ending = end();
    co_await std::move(ending);
}

/// Nothing to do for a plain connection.
net::awaitable<bool> session::open(std::chrono::milliseconds patience) {
    if (!stream_.is_secured()) co_return true;
    if (stopping_) co_return false;
    idle_ = true; // a stop may end it: nothing has been asked yet
    watchdog_.arm(patience);
    error_code problem;
    auto token = net::redirect_error(net::use_awaitable, problem);
    auto shaking = stream_.async_handshake(token);
    co_await std::move(shaking);
    watchdog_.disarm();
    idle_ = false;
    broken_ = problem.failed();
    if (broken_ && !stopping_) tls_->count_failed_handshake();
    co_return !broken_;
}

net::awaitable<bool> session::wait_for_request() {
    reader_.next();
    if (reader_.has_bytes()) co_return true;
    if (stopping_) co_return false;
    idle_ = true;
    watchdog_.arm(limits_.idle_time);
    bool some = true;
    while (some && !reader_.has_bytes()) { // line ends between requests are nobody's request
        auto reading = read_some();
        some = co_await std::move(reading);
        reader_.skip_blank_lines();
    }
    idle_ = false;
    watchdog_.disarm();
    co_return some;
}

/// One request and its answer; whether the connection goes on.
net::awaitable<bool> session::serve_one() {
    exchange now;
    arriving_ = pace(limits_.stall_time, limits_.least_rate);
    arriving_.resume(now.begun);
    auto arriving = arrive(phase::head, now);
    const auto head = co_await std::move(arriving);
    reader_.parsed().peer = peer_;
    now.request_id = request_id_of(reader_.parsed());
    if (head == arrival::gone) co_return false;
    bool goes_on = false;
    if (head == arrival::ready) {
        auto replying = reply_to(now);
        goes_on = co_await std::move(replying);
    } else {
        const auto answer = unreadable_answer(head, now);
        auto refusing = refuse(answer, now);
        co_await std::move(refusing);
    }
    co_return goes_on;
}

net::awaitable<bool> session::reply_to(exchange& now) {
    auto decision = app_.admit(reader_.parsed(), now.request_id);
    now.route = decision.pattern;
    auto* const refusal = std::get_if<response>(&decision.outcome);
    if (auto* const allowed = std::get_if<admitted>(&decision.outcome)) now.owner = allowed->owner;
    const bool expects = waits_for_continue();

    // A refused request's body is skipped when that is cheap, so that the connection can go on.
    const auto& asked = reader_.parsed();
    const bool skippable = !asked.header("Transfer-Encoding") && !expects &&
                           asked.announced_length().value_or(0) <= limits_.body;
    if (refusal != nullptr && !skippable) {
        auto refusing = refuse(*refusal, now);
        co_await std::move(refusing);
        co_return false;
    }
    if (refusal == nullptr && expects) {
        auto encouraging = write("HTTP/1.1 100 Continue\r\n\r\n");
        const bool written = co_await std::move(encouraging);
        if (!written) co_return false;
    }
    auto arriving = arrive(refusal == nullptr ? phase::body : phase::skipped_body, now);
    const auto body = co_await std::move(arriving);
    watchdog_.disarm();
    if (body == arrival::gone) co_return false;
    if (body != arrival::ready) {
        // What was decided first is the answer, also when the rest of the body never comes.
        const auto answer = refusal != nullptr ? *refusal : unreadable_answer(body, now);
        auto refusing = refuse(answer, now);
        co_await std::move(refusing);
        co_return false;
    }
    response answer;
    if (refusal != nullptr) {
        answer = std::move(*refusal);
    } else {
        auto working =
            app_.answer(std::get<admitted>(decision.outcome), reader_.parsed(), now.request_id, *this);
        answer = co_await std::move(working);
        stop_looking();
    }
    auto sending = send(answer, now);
    const bool goes_on = co_await std::move(sending);
    co_return goes_on;
}

/// Answers and ends the connection, though the request has not been read to its end.
net::awaitable<void> session::refuse(const response& answer, exchange& now) {
    response last = answer;
    last.close = true;
    unread_ = true;
    auto sending = send(last, now);
    co_await std::move(sending);
}

response session::unreadable_answer(arrival how, const exchange& now) const {
    if (how == arrival::late) return problem(408, now.request_id, "the request did not arrive in time");
    return problem(reader_.refusal().status, now.request_id, {reader_.refusal().why});
}

bool session::waits_for_continue() const {
    const auto& asked = reader_.parsed();
    const auto expected = asked.header("Expect");
    return asked.version >= 11 && asked.announces_body() && expected &&
           same_token(*expected, "100-continue") && !reader_.has_bytes();
}

step session::advance(phase what) {
    switch (what) {
    case phase::head: return reader_.read_head();
    case phase::body: return reader_.read_body(limits_.body);
    case phase::skipped_body: return reader_.skip_body();
    }
    return step::refused;
}

/// Of the whole request, and of its pace.
std::chrono::milliseconds session::time_left(const exchange& now) const {
    const auto moment = pace::clock::now();
    const auto whole =
        std::chrono::ceil<std::chrono::milliseconds>(now.begun + limits_.request_time - moment);
    return std::min(whole, arriving_.left(moment));
}

net::awaitable<session::arrival> session::arrive(phase what, const exchange& now) {
    for (;;) {
        const auto come = advance(what);
        if (come == step::ready) co_return arrival::ready;
        if (come == step::refused) co_return arrival::refused;
        const auto patience = time_left(now);
        if (patience.count() <= 0) co_return arrival::late;
        watchdog_.arm(patience);
        auto reading = read_some();
        const bool some = co_await std::move(reading);
        if (!some) co_return watchdog_.expired() ? arrival::late : arrival::gone;
    }
}

net::awaitable<bool> session::read_some() {
    // The time may have passed while a read had ended already, with nothing there to cancel.
    if (watchdog_.expired()) co_return false;
    error_code problem;
    auto token = net::redirect_error(net::use_awaitable, problem);
    auto reading = stream_.async_read_some(net::buffer(chunk_), token);
    const std::size_t count = co_await std::move(reading);
    if (problem) co_return false;
    reader_.feed({chunk_.data(), count});
    arriving_.moved(count, pace::clock::now());
    co_return true;
}

/// What a client sends meanwhile is its next request, and is kept for then, up to a bound: only behind it can
/// the end of the connection be seen. Not under TLS: there it stands in a record that only the next read may
/// take.
void session::watch(std::function<void()> tell) {
    if (stream_.is_secured()) return;
    tell_gone_ = std::move(tell);
    looking_ = true;
    error_code ignored;
    stream_.socket().non_blocking(true, ignored);
    look_for_end();
}

void session::look_for_end() {
    stream_.socket().async_wait(net::ip::tcp::socket::wait_read,
                                [weak = weak_from_this(), mine = ++looks_](const error_code& problem) {
                                    const auto self = weak.lock();
                                    if (self && mine == self->looks_) self->take_early(problem);
                                });
}

void session::take_early(error_code problem) {
    if (!problem) {
        const auto count = stream_.socket().read_some(net::buffer(chunk_), problem);
        if (!problem) reader_.feed({chunk_.data(), count});
        if (problem == net::error::would_block) problem = {};
    }
    if (problem) {
        gone_ = true;
        if (const auto tell = std::exchange(tell_gone_, nullptr)) tell();
    } else if (reader_.waiting() < chunk_.size()) {
        look_for_end();
    }
}

void session::stop_looking() {
    if (!looking_) return;
    looking_ = false;
    ++looks_;
    tell_gone_ = nullptr;
    error_code ignored;
    stream_.socket().cancel(ignored);
}

} // namespace waybill::http
