// The names that a call of the system means, found without allocating.
#pragma once

#include <array>
#include <cstdio>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace waybill::test {

using path_text = std::array<char, 4096>;

/// The name behind a descriptor; empty when it has none.
inline void name_of(int descriptor, path_text& into) {
    path_text link{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
    const auto length = ::syscall(SYS_readlink, link.data(), into.data(), into.size() - 1);
    into[length > 0 ? static_cast<std::size_t>(length) : 0] = 0;
}

inline void absolute(int directory, const char* path, path_text& into) {
    if (path[0] == '/') {
        std::snprintf(into.data(), into.size(), "%s", path);
        return;
    }
    path_text above{};
    if (directory == AT_FDCWD)
        ::syscall(SYS_getcwd, above.data(), above.size());
    else
        name_of(directory, above);
    std::snprintf(into.data(), into.size(), "%.2000s/%.2000s", above.data(), path);
}

} // namespace waybill::test
