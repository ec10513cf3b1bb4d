// Loaded into a program by LD_PRELOAD: its clocks are those of the system moved by what a small file says
// (moved_clock.hpp), which the test changes while the program runs. A monotonic clock that is held goes only
// as far as the test moves it. A SIGCONT makes every timer of the program look at its clock again, as the end
// of a real pause would. It calls the kernel itself and allocates nothing.
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fault/clock_moves.hpp"

namespace {

using waybill::test::clock_moves;

constexpr std::int64_t second = 1'000'000'000;

constinit const clock_moves* moves = nullptr; // nothing moves before the library is initialised
constinit std::array<std::atomic<bool>, 1'024> is_timer{};

timespec time_of(std::int64_t nanoseconds) {
    auto seconds = nanoseconds / second;
    if (nanoseconds % second < 0) --seconds;
    return {seconds, nanoseconds - seconds * second};
}

std::int64_t nanoseconds_of(const timespec& time) { return time.tv_sec * second + time.tv_nsec; }

int read_clock(clockid_t which, timespec* into) {
    const auto code = static_cast<int>(::syscall(SYS_clock_gettime, which, into));
    if (code != 0 || moves == nullptr) return code;
    if (which == CLOCK_REALTIME) *into = time_of(nanoseconds_of(*into) + moves->wall.load());
    if (which == CLOCK_MONOTONIC) {
        const auto held = moves->held_at.load();
        *into = time_of((held != 0 ? held : nanoseconds_of(*into)) + moves->monotonic.load());
    }
    return code;
}

/// Only asks the kernel, so it may come at any moment of the program.
void look_again(int) {
    const int before = errno;
    itimerspec at_once{};
    at_once.it_value.tv_nsec = 1;
    for (std::size_t file = 0; file < is_timer.size(); ++file)
        if (is_timer[file].load()) ::syscall(SYS_timerfd_settime, file, TFD_TIMER_ABSTIME, &at_once, nullptr);
    errno = before;
}

[[gnu::constructor]] void map_moves() {
    const char* const name = std::getenv("WAYBILL_CLOCK_MOVES");
    if (name == nullptr) return;
    const auto file = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC));
    if (file < 0) std::abort();
    void* const at = ::mmap(nullptr, sizeof(clock_moves), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::syscall(SYS_close, file);
    if (at == MAP_FAILED) std::abort();
    struct sigaction how {};
    how.sa_handler = look_again;
    how.sa_flags = SA_RESTART;
    ::sigaction(SIGCONT, &how, nullptr);
    moves = static_cast<const clock_moves*>(at);
}

} // namespace

#define CLOCK_CALL extern "C" [[gnu::visibility("default")]]

CLOCK_CALL int clock_gettime(clockid_t which, timespec* into) noexcept { return read_clock(which, into); }

CLOCK_CALL int gettimeofday(timeval* into, void*) noexcept {
    timespec now{};
    read_clock(CLOCK_REALTIME, &now);
    *into = {now.tv_sec, now.tv_nsec / 1'000};
    return 0;
}

CLOCK_CALL time_t time(time_t* into) noexcept {
    timespec now{};
    read_clock(CLOCK_REALTIME, &now);
    if (into != nullptr) *into = now.tv_sec;
    return now.tv_sec;
}

CLOCK_CALL int timerfd_create(clockid_t which, int flags) noexcept {
    const auto file = static_cast<int>(::syscall(SYS_timerfd_create, which, flags));
    if (file >= 0 && static_cast<std::size_t>(file) < is_timer.size())
        is_timer[static_cast<std::size_t>(file)] = true;
    return file;
}

CLOCK_CALL int close(int file) {
    if (file >= 0 && static_cast<std::size_t>(file) < is_timer.size())
        is_timer[static_cast<std::size_t>(file)] = false;
    return static_cast<int>(::syscall(SYS_close, file));
}
