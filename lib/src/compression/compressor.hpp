// Compresses pieces of a file, each by itself: the pieces one after the other are a valid file of the format
// (gzip's members, zstd's frames). Its memory is used again from piece to piece. One thread per object.
// Throws `bad_alloc`, and `store_failure` (`internal`) when a library refuses.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <waybill/dataset_settings.hpp>

namespace waybill::compression {

class compressor {
  public:
    explicit compressor(dataset_compression how);
    ~compressor();
    compressor(compressor&&) noexcept;
    compressor& operator=(compressor&&) noexcept;

    /// Also of no bytes: an empty member or frame. With `none` the bytes themselves.
    std::string compress(std::string_view bytes);

  private:
    struct impl;
    std::unique_ptr<impl> self_;
};

} // namespace waybill::compression
