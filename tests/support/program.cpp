#include "support/program.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temp_directory.hpp"

namespace waybill::test {

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

class redirections {
  public:
    redirections() { posix_spawn_file_actions_init(&actions_); }
    redirections(const redirections&) = delete;
    redirections& operator=(const redirections&) = delete;
    ~redirections() { posix_spawn_file_actions_destroy(&actions_); }

    void from_file(int descriptor, const std::filesystem::path& file) {
        posix_spawn_file_actions_addopen(&actions_, descriptor, file.c_str(), O_RDONLY, 0);
    }
    void to_file(int descriptor, const std::filesystem::path& file) {
        posix_spawn_file_actions_addopen(&actions_, descriptor, file.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
    }
    void to_descriptor(int descriptor, int target) {
        posix_spawn_file_actions_adddup2(&actions_, target, descriptor);
    }
    void in_directory(const std::filesystem::path& directory) {
        posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
    }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

pid_t spawn(const std::string& program, std::vector<std::string> arguments,
            std::vector<std::string> environment, const redirections& where) {
    arguments.insert(arguments.begin(), program);
    environment.emplace_back("PATH=/usr/bin:/bin");
    // A sanitizer's options must reach the programs too.
    for (const auto* const name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
        if (const auto* const value = std::getenv(name))
            environment.push_back(std::string(name) + "=" + value);
    pid_t pid = -1;
    const auto error = ::posix_spawn(&pid, program.c_str(), where.get(), nullptr,
                                     pointers_to(arguments).data(), pointers_to(environment).data());
    if (error != 0) throw std::system_error(error, std::generic_category(), program);
    return pid;
}

int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

program_result run(const std::string& program, const std::vector<std::string>& arguments,
                   const program_input& input) {
    const temp_directory files;
    write_file(files / "in", input.text);
    redirections where;
    where.from_file(STDIN_FILENO, files / "in");
    where.to_file(STDOUT_FILENO, files / "out");
    where.to_file(STDERR_FILENO, files / "err");
    if (!input.directory.empty()) where.in_directory(input.directory);
    const auto code = wait_for(spawn(program, arguments, input.environment, where));
    return {code, read_file(files / "out"), read_file(files / "err")};
}

running_host::running_host(const std::filesystem::path& directory, std::vector<std::string> more_arguments,
                           std::vector<std::string> environment)
    : log_(directory / "waybilld.log") {
    std::vector<std::string> arguments{
        "--store",    directory / "jobs.db",  "--profiles", directory / "profiles.db",
        "--datasets", directory / "datasets", "--listen",   "127.0.0.1:0"};
    arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    {
        redirections where;
        where.from_file(STDIN_FILENO, "/dev/null");
        where.to_descriptor(STDOUT_FILENO, ends[1]);
        where.to_file(STDERR_FILENO, log_);
        pid_ = spawn(WAYBILLD, arguments, std::move(environment), where);
    }
    ::close(ends[1]);
    // Blocks until the host has said where it listens, or has ended.
    std::string line;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';)
        line += c;
    ::close(ends[0]);
    constexpr std::string_view opening = "waybilld listening on ";
    if (!line.starts_with(opening)) {
        stop();
        throw std::runtime_error("waybilld said '" + line + "': " + read_file(log_));
    }
    url_ = line.substr(opening.size());
}

running_host::~running_host() { stop(); }

std::uint16_t running_host::port() const {
    return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
}

std::string running_host::wait_for_line(const std::string& text) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (;;) {
        auto said = read_file(log_);
        if (said.find(text) != std::string::npos) return said;
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("no line says " + text + ": " + said);
        std::this_thread::yield();
    }
}

int running_host::end_by(int signal) {
    if (pid_ < 0) return -1;
    const auto pid = pid_;
    pid_ = -1;
    ::kill(pid, signal);
    return wait_for(pid);
}

void write_file(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw std::runtime_error(file.string() + " cannot be written");
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file.string() + " cannot be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::vector<std::string> lines;
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

} // namespace waybill::test
