// What a terminal gets and a pipe does not: bold heads and a line that shows how far a long work is. NO_COLOR
// is respected. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::tool {

/// Bold on a terminal; plain in a pipe, or with NO_COLOR.
std::string bold(std::string_view text);

/// One line on stderr that is written over and over, at most ten times a second, and taken away at the end.
/// Does nothing when stderr is no terminal.
class progress_line {
  public:
    progress_line();
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;
    ~progress_line() { clear(); }

    void show(std::string_view text);
    void clear();

  private:
    bool terminal_;
    bool shown_ = false;
    std::optional<std::chrono::steady_clock::time_point> last_;
};

} // namespace waybill::tool
