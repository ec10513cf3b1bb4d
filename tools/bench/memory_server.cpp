#include "memory_server.hpp"

#include <charconv>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace waybill::bench {

namespace net = boost::asio;
namespace beast = boost::beast;
using net::ip::tcp;

namespace {

const std::string& body_for(std::string_view target, const std::vector<std::string>& bodies) {
    std::size_t number = 0;
    const auto at = target.rfind('/') + 1;
    std::from_chars(target.data() + at, target.data() + target.size(), number);
    return bodies[number % bodies.size()];
}

class conversation : public std::enable_shared_from_this<conversation> {
  public:
    conversation(tcp::socket socket, const std::vector<std::string>& bodies)
        : stream_(std::move(socket)), bodies_(bodies) {}

    void read() {
        request_ = {};
        beast::http::async_read(stream_, buffer_, request_,
                                [self = shared_from_this()](beast::error_code problem, std::size_t) {
                                    if (!problem) self->answer();
                                });
    }

  private:
    void answer() {
        const auto target = request_.target();
        answer_ = {beast::http::status::ok, request_.version()};
        answer_.set(beast::http::field::content_type, "application/json");
        answer_.body() = body_for({target.data(), target.size()}, bodies_);
        answer_.prepare_payload();
        beast::http::async_write(stream_, answer_,
                                 [self = shared_from_this()](beast::error_code problem, std::size_t) {
                                     if (!problem) self->read();
                                 });
    }

    beast::tcp_stream stream_;
    const std::vector<std::string>& bodies_;
    beast::flat_buffer buffer_;
    beast::http::request<beast::http::string_body> request_;
    beast::http::response<beast::http::string_body> answer_;
};

} // namespace

struct memory_server::impl {
    explicit impl(std::vector<std::string> with)
        : bodies(std::move(with)), acceptor(io, {net::ip::address_v4::loopback(), 0}) {
        accept();
        for (int i = 0; i < 2; ++i)
            threads.emplace_back([this] { io.run(); });
    }
    ~impl() {
        io.stop();
        for (auto& thread : threads)
            thread.join();
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    void accept() {
        acceptor.async_accept(net::make_strand(io), [this](beast::error_code problem, tcp::socket socket) {
            if (problem) return;
            socket.set_option(tcp::no_delay(true), problem);
            std::make_shared<conversation>(std::move(socket), bodies)->read();
            accept();
        });
    }

    std::vector<std::string> bodies;
    net::io_context io;
    tcp::acceptor acceptor;
    std::vector<std::thread> threads;
};

memory_server::memory_server(std::vector<std::string> bodies)
    : self_(std::make_unique<impl>(std::move(bodies))) {}
memory_server::~memory_server() = default;
std::uint16_t memory_server::port() const { return self_->acceptor.local_endpoint().port(); }

} // namespace waybill::bench
