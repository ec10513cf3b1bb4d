// What gzip and zstd make of a text: one member, one frame.
#pragma once

#include <stdexcept>
#include <string>

#include <zlib.h>
#include <zstd.h>

namespace waybill::test {

inline std::string gzipped(const std::string& text) {
    constexpr int gzip_window = 15 + 16;
    constexpr int memory_level = 8;
    z_stream stream{};
    if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw std::runtime_error("deflateInit2 failed");
    std::string out(::deflateBound(&stream, text.size()), '\0');
    auto in = text; // zlib asks for one that it may write to
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool whole = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    if (!whole) throw std::runtime_error("deflate failed");
    return out;
}

inline std::string zstd_of(const std::string& text) {
    std::string out(::ZSTD_compressBound(text.size()), '\0');
    const auto size = ::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1);
    if (::ZSTD_isError(size) != 0) throw std::runtime_error("ZSTD_compress failed");
    out.resize(size);
    return out;
}

} // namespace waybill::test
