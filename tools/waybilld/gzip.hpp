// Bodies in gzip (RFC 1952); the only place that names zlib. One answer's; throws `std::bad_alloc` for want
// of memory. An encoder takes a quarter of a megabyte while it lives.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "message.hpp"

namespace waybill::http {

class gzip_encoder {
  public:
    gzip_encoder();
    ~gzip_encoder();
    gzip_encoder(const gzip_encoder&) = delete;
    gzip_encoder& operator=(const gzip_encoder&) = delete;

    /// What can be told of all that was given so far, which may be nothing; with the last piece, the end.
    std::string encode(std::string_view piece, bool last);

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

/// Goes on with a body of which the encoder has had the beginning.
class gzip_stream final : public body_stream {
  public:
    gzip_stream(std::unique_ptr<gzip_encoder> encoder, std::shared_ptr<body_stream> plain)
        : encoder_(std::move(encoder)), plain_(std::move(plain)) {}

    boost::asio::awaitable<bool> next(std::string& piece) override;

  private:
    std::unique_ptr<gzip_encoder> encoder_;
    std::shared_ptr<body_stream> plain_;
};

} // namespace waybill::http
