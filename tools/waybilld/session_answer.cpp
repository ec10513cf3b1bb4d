// The answering half of a session: what is written, how a connection ends, what is logged.
#include "session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "response_head.hpp"
#include "trace_context.hpp"

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t most_discarded = std::size_t{4} << 20U;

} // namespace

net::awaitable<void> session::hold_back(std::chrono::milliseconds delay) {
    pause_.emplace(stream_.socket().get_executor(), delay);
    error_code stopped;
    auto token = net::redirect_error(net::use_awaitable, stopped);
    auto waiting = pause_->async_wait(token);
    co_await std::move(waiting);
    pause_.reset();
}

net::awaitable<bool> session::send(response& answer, exchange& now) {
    if (answer.held_back.count() > 0 && !stopping_) {
        auto holding = hold_back(answer.held_back);
        co_await std::move(holding);
    }
    const auto& asked = reader_.parsed();
    const bool bodiless = asked.is("HEAD");
    transfer how;
    how.chunked = answer.rest != nullptr && !answer.length && asked.version >= 11;
    how.close = answer.close || stopping_ || asked.version < 11 || !reader_.keep_alive();
    answer.headers.emplace_back("x-request-id", now.request_id);
    auto text = head_text(answer, how, std::chrono::system_clock::now());
    if (!bodiless) text += how.chunked ? chunk_text(answer.body) : answer.body;
    taking_ = pace(limits_.idle_time, limits_.least_rate);
    auto writing = write(text);
    bool sent = co_await std::move(writing);
    if (sent && !bodiless && answer.rest != nullptr) {
        auto sending = send_rest(answer, now, how.chunked);
        sent = co_await std::move(sending);
    }
    log(answer, now);
    co_return sent && !how.close;
}

net::awaitable<bool> session::send_rest(response& answer, const exchange& now, bool chunked) {
    std::exception_ptr disaster;
    try {
        for (bool more = true; more;) {
            std::string piece;
            auto reading = answer.rest->next(piece);
            more = co_await std::move(reading);
            auto text = chunked ? chunk_text(piece) : std::move(piece);
            piece = {}; // a slow reader holds one copy, not two
            if (chunked && !more) text += last_chunk;
            auto writing = write(text);
            const bool sent = co_await std::move(writing);
            if (!sent) co_return false;
        }
        co_return true;
    } catch (...) {
        disaster = std::current_exception();
    }
    // The answer has begun: all that can be said now is that it did not end.
    const auto unsaid = app_.answer_to(disaster, now.request_id);
    cut();
    co_return false;
}

/// False when the client is gone or too slow; then the connection is cut, so that the system keeps nothing
/// for it.
net::awaitable<bool> session::write(std::string_view text) {
    taking_.resume(pace::clock::now());
    while (!text.empty()) {
        const auto patience = taking_.left(pace::clock::now());
        if (patience.count() <= 0) {
            cut();
            co_return false;
        }
        watchdog_.arm(patience);
        error_code problem;
        auto token = net::redirect_error(net::use_awaitable, problem);
        auto writing = stream_.async_write_some(net::buffer(text), token);
        const std::size_t count = co_await std::move(writing);
        if (problem) {
            broken_ = true;
            cut();
            co_return false;
        }
        text.remove_prefix(count);
        taking_.moved(count, pace::clock::now());
    }
    taking_.pause(pace::clock::now());
    watchdog_.disarm();
    co_return true;
}

net::awaitable<void> session::end() {
    auto& socket = stream_.socket();
    if (stream_.is_secured() && !broken_ && socket.is_open()) {
        watchdog_.arm(lingering);
        error_code unheard;
        auto token = net::redirect_error(net::use_awaitable, unheard);
        auto parting = stream_.async_farewell(token);
        co_await std::move(parting);
    }
    error_code ignored;
    socket.shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    if (unread_ && !ignored) {
        // Closing with bytes unread resets the connection, and the answer may be lost with it.
        watchdog_.arm(lingering);
        error_code problem;
        for (std::size_t discarded = 0; !problem && !watchdog_.expired() && discarded < most_discarded;) {
            auto token = net::redirect_error(net::use_awaitable, problem);
            auto reading = socket.async_read_some(net::buffer(chunk_), token);
            discarded += co_await std::move(reading);
        }
    }
    watchdog_.disarm();
    socket.close(ignored);
}

void session::cut() {
    error_code ignored;
    stream_.socket().set_option(net::socket_base::linger(true, 0), ignored);
    stream_.socket().close(ignored);
}

void session::log(const response& answer, const exchange& now) {
    const auto took = std::chrono::steady_clock::now() - now.begun;
    const auto& asked = reader_.parsed();
    app_.note({now.request_id, std::string(trace_id_of(asked)), now.owner, asked.method, now.route,
               std::string(asked.path()), answer.status,
               std::chrono::duration_cast<std::chrono::microseconds>(took)});
}

void session::stop() {
    net::post(executor(), [self = shared_from_this()] {
        self->stopping_ = true;
        if (self->idle_) self->watchdog_.arm({});
        if (self->pause_) self->pause_->cancel();
    });
}

void session::abort() {
    net::post(executor(), [self = shared_from_this()] {
        self->stopping_ = true;
        if (self->pause_) self->pause_->cancel();
        self->cut();
    });
}

} // namespace waybill::http
