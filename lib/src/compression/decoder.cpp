#include "compression/decoder.hpp"

#include <algorithm>
#include <new>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace waybill::compression {
namespace {

constexpr std::string_view gzip_mark = "\x1F\x8B";
constexpr std::string_view zstd_mark = "\x28\xB5\x2F\xFD";
constexpr std::string_view skippable_mark = "\x2A\x4D\x18"; // after a byte from 0x50 to 0x5F
constexpr int gzip_read_window = 15 + 16;                   // the widest, and gzip's header

class gzip_decoder : public decoder {
  public:
    gzip_decoder() {
        if (::inflateInit2(&stream_, gzip_read_window) != Z_OK) throw std::bad_alloc();
    }
    ~gzip_decoder() override { ::inflateEnd(&stream_); }

    std::optional<std::string> decode(std::string_view& in, std::span<char>& out) override {
        if (between_members_ && !begin_member(in)) return std::nullopt;
        // zlib only reads what it is given, whatever its type says.
        stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int code = ::inflate(&stream_, Z_NO_FLUSH);
        in = in.substr(in.size() - stream_.avail_in);
        out = out.subspan(out.size() - stream_.avail_out);
        if (code == Z_MEM_ERROR) throw std::bad_alloc();
        if (code == Z_STREAM_END) between_members_ = true;
        if (code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR) return std::nullopt;
        return stream_.msg ? stream_.msg : "damaged";
    }
    bool at_end() const noexcept override { return between_members_; }
    const char* name() const override { return "gzip"; }

  private:
    /// Zeros fill up the last block of a tape, and mean nothing. False when nothing else is left.
    bool begin_member(std::string_view& in) {
        in.remove_prefix(std::min(in.find_first_not_of('\0'), in.size()));
        if (in.empty()) return false;
        ::inflateReset(&stream_);
        between_members_ = false;
        return true;
    }

    z_stream stream_{};
    bool between_members_ = false;
};

class zstd_decoder : public decoder {
  public:
    zstd_decoder() : context_(::ZSTD_createDCtx()) {
        if (!context_) throw std::bad_alloc();
    }
    ~zstd_decoder() override { ::ZSTD_freeDCtx(context_); }

    std::optional<std::string> decode(std::string_view& in, std::span<char>& out) override {
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const auto code = ::ZSTD_decompressStream(context_, &to, &from);
        const bool moved = from.pos != 0 || to.pos != 0;
        in.remove_prefix(from.pos);
        out = out.subspan(to.pos);
        if (::ZSTD_isError(code) != 0) {
            if (::ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation) throw std::bad_alloc();
            return ::ZSTD_getErrorName(code);
        }
        if (moved) between_frames_ = code == 0; // asked for nothing it says how long a next frame's head is
        return std::nullopt;
    }
    bool at_end() const noexcept override { return between_frames_; }
    const char* name() const override { return "zstd"; }

  private:
    ZSTD_DCtx* context_;
    bool between_frames_ = false;
};

bool is_zstd(std::string_view beginning) {
    if (beginning.starts_with(zstd_mark)) return true;
    return beginning.size() >= 4 && (static_cast<unsigned char>(beginning[0]) & 0xF0U) == 0x50U &&
           beginning.substr(1).starts_with(skippable_mark);
}

} // namespace

std::unique_ptr<decoder> decoder_of(dataset_compression how) {
    switch (how) {
    case dataset_compression::gzip: return std::make_unique<gzip_decoder>();
    case dataset_compression::zstd: return std::make_unique<zstd_decoder>();
    case dataset_compression::none: break;
    }
    return nullptr;
}

std::unique_ptr<decoder> decoder_for(std::string_view beginning) {
    if (beginning.starts_with(gzip_mark)) return decoder_of(dataset_compression::gzip);
    if (is_zstd(beginning)) return decoder_of(dataset_compression::zstd);
    return nullptr;
}

} // namespace waybill::compression
