// Loaded into a program by LD_PRELOAD: asks of each call that changes files what shall become of it
// (verdict.hpp), does it by calling the kernel itself, and writes it down where that is asked for
// (call_record.hpp).
#include <cstdarg>
#include <cstdint>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fault/call_record.hpp"
#include "fault/verdict.hpp"

using namespace waybill::test;

namespace {

int open_at(int directory, const char* path, int flags, mode_t mode) {
    const bool writes_there = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
    if (writes_there && verdict(opens, directory, path).fails()) return -1;
    if (!writes_there) return static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
    const recorded_call record;
    const bool was_there = record.is_there(directory, path);
    const auto file = static_cast<int>(::syscall(SYS_openat, directory, path, flags, mode));
    record.opened(file, was_there, flags);
    return file;
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
    const recorded_call record;
    const auto written = ::syscall(SYS_write, file, bytes, what.part_of(size));
    record.wrote(file, bytes, written);
    return what.after(written);
}
FAULT_CALL ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    const verdict what(writes, file);
    if (what.fails_whole()) return -1;
    const recorded_call record;
    const auto written = ::syscall(SYS_pwrite64, file, bytes, what.part_of(size), at);
    record.wrote(file, bytes, written, at);
    return what.after(written);
}
FAULT_CALL ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return ::pwrite64(file, bytes, size, at);
}
FAULT_CALL ssize_t writev(int file, const iovec* pieces, int count_of_pieces) {
    if (verdict(writes, file).fails()) return -1;
    const recorded_call record;
    ssize_t all = 0;
    for (int i = 0; i < count_of_pieces; ++i) {
        const auto written = ::syscall(SYS_write, file, pieces[i].iov_base, pieces[i].iov_len);
        if (written < 0) return all > 0 ? all : written;
        record.wrote(file, pieces[i].iov_base, written);
        all += written;
        if (written < static_cast<ssize_t>(pieces[i].iov_len)) break;
    }
    return all;
}

// Reads change nothing: they count only when they alone are asked for.
FAULT_CALL ssize_t read(int file, void* bytes, size_t size) {
    if (verdict::is_asked_for(reads) && verdict(reads, file).fails()) return -1;
    return ::syscall(SYS_read, file, bytes, size);
}
FAULT_CALL ssize_t pread64(int file, void* bytes, size_t size, off64_t at) {
    if (verdict::is_asked_for(reads) && verdict(reads, file).fails()) return -1;
    return ::syscall(SYS_pread64, file, bytes, size, at);
}
FAULT_CALL ssize_t pread(int file, void* bytes, size_t size, off_t at) {
    return ::pread64(file, bytes, size, at);
}

// A process that is killed loses nothing that the system has, so syncs are only counted: that is faster.
FAULT_CALL int fsync(int file) {
    if (verdict(syncs, file).fails()) return -1;
    const recorded_call record;
    record.synced(file);
    if (verdict::watches()) return 0;
    return static_cast<int>(::syscall(SYS_fsync, file));
}
FAULT_CALL int fdatasync(int file) {
    if (verdict(syncs, file).fails()) return -1;
    const recorded_call record;
    record.synced(file);
    if (verdict::watches()) return 0;
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}

FAULT_CALL int renameat2(int from_directory, const char* from, int to_directory, const char* to,
                         unsigned flags) noexcept {
    if (verdict(renames, from_directory, from, to_directory, to).fails()) return -1;
    const recorded_call record;
    const auto outcome =
        static_cast<int>(::syscall(SYS_renameat2, from_directory, from, to_directory, to, flags));
    if (outcome == 0) record.renamed(from_directory, from, to_directory, to);
    return outcome;
}
FAULT_CALL int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
    return ::renameat2(from_directory, from, to_directory, to, 0);
}
FAULT_CALL int rename(const char* from, const char* to) noexcept {
    return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

FAULT_CALL int link(const char* from, const char* to) noexcept {
    if (verdict(renames, AT_FDCWD, from, AT_FDCWD, to).fails()) return -1;
    const recorded_call record;
    const auto outcome = static_cast<int>(::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
    if (outcome == 0) record.linked(AT_FDCWD, from, AT_FDCWD, to);
    return outcome;
}

FAULT_CALL int unlinkat(int directory, const char* path, int flags) noexcept {
    if (verdict(removals, directory, path).fails()) return -1;
    const recorded_call record;
    const auto outcome = static_cast<int>(::syscall(SYS_unlinkat, directory, path, flags));
    if (outcome == 0) record.removed(directory, path);
    return outcome;
}
FAULT_CALL int unlink(const char* path) noexcept { return ::unlinkat(AT_FDCWD, path, 0); }
FAULT_CALL int rmdir(const char* path) noexcept { return ::unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

FAULT_CALL int mkdirat(int directory, const char* path, mode_t mode) noexcept {
    if (verdict(directories, directory, path).fails()) return -1;
    const recorded_call record;
    const auto outcome = static_cast<int>(::syscall(SYS_mkdirat, directory, path, mode));
    if (outcome == 0) record.made_directory(directory, path);
    return outcome;
}
FAULT_CALL int mkdir(const char* path, mode_t mode) noexcept { return ::mkdirat(AT_FDCWD, path, mode); }

FAULT_CALL int ftruncate64(int file, off64_t length) noexcept {
    if (verdict(cuts, file).fails()) return -1;
    const recorded_call record;
    const auto outcome = static_cast<int>(::syscall(SYS_ftruncate, file, length));
    if (outcome == 0) record.was_cut(file, length);
    return outcome;
}
FAULT_CALL int ftruncate(int file, off_t length) noexcept { return ::ftruncate64(file, length); }
