// Cuts an import's input, NDJSON or one JSON array, compressed or not, into the texts of its records without
// reading more of it than one record needs. Whether a text is JSON at all is not looked at here. One thread.
// An array that breaks off, and a compressed input that does or is damaged, is told by `broken`; a stream
// that cannot be read throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "profile/decoded_input.hpp"

namespace waybill::profile {

class record_reader {
  public:
    static constexpr std::size_t longest_record = std::size_t{16} << 20U;
    static constexpr std::size_t block_size = std::size_t{256} << 10U;

    struct record {
        std::int64_t line = 0; ///< where it begins, counted from 1
        std::string_view text; ///< good until the next call; only the beginning of one that is too long
        const char* problem = nullptr; ///< why this is no whole record, if it is none
    };

    /// Reads `block` bytes at a time, at least 4.
    explicit record_reader(std::istream& input, std::size_t longest = longest_record,
                           std::size_t block = block_size);

    /// Nothing at the end of the input, or where the array ends that is broken.
    std::optional<record> next();
    /// Why what was read is no whole input; known once `next` gave nothing.
    const std::optional<std::string>& broken() const { return broken_; }
    /// Read from the stream so far, compressed as it is.
    std::int64_t bytes() const { return input_.bytes(); }

  private:
    enum class form { unknown, lines, array, ended };
    struct element_state;

    bool fill();
    bool at_end() { return at_ == end_ && !fill(); }
    void skip_blanks();
    void take(const char* until);
    void begin();
    void end();
    std::optional<record> next_line();
    std::optional<record> next_element();
    void finish_array();
    record finished(std::int64_t line, const char* problem) const;

    decoded_input input_;
    std::size_t longest_;
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    std::int64_t line_ = 1;
    form form_ = form::unknown;
    bool first_element_ = true;
    std::string text_;
    bool too_long_ = false;
    std::optional<std::string> broken_;
};

} // namespace waybill::profile
