#include "fault/verdict.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault/call_paths.hpp"
#include "fault/call_record.hpp"

namespace waybill::test {

namespace {

constexpr std::array<const char*, groups> names{"open",   "write", "sync", "rename",
                                                "remove", "mkdir", "cut",  "read"};

/// What the environment asks for. All zero, and so inactive, until the library is initialised.
struct wishes {
    path_text under{};      // only paths that begin with this count
    path_text counts{};     // where the counts are written at the end
    path_text while_file{}; // faults only while this file is there; empty: always
    unsigned only = groups;
    std::uint64_t kill = 0;  // ends the program before this call
    std::uint64_t tear = 0;  // ends it after half of this call, where that can be
    std::uint64_t first = 0; // from this call …
    std::uint64_t last = 0;  // … to this one it fails
    int error = 0;           // with this error; 0: only half is written
    bool stalls = false;     // or it does not fail, but waits as long as `while_file` is there
};
constinit wishes asked; // or its own initialisation could come after ours
constinit std::array<std::atomic<std::uint64_t>, groups> seen{};
constinit std::atomic<std::uint64_t> chosen{}; // calls of the groups that are asked for

void copy(path_text& into, const char* name) {
    const char* const value = std::getenv(name);
    if (value) std::snprintf(into.data(), into.size(), "%s", value);
}

std::uint64_t number(const char* name) {
    const char* const value = std::getenv(name);
    return value ? std::strtoull(value, nullptr, 10) : 0;
}

[[gnu::constructor]] void read_wishes() {
    recorded_call::begin(std::getenv("WAYBILL_FAULT_RECORD"), std::getenv("WAYBILL_FAULT_UNDER"),
                         std::getenv("WAYBILL_FAULT_NOTES"));
    copy(asked.counts, "WAYBILL_FAULT_COUNTS");
    copy(asked.while_file, "WAYBILL_FAULT_WHILE");
    asked.kill = number("WAYBILL_FAULT_KILL");
    asked.tear = number("WAYBILL_FAULT_TEAR");
    asked.first = number("WAYBILL_FAULT_FIRST");
    asked.last = number("WAYBILL_FAULT_LAST");
    asked.error = static_cast<int>(number("WAYBILL_FAULT_ERROR"));
    asked.stalls = number("WAYBILL_FAULT_STALLS") != 0;
    if (const char* const only = std::getenv("WAYBILL_FAULT_GROUP"))
        for (unsigned at = 0; at < groups; ++at)
            if (std::strcmp(only, names[at]) == 0) asked.only = at;
    copy(asked.under, "WAYBILL_FAULT_UNDER"); // last: from here on it counts
}

[[gnu::destructor]] void write_counts() {
    if (asked.counts[0] == 0) return;
    path_text line{};
    int length =
        std::snprintf(line.data(), line.size(), "all %llu\n", static_cast<unsigned long long>(chosen.load()));
    for (unsigned at = 0; at < groups; ++at)
        length += std::snprintf(line.data() + length, line.size() - static_cast<std::size_t>(length),
                                "%s %llu\n", names[at], static_cast<unsigned long long>(seen[at].load()));
    const auto file =
        ::syscall(SYS_openat, AT_FDCWD, asked.counts.data(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) return;
    ::syscall(SYS_write, file, line.data(), static_cast<std::size_t>(length));
    ::syscall(SYS_close, file);
}

bool counts_here(const char* path) {
    return asked.under[0] != 0 &&
           std::strncmp(path, asked.under.data(), std::strlen(asked.under.data())) == 0;
}

[[noreturn]] void die() {
    for (;;)
        ::syscall(SYS_kill, ::syscall(SYS_getpid), SIGKILL);
}

bool is_time() {
    return asked.while_file[0] == 0 || ::syscall(SYS_access, asked.while_file.data(), F_OK) == 0;
}

verdict_kind count(group which) {
    seen[which].fetch_add(1);
    if (asked.only != which && (asked.only != groups || which == reads)) return verdict_kind::goes_on;
    if (!is_time()) return verdict_kind::goes_on;
    const auto now = chosen.fetch_add(1) + 1;
    if (now == asked.kill) die();
    if (now == asked.tear) return verdict_kind::is_torn;
    if (now < asked.first || now > asked.last) return verdict_kind::goes_on;
    while (asked.stalls && is_time())
        ::syscall(SYS_poll, nullptr, 0, 1);
    if (asked.stalls) return verdict_kind::goes_on;
    return asked.error != 0 ? verdict_kind::fails : verdict_kind::is_halved;
}

} // namespace

bool verdict::is_asked_for(group which) { return asked.only == which; }
bool verdict::watches() { return asked.under[0] != 0; }

verdict::verdict(group which, int descriptor) {
    if (!watches()) return;
    path_text path{};
    name_of(descriptor, path);
    judge(which, path.data());
}

verdict::verdict(group which, int directory, const char* path) { judge(which, directory, path); }

verdict::verdict(group which, int from_directory, const char* from, int to_directory, const char* to) {
    if (!judge(which, from_directory, from)) judge(which, to_directory, to);
}

bool verdict::fails() const {
    if (fate_ == verdict_kind::is_torn) die(); // nothing to do by halves
    return fails_whole();
}

bool verdict::fails_whole() const {
    if (fate_ != verdict_kind::fails) return false;
    errno = asked.error;
    return true;
}

std::size_t verdict::part_of(std::size_t size) const {
    return fate_ == verdict_kind::is_halved || fate_ == verdict_kind::is_torn ? (size + 1) / 2 : size;
}

ssize_t verdict::after(ssize_t written) const {
    if (fate_ == verdict_kind::is_torn) die();
    return written;
}

bool verdict::judge(group which, int directory, const char* path) {
    if (!watches() || path == nullptr) return false;
    path_text whole{};
    absolute(directory, path, whole);
    return judge(which, whole.data());
}

bool verdict::judge(group which, const char* path) {
    if (!counts_here(path)) return false;
    const int before = errno;
    fate_ = count(which);
    errno = before;
    return true;
}

} // namespace waybill::test
