// The bytes of one connection, plain or under TLS, so that a session is written once. A plain connection pays
// one branch for it. Belongs to the strand of its socket.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace waybill::http {

class stream {
  public:
    using tcp_socket = boost::asio::ip::tcp::socket;

    /// Plain without a context.
    stream(tcp_socket socket, const std::shared_ptr<boost::asio::ssl::context>& tls)
        : socket_(std::move(socket)), tls_(tls ? std::make_unique<secured>(socket_, *tls) : nullptr) {}

    bool is_secured() const noexcept { return tls_ != nullptr; }

    /// What lies below, to be cancelled, asked, or closed.
    tcp_socket& socket() noexcept { return socket_; }

    template <class Token>
    auto async_read_some(boost::asio::mutable_buffer into, Token&& token) {
        if (tls_) return tls_->async_read_some(into, std::forward<Token>(token));
        return socket_.async_read_some(into, std::forward<Token>(token));
    }
    template <class Token>
    auto async_write_some(boost::asio::const_buffer from, Token&& token) {
        if (tls_) return tls_->async_write_some(from, std::forward<Token>(token));
        return socket_.async_write_some(from, std::forward<Token>(token));
    }

    /// Before anything else of a stream that is secured.
    template <class Token>
    auto async_handshake(Token&& token) {
        return tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Token>(token));
    }
    /// Tells the other end of a secured stream that no more comes, and does not wait until it says so too.
    template <class Token>
    auto async_farewell(Token&& token) {
        SSL_set_shutdown(tls_->native_handle(), SSL_RECEIVED_SHUTDOWN);
        return tls_->async_shutdown(std::forward<Token>(token));
    }

  private:
    using secured = boost::asio::ssl::stream<tcp_socket&>;

    tcp_socket socket_;
    std::unique_ptr<secured> tls_;
};

} // namespace waybill::http
