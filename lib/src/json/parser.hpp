// The recursive reader behind `document::parse`. Internal to the json folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"

namespace waybill::json {

class parser {
  public:
    parser(document& doc, std::string_view source, std::size_t depth_limit, bool compare_keys)
        : doc_(doc),
          begin_(source.data()),
          at_(begin_),
          end_(begin_ + source.size()),
          depth_limit_(depth_limit),
          compare_keys_(compare_keys) {}

    std::optional<parse_error> run();

  private:
    void fail(const char* code, std::string message);
    std::string path() const;
    std::string_view key_of(const document::node& node) const;
    void skip_blanks();
    std::uint32_t offset() const;
    void read_value(std::uint32_t index, std::size_t depth);
    void read_word(std::uint32_t index, std::string_view word, kind type);
    void read_number(std::uint32_t index);
    bool read_string();
    bool read_escape();
    void read_container(std::uint32_t index, std::size_t depth, kind type);
    bool read_child(std::uint32_t parent, std::size_t depth, kind type);
    void make_room();
    bool read_key(document::node& member);
    void refuse_equal_keys(std::uint32_t object);

    document& doc_;
    const char* begin_;
    const char* at_;
    const char* end_;
    std::size_t depth_limit_;
    bool compare_keys_;
    bool between_ = false; ///< at a name, comma or closing bracket, which belong to no value
    std::optional<parse_error> error_;
};

} // namespace waybill::json
