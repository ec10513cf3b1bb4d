#include "gzip.hpp"

#include <array>
#include <new>

#include <zlib.h>

// Every awaitable gets a name before it is awaited: g++ 12 destroys twice what is created inside a co_await.

namespace waybill::http {

namespace {

constexpr int gzip_window = 15 + 16; // the widest, and gzip's header instead of zlib's
constexpr int memory_level = 8;

} // namespace

struct gzip_encoder::impl {
    z_stream stream{};
};

gzip_encoder::gzip_encoder() : self_(std::make_unique<impl>()) {
    // The fastest level: a list of jobs becomes a tenth by it, and the threads that compress also answer.
    if (::deflateInit2(&self_->stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level,
                       Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc(); // these arguments leave nothing else to fail
}

gzip_encoder::~gzip_encoder() { ::deflateEnd(&self_->stream); }

std::string gzip_encoder::encode(std::string_view piece, bool last) {
    auto& stream = self_->stream;
    // zlib only reads what it is given, whatever its type says.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    std::string encoded;
    std::array<char, 16384> some;
    do {
        stream.next_out = reinterpret_cast<Bytef*>(some.data());
        stream.avail_out = static_cast<uInt>(some.size());
        ::deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
        encoded.append(some.data(), some.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    return encoded;
}

boost::asio::awaitable<bool> gzip_stream::next(std::string& piece) {
    std::string text;
    auto reading = plain_->next(text);
    const bool more = co_await std::move(reading);
    piece += encoder_->encode(text, !more);
    co_return more;
}

} // namespace waybill::http
