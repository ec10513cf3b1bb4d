#include "spark/spark_server.hpp"

#include <algorithm>
#include <chrono>
#include <list>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace waybill::test {

namespace net = boost::asio;
namespace http = boost::beast::http;
using net::ip::tcp;

struct spark_server::impl {
    explicit impl(handler with)
        : answer(std::move(with)), acceptor(context, {net::ip::make_address("127.0.0.1"), 0}) {
        accept();
        worker = std::thread([this] { context.run(); });
    }
    ~impl() {
        context.stop();
        worker.join();
    }

    struct session {
        explicit session(tcp::socket with) : socket(std::move(with)) {}
        tcp::socket socket;
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        std::string answer;
    };

    void accept() {
        acceptor.async_accept([this](boost::system::error_code wrong, tcp::socket socket) {
            if (wrong) return;
            open.push_back(std::make_shared<session>(std::move(socket)));
            {
                const std::lock_guard hold(guard);
                most = std::max(most, open.size());
            }
            read(open.back());
            accept();
        });
    }

    void read(const std::shared_ptr<session>& one) {
        http::async_read(one->socket, one->buffer, one->request,
                         [this, one](boost::system::error_code wrong, std::size_t) {
                             if (wrong) return close(one);
                             reply(one);
                         });
    }

    void reply(const std::shared_ptr<session>& one) {
        const asked_request what{std::string(one->request.method_string()),
                                 std::string(one->request.target()), one->request.body()};
        const auto given = answer(what);
        {
            const std::lock_guard hold(guard);
            seen.push_back(what);
        }
        come.notify_all();
        using way = given_answer::way;
        if (given.how == way::silent) return; // it stays in `open`
        if (given.how == way::broken_off) return close(one);
        const auto length = given.body.size() + (given.how == way::cut ? 100 : 0);
        one->answer = "HTTP/1.1 " + std::to_string(given.status) +
                      " As It Is\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: " +
                      std::to_string(length) + "\r\n\r\n" + given.body;
        net::async_write(one->socket, net::buffer(one->answer),
                         [this, one](boost::system::error_code, std::size_t) { close(one); });
    }

    void close(const std::shared_ptr<session>& one) {
        boost::system::error_code ignored;
        one->socket.shutdown(tcp::socket::shutdown_both, ignored);
        one->socket.close(ignored);
        open.remove(one);
    }

    void let_go() {
        net::post(context, [this] {
            while (!open.empty())
                close(std::shared_ptr(open.front()));
        });
    }

    handler answer;
    net::io_context context{1};
    tcp::acceptor acceptor;
    std::list<std::shared_ptr<session>> open; ///< of the worker alone
    mutable std::mutex guard;
    mutable std::condition_variable come;
    std::vector<asked_request> seen;
    std::size_t most = 0;
    std::thread worker;
};

spark_server::spark_server(handler answer)
    : self_(std::make_unique<impl>(std::move(answer))), port_(self_->acceptor.local_endpoint().port()) {}
spark_server::~spark_server() = default;

std::vector<asked_request> spark_server::asked() const {
    const std::lock_guard hold(self_->guard);
    return self_->seen;
}

std::size_t spark_server::count(const std::string& line) const {
    const auto all = asked();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.line().starts_with(line); }));
}

std::size_t spark_server::most_at_once() const {
    const std::lock_guard hold(self_->guard);
    return self_->most;
}

void spark_server::wait_for(const std::string& line, std::size_t times) const {
    std::unique_lock hold(self_->guard);
    const auto enough = [&] {
        return static_cast<std::size_t>(
                   std::count_if(self_->seen.begin(), self_->seen.end(),
                                 [&](const auto& one) { return one.line().starts_with(line); })) >= times;
    };
    if (!self_->come.wait_for(hold, std::chrono::seconds(30), enough))
        throw std::runtime_error("nobody asked " + line);
}

void spark_server::let_go() { self_->let_go(); }

} // namespace waybill::test
