// Whoever waits for an answer, as far as a handler that takes its time may know: whether they are still
// there. Belongs to the strand of the connection, on which handlers run, and lives as long as the handler's
// call.
#pragma once

#include <functional>

namespace waybill::http {

class other_end {
  public:
    other_end() = default;
    other_end(const other_end&) = delete;
    other_end& operator=(const other_end&) = delete;
    virtual ~other_end() = default;

    /// Begins to look whether the connection ends, and calls `tell` at most once, on the strand, when it
    /// does. Until the answer is there.
    virtual void watch(std::function<void()> tell) = 0;
    /// Whether the end of the connection has been seen since.
    virtual bool is_gone() const noexcept = 0;
};

} // namespace waybill::http
