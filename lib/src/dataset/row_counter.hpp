// Counts the rows in the text of a batch's file, as it comes: lines of NDJSON, records of CSV behind the
// header. One thread per object; throws nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include <waybill/dataset_settings.hpp>

namespace waybill::dataset {

class row_counter {
  public:
    explicit row_counter(dataset_format format) : csv_(format == dataset_format::csv) {}

    void add(std::string_view text) {
        for (const char c : text) {
            // A quote within quotes is there twice, which closes and opens.
            if (csv_ && c == '"') quoted_ = !quoted_;
            if (c == '\n' && !quoted_) ++lines_;
            last_ = c;
        }
    }

    std::int64_t rows() const noexcept { return csv_ && lines_ > 0 ? lines_ - 1 : lines_; }
    /// Whether the text may end here: behind a line, and of CSV not without a header.
    bool complete() const noexcept { return !quoted_ && last_ == '\n' && (!csv_ || lines_ > 0); }

  private:
    bool csv_;
    bool quoted_ = false;
    char last_ = '\n';
    std::int64_t lines_ = 0;
};

} // namespace waybill::dataset
