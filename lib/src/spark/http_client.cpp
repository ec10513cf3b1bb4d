#include "spark/http_client.hpp"

#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace waybill::spark {

namespace net = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using net::ip::tcp;

namespace {

constexpr unsigned http_1_1 = 11;
constexpr std::uint32_t most_of_a_head = 64U << 10U;

http::request<http::string_body> message_of(http_request what, const server_address& where) {
    http::request<http::string_body> message(http::string_to_verb(what.method), what.target, http_1_1);
    const bool bracketed = where.host.find(':') != std::string::npos;
    message.set(http::field::host, (bracketed ? '[' + where.host + ']' : where.host) + ':' + where.port);
    message.set(http::field::user_agent, "waybill");
    message.set(http::field::accept, "application/json");
    message.set("X-Requested-By",
                "waybill"); // without it a Livy that guards itself refuses what changes things
    if (!what.body.empty()) message.set(http::field::content_type, "application/json;charset=UTF-8");
    message.body() = std::move(what.body);
    message.prepare_payload();
    message.keep_alive(false);
    return message;
}

} // namespace

/// One request and its answer, on a connection of its own.
class http_exchange : public std::enable_shared_from_this<http_exchange> {
  public:
    http_exchange(http_client& client, http_request what)
        : client_(client),
          resolver_(client.context_),
          socket_(client.context_),
          timer_(client.context_),
          message_(message_of(std::move(what), client.where_)) {
        parser_.body_limit(client.how_.body);
        parser_.header_limit(most_of_a_head);
    }

    void start(http_client::completion then) noexcept {
        then_ = std::move(then);
        try {
            try_to_start();
        } catch (const std::exception& trouble) { // also of the thread that looks names up
            fail(trouble.what());
        }
    }

  private:
    void try_to_start() {
        timer_.expires_after(client_.how_.time);
        timer_.async_wait([self = shared_from_this()](error_code stopped) {
            if (!stopped) self->fail("no answer came in time");
        });
        resolver_.async_resolve(
            client_.where_.host, client_.where_.port,
            [self = shared_from_this()](error_code wrong, tcp::resolver::results_type found) {
                self->go_on(wrong, &http_exchange::connect, std::move(found));
            });
    }

    void fail(const char* why) {
        http_answer answer;
        answer.sent = sent_;
        try {
            answer.trouble = why;
        } catch (const std::bad_alloc&) { // then it ends without words
        }
        finish(std::move(answer));
    }

    /// The next step, unless it is over; a step that there is no memory for ends it.
    template <class... Results>
    void go_on(error_code wrong, void (http_exchange::*step)(Results...), Results... results) {
        if (done_) return;
        try {
            if (wrong) return fail(wrong.message().c_str());
            (this->*step)(std::move(results)...);
        } catch (const std::bad_alloc&) {
            fail("");
        }
    }

    void connect(tcp::resolver::results_type found) {
        net::async_connect(socket_, found,
                           [self = shared_from_this()](error_code wrong, const tcp::endpoint&) {
                               self->go_on(wrong, &http_exchange::write);
                           });
    }

    void write() {
        sent_ = true;
        http::async_write(socket_, message_, [self = shared_from_this()](error_code wrong, std::size_t) {
            self->go_on(wrong, &http_exchange::read);
        });
    }

    void read() {
        http::async_read(socket_, buffer_, parser_,
                         [self = shared_from_this()](error_code wrong, std::size_t) {
                             self->go_on(wrong, &http_exchange::take);
                         });
    }

    void take() {
        http_answer answer;
        answer.sent = true;
        answer.status = parser_.get().result_int();
        answer.body = std::move(parser_.get().body());
        finish(std::move(answer));
    }

    void finish(http_answer answer) {
        if (std::exchange(done_, true)) return;
        error_code ignored;
        timer_.cancel();
        resolver_.cancel();
        socket_.close(ignored);
        const auto then = std::move(then_);
        --client_.active_;
        then(std::move(answer));
    }

    http_client& client_;
    http_client::completion then_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    net::steady_timer timer_;
    http::request<http::string_body> message_;
    http::response_parser<http::string_body> parser_;
    boost::beast::flat_buffer buffer_;
    bool sent_ = false;
    bool done_ = false;
};

http_client::http_client(net::io_context& context, server_address where, limits how)
    : context_(context), where_(std::move(where)), how_(how) {
    if (how_.connections == 0) how_.connections = 1;
}

void http_client::ask(http_request what, completion then) {
    queue_.push_back({std::move(what), std::move(then)});
}

void http_client::pump() {
    while (active_ < how_.connections && !queue_.empty()) {
        const auto exchange = std::make_shared<http_exchange>(*this, queue_.front().what);
        auto then = std::move(queue_.front().then);
        queue_.pop_front();
        ++active_;
        exchange->start(std::move(then));
    }
}

} // namespace waybill::spark
