#include "fault/call_record.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <sys/uio.h>

#include "fault/call_paths.hpp"

namespace waybill::test {

namespace {

struct recording {
    int file = -1;
    path_text below{};
    path_text notes{};
};
constinit recording ours;
constinit std::atomic_flag busy = ATOMIC_FLAG_INIT;

bool is_ours(const path_text& path) {
    const auto length = std::strlen(ours.below.data());
    return std::strncmp(path.data(), ours.below.data(), length) == 0 &&
           std::strstr(path.data(), " (deleted)") == nullptr;
}

void write_down(call_record::kind what, const path_text& path, const char* other, std::uint64_t at,
                const void* bytes, std::size_t size) {
    call_record head{};
    head.what = what;
    head.path_size = static_cast<std::uint32_t>(std::strlen(path.data()));
    head.other_size = static_cast<std::uint32_t>(std::strlen(other));
    head.at = at;
    head.size = size;
    const iovec pieces[] = {{&head, sizeof head},
                            {const_cast<char*>(path.data()), head.path_size},
                            {const_cast<char*>(other), head.other_size},
                            {const_cast<void*>(bytes), size}};
    const auto length = sizeof head + head.path_size + head.other_size + size;
    // A record that is not whole would show nothing of the product.
    if (::syscall(SYS_writev, ours.file, pieces, 4) != static_cast<long>(length))
        ::syscall(SYS_exit_group, 99);
}

/// Of a call that is about one name.
void write_down(call_record::kind what, int directory, const char* name) {
    path_text path{};
    absolute(directory, name, path);
    if (is_ours(path)) write_down(what, path, "", 0, nullptr, 0);
}

/// Of a call that is about two names.
void write_down(call_record::kind what, int from_directory, const char* from, int to_directory,
                const char* to) {
    path_text path{};
    path_text other{};
    absolute(from_directory, from, path);
    absolute(to_directory, to, other);
    if (is_ours(path)) write_down(what, path, other.data(), 0, nullptr, 0);
}

} // namespace

void recorded_call::begin(const char* record, const char* below, const char* notes) {
    if (record == nullptr || *record == 0) return;
    std::snprintf(ours.below.data(), ours.below.size(), "%s", below);
    std::snprintf(ours.notes.data(), ours.notes.size(), "%s", notes != nullptr ? notes : "");
    ours.file = static_cast<int>(
        ::syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
}

recorded_call::recorded_call() : active_(ours.file >= 0), errno_before_(errno) {
    while (active_ && busy.test_and_set(std::memory_order_acquire))
        ::syscall(SYS_sched_yield);
}

recorded_call::~recorded_call() {
    if (!active_) return;
    busy.clear(std::memory_order_release);
}

bool recorded_call::is_there(int directory, const char* path) const {
    if (!active_) return true;
    const bool there = ::syscall(SYS_faccessat, directory, path, F_OK) == 0;
    errno = errno_before_;
    return there;
}

void recorded_call::opened(int file, bool was_there, int flags) const {
    if (!active_ || file < 0) return;
    path_text path{};
    name_of(file, path);
    if (!is_ours(path)) return;
    if (!was_there)
        write_down(call_record::kind::made, path, "", 0, nullptr, 0);
    else if ((flags & O_TRUNC) != 0)
        write_down(call_record::kind::cut, path, "", 0, nullptr, 0);
}

void recorded_call::wrote(int file, const void* bytes, ssize_t size) const {
    if (!active_ || size <= 0) return;
    wrote(file, bytes, size, ::syscall(SYS_lseek, file, 0, SEEK_CUR) - size);
}

void recorded_call::wrote(int file, const void* bytes, ssize_t size, off64_t at) const {
    if (!active_ || size <= 0) return;
    path_text path{};
    name_of(file, path);
    if (std::strcmp(path.data(), ours.notes.data()) == 0)
        write_down(call_record::kind::noted, path, "", static_cast<std::uint64_t>(at + size), nullptr, 0);
    else if (is_ours(path))
        write_down(call_record::kind::wrote, path, "", static_cast<std::uint64_t>(at), bytes,
                   static_cast<std::size_t>(size));
}

void recorded_call::was_cut(int file, off64_t length) const {
    if (!active_) return;
    path_text path{};
    name_of(file, path);
    if (is_ours(path))
        write_down(call_record::kind::cut, path, "", static_cast<std::uint64_t>(length), nullptr, 0);
}

void recorded_call::synced(int file) const {
    if (!active_) return;
    path_text path{};
    name_of(file, path);
    if (is_ours(path)) write_down(call_record::kind::synced, path, "", 0, nullptr, 0);
}

void recorded_call::made_directory(int directory, const char* name) const {
    if (active_) write_down(call_record::kind::directory, directory, name);
}

void recorded_call::renamed(int from_directory, const char* from, int to_directory, const char* to) const {
    if (active_) write_down(call_record::kind::renamed, from_directory, from, to_directory, to);
}

void recorded_call::linked(int from_directory, const char* from, int to_directory, const char* to) const {
    if (active_) write_down(call_record::kind::linked, from_directory, from, to_directory, to);
}

void recorded_call::removed(int directory, const char* name) const {
    if (active_) write_down(call_record::kind::removed, directory, name);
}

} // namespace waybill::test
