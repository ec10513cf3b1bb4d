// Loaded into a program by LD_PRELOAD: counts the calls that change files below a path, and ends the program
// at one of them, or lets some of them fail, as the environment says (injected.hpp writes it). It calls the
// kernel itself and allocates nothing, so that it may be called at any time, from any thread.
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum group : unsigned { opens, writes, syncs, renames, removals, directories, cuts, reads, groups };
constexpr std::array<const char*, groups> names{"open",   "write", "sync", "rename",
                                                "remove", "mkdir", "cut",  "read"};

using text = std::array<char, 4096>;

/// What the environment asks for. All zero, and so inactive, until the library is initialised.
struct wishes {
    text under{};      // only paths that begin with this count
    text counts{};     // where the counts are written at the end
    text while_file{}; // faults only while this file is there; empty: always
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

void copy(text& into, const char* name) {
    const char* const value = std::getenv(name);
    if (value) std::snprintf(into.data(), into.size(), "%s", value);
}

std::uint64_t number(const char* name) {
    const char* const value = std::getenv(name);
    return value ? std::strtoull(value, nullptr, 10) : 0;
}

[[gnu::constructor]] void read_wishes() {
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
    text line{};
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

enum class fate { goes_on, fails, is_halved, is_torn };

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

fate count(group which) {
    seen[which].fetch_add(1);
    if (asked.only != which && (asked.only != groups || which == reads)) return fate::goes_on;
    if (!is_time()) return fate::goes_on;
    const auto now = chosen.fetch_add(1) + 1;
    if (now == asked.kill) die();
    if (now == asked.tear) return fate::is_torn;
    if (now < asked.first || now > asked.last) return fate::goes_on;
    while (asked.stalls && is_time())
        ::syscall(SYS_poll, nullptr, 0, 1);
    if (asked.stalls) return fate::goes_on;
    return asked.error != 0 ? fate::fails : fate::is_halved;
}

/// The name behind a descriptor; empty when it has none.
void name_of(int descriptor, text& into) {
    text link{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
    const auto length = ::syscall(SYS_readlink, link.data(), into.data(), into.size() - 1);
    into[length > 0 ? static_cast<std::size_t>(length) : 0] = 0;
}

/// What a call may do; `errno` is as it was, unless the call fails.
class verdict {
  public:
    verdict(group which, int descriptor) {
        if (asked.under[0] == 0) return;
        text path{};
        name_of(descriptor, path);
        judge(which, path.data());
    }
    verdict(group which, int directory, const char* path) { judge(which, directory, path); }
    verdict(group which, int from_directory, const char* from, int to_directory, const char* to) {
        if (!judge(which, from_directory, from)) judge(which, to_directory, to);
    }

    bool fails() const {
        if (fate_ == fate::is_torn) die(); // nothing to do by halves
        if (fate_ != fate::fails) return false;
        errno = asked.error;
        return true;
    }
    /// Of so many bytes these are to be written.
    std::size_t part_of(std::size_t size) const {
        return fate_ == fate::is_halved || fate_ == fate::is_torn ? (size + 1) / 2 : size;
    }
    bool fails_whole() const {
        if (fate_ != fate::fails) return false;
        errno = asked.error;
        return true;
    }
    ssize_t after(ssize_t written) const {
        if (fate_ == fate::is_torn) die();
        return written;
    }

  private:
    bool judge(group which, int directory, const char* path) {
        if (asked.under[0] == 0 || path == nullptr) return false;
        if (path[0] == '/') return judge(which, path);
        text above{};
        text whole{};
        if (directory == AT_FDCWD)
            ::syscall(SYS_getcwd, above.data(), above.size());
        else
            name_of(directory, above);
        std::snprintf(whole.data(), whole.size(), "%.2000s/%.2000s", above.data(), path);
        return judge(which, whole.data());
    }
    bool judge(group which, const char* path) {
        if (!counts_here(path)) return false;
        const int before = errno;
        fate_ = count(which);
        errno = before;
        return true;
    }

    fate fate_ = fate::goes_on;
};

int open_at(int directory, const char* path, int flags, mode_t mode) {
    const bool writes_there = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
    if (writes_there && verdict(opens, directory, path).fails()) return -1;
    return static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
}

mode_t mode_of(int flags, va_list more) {
    return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

} // namespace

#define FAULT_CALL extern "C" [[gnu::visibility("default")]]

// The names come in pairs because libstdc++ and SQLite were built with different ones.
FAULT_CALL int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    return open_at(AT_FDCWD, path, flags, mode);
}
FAULT_CALL int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    return open_at(AT_FDCWD, path, flags, mode);
}
FAULT_CALL int openat(int directory, const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    return open_at(directory, path, flags, mode);
}
FAULT_CALL int openat64(int directory, const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    return open_at(directory, path, flags, mode);
}

FAULT_CALL ssize_t write(int file, const void* bytes, size_t size) {
    const verdict what(writes, file);
    if (what.fails_whole()) return -1;
    return what.after(::syscall(SYS_write, file, bytes, what.part_of(size)));
}
FAULT_CALL ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    const verdict what(writes, file);
    if (what.fails_whole()) return -1;
    return what.after(::syscall(SYS_pwrite64, file, bytes, what.part_of(size), at));
}
FAULT_CALL ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return ::pwrite64(file, bytes, size, at);
}
FAULT_CALL ssize_t writev(int file, const iovec* pieces, int count_of_pieces) {
    if (verdict(writes, file).fails()) return -1;
    return ::syscall(SYS_writev, file, pieces, count_of_pieces);
}

