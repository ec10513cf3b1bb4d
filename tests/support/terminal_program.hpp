// Runs a real executable at a terminal of its own, as a person would: what it draws is read, keys are
// pressed.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace waybill::test {

class terminal_program {
  public:
    terminal_program(const std::string& program, const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment = {});
    terminal_program(const terminal_program&) = delete;
    terminal_program& operator=(const terminal_program&) = delete;
    ~terminal_program();

    /// All it has written, once this is in what came after the last call. Throws when it ends before.
    const std::string& read_until(const std::string& text);
    void press(const std::string& keys) const;
    /// Reads to the end and answers the exit code; 128 and more for a signal.
    int wait();
    const std::string& written() const { return written_; }

  private:
    bool read_some();

    int terminal_ = -1;
    pid_t pid_ = -1;
    std::string written_;
    std::size_t looked_at_ = 0;
};

} // namespace waybill::test
