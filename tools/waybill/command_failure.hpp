// How a command ends when it cannot do what it was asked: one exit code per kind of failure, and a message
// that main prints on stderr.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <waybill/result.hpp>

namespace waybill::tool {

enum exit_code : int {
    exit_done = 0,
    exit_failed = 1,
    exit_wrong_usage = 2,
    exit_not_found = 3,
    exit_owned_elsewhere = 4, ///< another process owns the store or the datasets for writing
};

class command_failure : public std::runtime_error {
  public:
    command_failure(exit_code code, const std::string& message) : std::runtime_error(message), code_(code) {}
    exit_code code() const noexcept { return code_; }

  private:
    exit_code code_;
};

/// The message, with every finding on a line of its own.
command_failure as_command_failure(const failure& reason);

/// The value, or the failure thrown.
template <class T>
T expect(result<T> outcome) {
    if (!outcome) throw as_command_failure(outcome.error());
    return std::move(outcome).value();
}

} // namespace waybill::tool
