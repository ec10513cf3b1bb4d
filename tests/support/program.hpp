// Runs the real executables, as a shell would. The paths come from the build.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sys/types.h>

namespace waybill::test {

struct program_result {
    int code = -1; ///< of the exit; 128 and more for a signal
    std::string out;
    std::string err;

    nlohmann::json json() const { return nlohmann::json::parse(out); }
};

struct program_input {
    std::string text;                     ///< on standard input
    std::vector<std::string> environment; ///< `NAME=value`, besides PATH; nothing is inherited
    std::filesystem::path directory;      ///< where it runs; here, when empty
};

program_result run(const std::string& program, const std::vector<std::string>& arguments,
                   const program_input& input = {});

/// The admin tool, for tests that are built with its path.
#ifdef WAYBILL_TOOL
inline program_result waybill_tool(const std::vector<std::string>& arguments,
                                   const program_input& input = {}) {
    return run(WAYBILL_TOOL, arguments, input);
}
#endif

/// A waybilld of its own, stopped at the end.
class running_host {
  public:
    /// Everything it keeps stands in `directory`: `jobs.db`, `profiles.db`, `datasets`.
    running_host(const std::filesystem::path& directory, std::vector<std::string> more_arguments,
                 std::vector<std::string> environment = {});
    running_host(const running_host&) = delete;
    running_host& operator=(const running_host&) = delete;
    ~running_host();

    const std::string& url() const { return url_; }
    pid_t pid() const { return pid_; }
    /// The port of `url`.
    std::uint16_t port() const;
    /// What it has said on standard error, a line each; waits for one that has this text.
    std::string wait_for_line(const std::string& text) const;
    /// SIGTERM; answers the exit code.
    int stop() { return end_by(SIGTERM); }
    /// SIGKILL: nothing of it runs any more when this returns.
    void kill() { end_by(SIGKILL); }

  private:
    int end_by(int signal);
    pid_t pid_ = -1;
    std::filesystem::path log_;
    std::string url_;
};

void write_file(const std::filesystem::path& file, const std::string& text);
std::string read_file(const std::filesystem::path& file);
std::vector<std::string> lines_of(const std::filesystem::path& file);

} // namespace waybill::test
