// Cuts an import's input, NDJSON or one JSON array, into the texts of its records without reading more of it
// than one record needs. Whether a text is JSON at all is not looked at here. One thread. An array that
// breaks off is told by `broken`; a stream that cannot be read throws `store_failure`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

    /// Reads `block` bytes at a time, at least 3.
    explicit record_reader(std::istream& input, std::size_t longest = longest_record,
                           std::size_t block = block_size);

    /// Nothing at the end of the input, or where the array ends that is broken.
    std::optional<record> next();
    /// Why what was read is no whole array; known once `next` gave nothing.
    const std::optional<std::string>& broken() const { return broken_; }
    /// Read from the stream so far.
    std::int64_t bytes() const { return bytes_; }

  private:
    enum class form { unknown, lines, array, ended };
    struct element_state;

    bool fill();
    bool at_end() { return at_ == end_ && !fill(); }
    void skip_blanks();
    void take(const char* until);
    void begin();
    std::optional<record> next_line();
    std::optional<record> next_element();
    void finish_array();
    record finished(std::int64_t line, const char* problem) const;

    std::istream& input_;
    std::size_t longest_;
    std::vector<char> block_;
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    std::int64_t bytes_ = 0;
    std::int64_t line_ = 1;
    form form_ = form::unknown;
    bool first_element_ = true;
    std::string text_;
    bool too_long_ = false;
    std::optional<std::string> broken_;
};

} // namespace waybill::profile
