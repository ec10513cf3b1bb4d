// An import's input as it was before gzip (several members) or zstd (several frames), which its first bytes
// tell; any other input as it is. Memory does not grow with the input: of zstd, windows of at most 128 MiB
// are taken. One thread. What breaks off or is damaged is told by `broken`; a stream that cannot be read
// throws `store_failure`, a lack of memory `std::bad_alloc`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compression/decoder.hpp"

namespace waybill::profile {

class decoded_input {
  public:
    /// Reads `block` bytes at a time, at least 4, and hands out as many at the most.
    decoded_input(std::istream& input, std::size_t block);
    decoded_input(const decoded_input&) = delete;
    decoded_input& operator=(const decoded_input&) = delete;
    ~decoded_input();

    /// The next bytes, good until the next call; fewer than a block only at the end. Nothing at the end, or
    /// once what was whole before the break has been handed out.
    std::string_view next();
    /// Why, and after which byte of the stream, it goes on no further; known once `next` gave nothing.
    const std::optional<std::string>& broken() const { return broken_; }
    /// Read from the stream so far.
    std::int64_t bytes() const { return bytes_; }

  private:
    bool refill();
    std::string_view decode();
    void break_off(const std::string& why);

    std::istream& input_;
    std::vector<char> block_;
    std::string_view rest_; ///< of the block: not yet decoded
    std::int64_t bytes_ = 0;
    bool begun_ = false;
    std::unique_ptr<compression::decoder> decoder_; ///< none: the input is plain
    std::vector<char> decoded_;
    std::optional<std::string> broken_;
};

} // namespace waybill::profile
