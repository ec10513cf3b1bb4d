#include "compression/compressor.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include <zlib.h>
#include <zstd.h>

#include <waybill/result.hpp>

namespace waybill::compression {

namespace {

constexpr int gzip_window = 15 + 16; // the widest, and gzip's header instead of zlib's
constexpr int gzip_memory = 8;
constexpr int gzip_level = Z_DEFAULT_COMPRESSION;
constexpr int zstd_level = 3; // zstd's own default

[[noreturn]] void refused(const char* library, const char* why) {
    throw store_failure(store_failure::kind::internal, std::string(library) + " refuses: " + why);
}

} // namespace

struct compressor::impl {
    explicit impl(dataset_compression which) : how(which) {
        if (how == dataset_compression::gzip && ::deflateInit2(&gzip, gzip_level, Z_DEFLATED, gzip_window,
                                                               gzip_memory, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc(); // these arguments leave nothing else to fail
        if (how == dataset_compression::zstd && !zstd) throw std::bad_alloc();
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl() {
        if (how == dataset_compression::gzip) ::deflateEnd(&gzip);
    }

    std::string gzip_member(std::string_view bytes);
    std::string zstd_frame(std::string_view bytes);

    struct free_zstd {
        void operator()(ZSTD_CCtx* context) const noexcept { ::ZSTD_freeCCtx(context); }
    };

    dataset_compression how;
    z_stream gzip{};
    std::unique_ptr<ZSTD_CCtx, free_zstd> zstd{how == dataset_compression::zstd ? ::ZSTD_createCCtx()
                                                                                : nullptr};
};

/// zlib counts in 32 bits, so what is longer goes in by pieces.
std::string compressor::impl::gzip_member(std::string_view bytes) {
    if (::deflateReset(&gzip) != Z_OK) refused("zlib", "a reset failed");
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    std::string member(std::min(most, std::size_t{::deflateBound(&gzip, bytes.size())}), '\0');
    std::size_t written = 0;
    for (int state = Z_OK; state != Z_STREAM_END;) {
        if (gzip.avail_in == 0) {
            // zlib only reads what it is given, whatever its type says.
            gzip.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
            gzip.avail_in = static_cast<uInt>(std::min(bytes.size(), most));
            bytes.remove_prefix(gzip.avail_in);
        }
        if (written == member.size()) member.resize(2 * member.size());
        const auto room = std::min(member.size() - written, most);
        gzip.next_out = reinterpret_cast<Bytef*>(member.data() + written);
        gzip.avail_out = static_cast<uInt>(room);
        state = ::deflate(&gzip, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
        if (state == Z_STREAM_ERROR) refused("zlib", "a stream that it does not know");
        written += room - gzip.avail_out;
    }
    member.resize(written);
    return member;
}

std::string compressor::impl::zstd_frame(std::string_view bytes) {
    std::string frame(::ZSTD_compressBound(bytes.size()), '\0');
    const auto written =
        ::ZSTD_compressCCtx(zstd.get(), frame.data(), frame.size(), bytes.data(), bytes.size(), zstd_level);
    if (::ZSTD_isError(written) != 0) refused("zstd", ::ZSTD_getErrorName(written));
    frame.resize(written);
    return frame;
}

compressor::compressor(dataset_compression how) : self_(std::make_unique<impl>(how)) {}
compressor::compressor(compressor&&) noexcept = default;
compressor& compressor::operator=(compressor&&) noexcept = default;
compressor::~compressor() = default;

std::string compressor::compress(std::string_view bytes) {
    switch (self_->how) {
    case dataset_compression::gzip: return self_->gzip_member(bytes);
    case dataset_compression::zstd: return self_->zstd_frame(bytes);
    case dataset_compression::none: break;
    }
    return std::string(bytes);
}

} // namespace waybill::compression
