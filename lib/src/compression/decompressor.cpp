#include "compression/decompressor.hpp"

#include <new>
#include <string>

#include <zlib.h>
#include <zstd.h>

#include <waybill/result.hpp>

namespace waybill::compression {

namespace {

constexpr int gunzip_window = 15 + 16; // the widest, and gzip's header instead of zlib's
constexpr std::size_t piece_size = std::size_t{128} << 10U;

using sink_function = std::function<void(std::string_view)>;

[[noreturn]] void not_of_the_format(const char* format, const char* why) {
    throw store_failure(store_failure::kind::corrupt, std::string("not ") + format + ": " + why);
}

} // namespace

struct decompressor::impl {
    explicit impl(dataset_compression which)
        : how(which), complete(which == dataset_compression::none), piece(piece_size, '\0') {
        if (how == dataset_compression::gzip && ::inflateInit2(&gzip, gunzip_window) != Z_OK)
            throw std::bad_alloc(); // these arguments leave nothing else to fail
        if (how == dataset_compression::zstd && !zstd) throw std::bad_alloc();
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;
    ~impl() {
        if (how == dataset_compression::gzip) ::inflateEnd(&gzip);
    }

    void inflate_some(std::string_view bytes, const sink_function& sink);
    void decompress_some(std::string_view bytes, const sink_function& sink);

    struct free_zstd {
        void operator()(ZSTD_DCtx* context) const noexcept { ::ZSTD_freeDCtx(context); }
    };

    dataset_compression how;
    bool complete;
    std::string piece;
    z_stream gzip{};
    std::unique_ptr<ZSTD_DCtx, free_zstd> zstd{how == dataset_compression::zstd ? ::ZSTD_createDCtx()
                                                                                : nullptr};
};

/// `bytes` is one of our pieces, far shorter than what zlib can count.
void decompressor::impl::inflate_some(std::string_view bytes, const sink_function& sink) {
    gzip.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    gzip.avail_in = static_cast<uInt>(bytes.size());
    do {
        if (complete && gzip.avail_in > 0) { // another member follows
            ::inflateReset(&gzip);
            complete = false;
        }
        gzip.next_out = reinterpret_cast<Bytef*>(piece.data());
        gzip.avail_out = static_cast<uInt>(piece.size());
        const auto state = ::inflate(&gzip, Z_NO_FLUSH);
        if (state == Z_MEM_ERROR) throw std::bad_alloc();
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            not_of_the_format("gzip", gzip.msg != nullptr ? gzip.msg : "damaged");
        complete = state == Z_STREAM_END;
        sink(std::string_view(piece.data(), piece.size() - gzip.avail_out));
    } while (gzip.avail_in > 0 || (gzip.avail_out == 0 && !complete));
}

void decompressor::impl::decompress_some(std::string_view bytes, const sink_function& sink) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    ZSTD_outBuffer out{};
    do {
        out = {piece.data(), piece.size(), 0};
        const auto state = ::ZSTD_decompressStream(zstd.get(), &out, &in);
        if (::ZSTD_isError(state) != 0) not_of_the_format("zstd", ::ZSTD_getErrorName(state));
        complete = state == 0;
        sink(std::string_view(piece.data(), out.pos));
    } while (in.pos < in.size || (out.pos == out.size && !complete));
}

decompressor::decompressor(dataset_compression how) : self_(std::make_unique<impl>(how)) {}
decompressor::~decompressor() = default;

void decompressor::add(std::string_view bytes, const sink_function& sink) {
    if (bytes.empty()) return;
    switch (self_->how) {
    case dataset_compression::gzip: return self_->inflate_some(bytes, sink);
    case dataset_compression::zstd: return self_->decompress_some(bytes, sink);
    case dataset_compression::none: return sink(bytes);
    }
}

bool decompressor::complete() const noexcept { return self_->complete; }

} // namespace waybill::compression
