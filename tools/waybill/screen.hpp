// The whole terminal for a view that is drawn anew again and again, and given back as it was, also when
// somebody presses Ctrl-C. One at a time, one thread; for a terminal on stdout only.
#pragma once

#include <cstddef>

namespace waybill::tool {

class screen {
  public:
    /// From here on SIGINT, SIGTERM and SIGHUP give the terminal back and end the process with 0.
    screen();
    screen(const screen&) = delete;
    screen& operator=(const screen&) = delete;
    ~screen();

    /// What is printed to stdout between these two takes the place of the view before.
    void begin_view();
    void end_view();
    std::size_t rows() const;

    static bool stdout_is_terminal();
};

} // namespace waybill::tool
