// The recursive reader behind `document::parse`. Internal to the json folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "json/field_tree.hpp"

namespace waybill::json {

class parser {
  public:
    /// `again`: the text was read before, and only these fields are wanted now.
    parser(document& doc, std::string_view source, std::size_t depth_limit, const field_tree* again)
        : doc_(doc),
          begin_(source.data()),
          at_(begin_),
          end_(begin_ + source.size()),
          depth_limit_(depth_limit),
          again_(again) {}

    std::optional<parse_error> run();

  private:
    void fail(const char* code, std::string message);
    std::string path() const;
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
    bool another_follows(kind type);
    void refuse_equal_keys(std::uint32_t object);

    document& doc_;
    const char* begin_;
    const char* at_;
    const char* end_;
    std::size_t depth_limit_;
    const field_tree* again_; ///< what is wanted at `at_`
    bool between_ = false;    ///< at a name, comma or closing bracket, which belong to no value
    std::optional<parse_error> error_;
};

} // namespace waybill::json
