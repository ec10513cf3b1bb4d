// Ends a process in the middle of a piece of work, at every moment that the work tells of.
#pragma once

#include <csignal>
#include <functional>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace waybill::test {

/// What the work calls at each moment.
using kill_point = std::function<void()>;

/// Runs the work in a process of its own that kills itself at the n-th moment, from 1. False when the work
/// ended before that. The caller must have no store open: a child inherits its locks.
inline bool killed_at(int n, const std::function<void(const kill_point&)>& work) {
    const auto child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) {
        int count = 0;
        try {
            work([&] {
                if (++count == n) ::kill(::getpid(), SIGKILL);
            });
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0); // no destructor of the test's runs
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return false;
    throw std::runtime_error("the work failed in the child");
}

} // namespace waybill::test