// Reads change nothing: they count only when they alone are asked for.
FAULT_CALL ssize_t read(int file, void* bytes, size_t size) {
    if (asked.only == reads && verdict(reads, file).fails()) return -1;
    return ::syscall(SYS_read, file, bytes, size);
}
FAULT_CALL ssize_t pread64(int file, void* bytes, size_t size, off64_t at) {
    if (asked.only == reads && verdict(reads, file).fails()) return -1;
    return ::syscall(SYS_pread64, file, bytes, size, at);
}
FAULT_CALL ssize_t pread(int file, void* bytes, size_t size, off_t at) {
    return ::pread64(file, bytes, size, at);
}

// A process that is killed loses nothing that the system has, so syncs are only counted: that is faster.
FAULT_CALL int fsync(int file) {
    if (verdict(syncs, file).fails()) return -1;
    if (asked.under[0] != 0) return 0;
    return static_cast<int>(::syscall(SYS_fsync, file));
}
FAULT_CALL int fdatasync(int file) {
    if (verdict(syncs, file).fails()) return -1;
    if (asked.under[0] != 0) return 0;
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}

FAULT_CALL int renameat2(int from_directory, const char* from, int to_directory, const char* to,
                         unsigned flags) noexcept {
    if (verdict(renames, from_directory, from, to_directory, to).fails()) return -1;
    return static_cast<int>(::syscall(SYS_renameat2, from_directory, from, to_directory, to, flags));
}
FAULT_CALL int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
    return ::renameat2(from_directory, from, to_directory, to, 0);
}
FAULT_CALL int rename(const char* from, const char* to) noexcept {
    return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

FAULT_CALL int unlinkat(int directory, const char* path, int flags) noexcept {
    if (verdict(removals, directory, path).fails()) return -1;
    return static_cast<int>(::syscall(SYS_unlinkat, directory, path, flags));
}
FAULT_CALL int unlink(const char* path) noexcept { return ::unlinkat(AT_FDCWD, path, 0); }
FAULT_CALL int rmdir(const char* path) noexcept { return ::unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

FAULT_CALL int mkdirat(int directory, const char* path, mode_t mode) noexcept {
    if (verdict(directories, directory, path).fails()) return -1;
    return static_cast<int>(::syscall(SYS_mkdirat, directory, path, mode));
}
FAULT_CALL int mkdir(const char* path, mode_t mode) noexcept { return ::mkdirat(AT_FDCWD, path, mode); }

FAULT_CALL int ftruncate64(int file, off64_t length) noexcept {
    if (verdict(cuts, file).fails()) return -1;
    return static_cast<int>(::syscall(SYS_ftruncate, file, length));
}
FAULT_CALL int ftruncate(int file, off_t length) noexcept { return ::ftruncate64(file, length); }
