// How a test moves the clocks of a program that runs with the clock library: the wall clock jumps, the
// monotonic one is held and goes only as the test says, so that no test waits for it. The file between the
// two is mapped by both.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault/clock_moves.hpp"

namespace waybill::test {

class moved_clock {
  public:
    explicit moved_clock(std::filesystem::path file) : file_(std::move(file)) {
        { std::ofstream(file_, std::ios::binary) << std::string(sizeof(clock_moves), '\0'); }
        const int opened = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
        void* const at = ::mmap(nullptr, sizeof(clock_moves), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
        ::close(opened);
        if (at == MAP_FAILED) throw std::system_error(errno, std::generic_category(), file_.string());
        moves_ = static_cast<clock_moves*>(at);
        moves_->held_at =
            std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
    }
    moved_clock(const moved_clock&) = delete;
    moved_clock& operator=(const moved_clock&) = delete;
    ~moved_clock() { ::munmap(moves_, sizeof(clock_moves)); }

    /// Added to what a program is started with, behind other libraries that it loads.
    void load_into(std::vector<std::string>& environment) const {
        environment.push_back("WAYBILL_CLOCK_MOVES=" + file_.string());
        for (auto& variable : environment)
            if (variable.starts_with("LD_PRELOAD=")) {
                variable += ":" WAYBILL_CLOCK_LIBRARY;
                return;
            }
        environment.emplace_back("LD_PRELOAD=" WAYBILL_CLOCK_LIBRARY);
    }
    /// The wall clock shows so much more than before, or less.
    void jump(std::chrono::nanoseconds by) const { moves_->wall += by.count(); }
    /// So much passes for a program that runs: both clocks go on, and its timers notice.
    void pass(std::chrono::nanoseconds by, pid_t program) const {
        pass_unnoticed(by);
        ::kill(program, SIGCONT);
    }
    /// The same for one that is stopped, and notices when it is continued.
    void pass_unnoticed(std::chrono::nanoseconds by) const {
        moves_->wall += by.count();
        moves_->monotonic += by.count();
    }

  private:
    std::filesystem::path file_;
    clock_moves* moves_ = nullptr;
};

} // namespace waybill::test
