// Memory that runs out: in a program that links this, an allocation by C++ or by SQLite fails where a test
// says. Only those within a window count, of one thread at a time; outside there is always memory.
#pragma once

#include <cstdint>

namespace waybill::test {

class failing_allocations {
  public:
    /// From the n-th allocation on, counted from 1, so many fail; none when `first` is 0.
    static void begin(std::int64_t first, std::int64_t length);
    /// How many have been counted since.
    static std::int64_t counted();
    /// Whether there are more to fail.
    static bool are_over();

    /// While one is there, allocations count.
    class window {
      public:
        window();
        window(const window&) = delete;
        window& operator=(const window&) = delete;
        ~window();
    };
};

} // namespace waybill::test
