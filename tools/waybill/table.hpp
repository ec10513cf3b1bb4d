// Tables for people: columns as wide as their widest cell, numbers to the right, the head in bold where the
// terminal likes it. What could steer a terminal is replaced in every cell. One thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::tool {

class table {
  public:
    enum class align { left, right };
    struct column {
        std::string head;
        align side = align::left;
    };

    explicit table(std::vector<column> columns) : columns_(std::move(columns)) {}

    /// As many cells as columns.
    void add(std::vector<std::string> row);
    bool empty() const { return rows_.empty(); }
    /// To stdout.
    void print() const;

  private:
    std::vector<column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// Two columns without a head, for the properties of one thing. Empty values are left out.
void print_properties(std::initializer_list<std::pair<std::string_view, std::string>> properties);

/// `1,234,567`
std::string grouped(std::int64_t number);

/// The text with control characters replaced.
std::string printable(std::string_view text);

} // namespace waybill::tool
