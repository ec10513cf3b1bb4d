// Requests and answers as plain values, so that everything between the socket and the store can be tested
// without a socket. A message is one connection's; nothing here throws but for memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace waybill::http {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// Whether two header names, or tokens, are the same.
bool same_token(std::string_view one, std::string_view other) noexcept;

struct request {
    std::string method;
    std::string target;    ///< origin form: path and query
    unsigned version = 11; ///< 10 or 11
    header_list headers;   ///< as sent, in order
    std::string body;
    std::string peer; ///< the other end's address

    /// The value of the first such header.
    std::optional<std::string_view> header(std::string_view name) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
    std::string_view path() const noexcept;  ///< up to the `?`
    std::string_view query() const noexcept; ///< after it
    bool is(std::string_view what) const noexcept { return method == what; }
    /// Whether a body follows, or would: a length other than 0, or chunks.
    bool announces_body() const noexcept;
    /// What `Content-Length` says, when it is there and a number.
    std::optional<std::size_t> announced_length() const noexcept;
};

/// The rest of a body that is too long to be made at once.
class body_stream {
  public:
    body_stream() = default;
    body_stream(const body_stream&) = delete;
    body_stream& operator=(const body_stream&) = delete;
    virtual ~body_stream() = default;

    /// Appends the next piece; false when that was the last. What it throws cuts the connection.
    virtual boost::asio::awaitable<bool> next(std::string& piece) = 0;
};

struct response {
    unsigned status = 200;
    header_list headers;
    std::string body;
    std::shared_ptr<body_stream> rest;  ///< follows `body`
    std::optional<std::int64_t> length; ///< of `body` and `rest` together, when it is known; then no chunks
    bool close = false;                 ///< nothing more may be read from this connection
    std::chrono::milliseconds held_back{0}; ///< before it is sent, unless the host ends

    /// The value of the first such header.
    std::optional<std::string_view> header(std::string_view name) const noexcept;
};

} // namespace waybill::http
