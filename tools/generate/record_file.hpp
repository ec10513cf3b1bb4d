// One NDJSON file that is written straight through a large buffer, and the few ways to append to a record.
// Throws std::system_error, with the file's name, when the disk refuses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace waybill::generate {

class record_file {
  public:
    explicit record_file(const std::filesystem::path& file);
    record_file(const record_file&) = delete;
    record_file& operator=(const record_file&) = delete;
    ~record_file();

    /// Where the next record is appended.
    std::string& text() { return buffer_; }
    /// The record is complete: ends its line.
    void end_record();
    /// Writes what is left and closes the file.
    void close();

    std::uint64_t records() const { return records_; }

  private:
    void flush();

    std::filesystem::path file_;
    std::string buffer_;
    std::uint64_t records_ = 0;
    int descriptor_ = -1;
};

void append_number(std::string& out, std::uint64_t number);
/// With leading zeros up to this many digits.
void append_digits(std::string& out, std::uint64_t number, std::size_t digits);
void append_hex(std::string& out, std::uint64_t number, std::size_t digits);
/// `12.50`: cents keep their trailing zero, as prices do.
void append_price(std::string& out, std::uint64_t cents);
/// `2024-01-31`, counted from 1970-01-01.
void append_date(std::string& out, std::int64_t day);
/// `2024-01-31T12:00:00Z`, counted from 1970-01-01T00:00:00Z.
void append_moment(std::string& out, std::int64_t second);

} // namespace waybill::generate
