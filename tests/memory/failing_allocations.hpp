// Memory that runs out: in a program that links this, an allocation by C++ or by SQLite fails where a test
// says. Of the test's own thread those within a window count, so that the test itself always has memory; of
// other threads, such as an engine's, all of them count.
#pragma once

#include <cstdint>

namespace waybill::test {

class failing_allocations {
  public:
    /// From the n-th allocation on, counted from 1, so many fail; none when `first` is 0. The calling thread
    /// is the test's own from now on.
    static void begin(std::int64_t first, std::int64_t length);
    /// How many have been counted since.
    static std::int64_t counted();

    /// While one is there, allocations of its thread count.
    class window {
      public:
        window();
        window(const window&) = delete;
        window& operator=(const window&) = delete;
        ~window();
    };
};

} // namespace waybill::test
