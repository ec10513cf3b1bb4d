#include "support/terminal_program.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace waybill::test {

namespace {

constexpr int longest_wait = 60'000; // milliseconds; only ends a hung test

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

terminal_program::terminal_program(const std::string& program, const std::vector<std::string>& arguments,
                                   const std::vector<std::string>& environment) {
    auto line = arguments;
    line.insert(line.begin(), program);
    auto variables = environment;
    variables.emplace_back("TERM=xterm");
    for (const auto* const name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const auto* const value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
    const auto line_pointers = pointers_to(line);
    const auto variable_pointers = pointers_to(variables);
    const winsize size{30, 120, 0, 0};
    pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "forkpty");
    if (pid_ == 0) {
        ::execve(program.c_str(), line_pointers.data(), variable_pointers.data());
        ::_exit(127);
    }
}

terminal_program::~terminal_program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (terminal_ >= 0) ::close(terminal_);
}

bool terminal_program::read_some() {
    pollfd waiting{terminal_, POLLIN, 0};
    if (::poll(&waiting, 1, longest_wait) <= 0) throw std::runtime_error("the program hangs: " + written_);
    std::array<char, 4096> piece{};
    const auto size = ::read(terminal_, piece.data(), piece.size()); // an error, once the other end is closed
    if (size <= 0) return false;
    written_.append(piece.data(), static_cast<std::size_t>(size));
    return true;
}

const std::string& terminal_program::read_until(const std::string& text) {
    for (;;) {
        const auto at = written_.find(text, looked_at_);
        if (at != std::string::npos) {
            looked_at_ = at + text.size();
            return written_;
        }
        if (!read_some()) throw std::runtime_error("'" + text + "' never came: " + written_);
    }
}

void terminal_program::press(const std::string& keys) const {
    if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
        throw std::runtime_error("the terminal takes no keys");
}

int terminal_program::wait() {
    while (read_some()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace waybill::test
