// Reads a compressed file back, piece by piece, whatever members or frames it is made of. One thread per
// object. Throws `store_failure` (`corrupt`) for bytes that are not of the format, `bad_alloc`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <waybill/dataset_settings.hpp>

namespace waybill::compression {

class decoder;

class decompressor {
  public:
    explicit decompressor(dataset_compression how);
    ~decompressor();
    decompressor(const decompressor&) = delete;
    decompressor& operator=(const decompressor&) = delete;

    /// Hands on what the bytes give, in pieces of bounded size.
    void add(std::string_view bytes, const std::function<void(std::string_view)>& sink);
    /// Whether the file may end here: at the end of a member or frame, and not without any.
    bool complete() const noexcept;

  private:
    std::unique_ptr<decoder> decoder_; ///< none: nothing is compressed
    std::string piece_;
};

} // namespace waybill::compression
