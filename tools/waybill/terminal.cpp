#include "terminal.hpp"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace waybill::tool {

std::string bold(std::string_view text) {
    const auto* const no_color = std::getenv("NO_COLOR");
    const auto plain = ::isatty(STDOUT_FILENO) == 0 || (no_color != nullptr && *no_color != '\0');
    if (plain) return std::string(text);
    return "\033[1m" + std::string(text) + "\033[0m";
}

progress_line::progress_line() : terminal_(::isatty(STDERR_FILENO) != 0) {}

void progress_line::show(std::string_view text) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (last_ && now - *last_ < std::chrono::milliseconds{100}) return;
    last_ = now;
    std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(text.size()), text.data());
    std::fflush(stderr);
    shown_ = true;
}

void progress_line::clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
}

} // namespace waybill::tool
