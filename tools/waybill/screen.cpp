#include "screen.hpp"

#include <csignal>
#include <cstdio>
#include <initializer_list>

#include <sys/ioctl.h>
#include <unistd.h>

namespace waybill::tool {

namespace {

// The other screen, without a cursor and without wrapping what is too wide; and all of that back.
constexpr char take[] = "\033[?1049h\033[?25l\033[?7l";
constexpr char give_back[] = "\033[?7h\033[?25h\033[?1049l";

/// Nothing is lost by ending at once: who draws a view only reads.
extern "C" void give_back_and_end(int) {
    const auto ignored = ::write(STDOUT_FILENO, give_back, sizeof give_back - 1);
    static_cast<void>(ignored);
    ::_exit(0);
}

} // namespace

screen::screen() {
    std::setvbuf(stdout, nullptr, _IOFBF,
                 std::size_t{1} << 16); // a whole view at once, so that nothing flickers
    std::fputs(take, stdout);
    std::fflush(stdout);
    struct sigaction end {};
    end.sa_handler = give_back_and_end;
    for (const auto signal : {SIGINT, SIGTERM, SIGHUP})
        ::sigaction(signal, &end, nullptr);
}

screen::~screen() {
    std::fputs(give_back, stdout);
    std::fflush(stdout);
}

void screen::begin_view() { std::fputs("\033[H\033[J", stdout); }

void screen::end_view() { std::fflush(stdout); }

std::size_t screen::rows() const {
    winsize size{};
    constexpr std::size_t usual = 24;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return usual;
    return size.ws_row;
}

bool screen::stdout_is_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

} // namespace waybill::tool
