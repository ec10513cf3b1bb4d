// Rows as CSV (RFC 4180): a cell for each of the paths that a job's `fields` name. What is nested is JSON
// text, and so is what a path selects in an array; what is missing is an empty cell. One thread per object,
// whose memory is used again from row to row. Throws `store_failure` (`internal`) for a row that is no JSON
// object.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"

namespace waybill::dataset {

class csv_row {
  public:
    /// `columns` are dot paths, at least one.
    explicit csv_row(std::vector<std::string> columns);

    /// Appends the line of the columns' names.
    void append_header(std::string& out) const;
    /// Appends the line of one row, a JSON object.
    void append(std::string& out, std::string_view row);

  private:
    std::string cell(json::value from, std::string_view path) const;

    std::vector<std::string> columns_;
    json::document document_;
};

} // namespace waybill::dataset
