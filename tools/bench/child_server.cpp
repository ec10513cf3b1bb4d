#include "child_server.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listing_memory.hpp"

namespace waybill::bench {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// The program's standard output, by a pipe.
struct started {
    pid_t pid = -1;
    int out = -1;
};

started start(std::vector<std::string>& command) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    started made{-1, ends[0]};
    const int problem = ::posix_spawn(&made.pid, command.front().c_str(), &actions, nullptr,
                                      pointers_to(command).data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (problem == 0) return made;
    ::close(ends[0]);
    throw std::system_error(problem, std::generic_category(), command.front());
}

std::string first_line(int out) {
    std::string line;
    for (char one = 0; ::read(out, &one, 1) == 1 && one != '\n';)
        line += one;
    return line;
}

/// 0 when there is none.
std::uint16_t last_number(const std::string& line) {
    const auto end = line.find_last_of("0123456789");
    if (end == std::string::npos) return 0;
    const auto before = line.find_last_not_of("0123456789", end);
    const auto begin = before == std::string::npos ? 0 : before + 1;
    return static_cast<std::uint16_t>(std::stoul(line.substr(begin, end + 1 - begin)));
}

} // namespace

child_server::child_server(std::vector<std::string> command) {
    const auto made = start(command);
    pid_ = made.pid;
    port_ = last_number(first_line(made.out));
    ::close(made.out);
    if (port_ != 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    throw std::runtime_error("did not start: " + command.front());
}

child_server::~child_server() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

std::int64_t child_server::anonymous_memory() const {
    return bench::anonymous_memory("/proc/" + std::to_string(pid_) + "/status");
}

} // namespace waybill::bench
