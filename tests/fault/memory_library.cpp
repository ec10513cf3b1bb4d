// Loaded into a program by LD_PRELOAD: counts its allocations, in whichever thread, and lets some fail, as a
// small file says (failing_memory.hpp), which the test changes while the program runs. `operator new` and
// SQLite take their memory from here.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fault/memory_wishes.hpp"

// The allocator of glibc under its other names.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* what, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

using waybill::test::memory_wishes;

constinit memory_wishes* wishes = nullptr; // nothing counts before the library is initialised

[[gnu::constructor]] void map_wishes() {
    const char* const file = std::getenv("WAYBILL_MEMORY_WISHES");
    if (file == nullptr) return;
    const auto opened = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC));
    if (opened < 0) return;
    void* const at = ::mmap(nullptr, sizeof(memory_wishes), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    ::syscall(SYS_close, opened);
    if (at != MAP_FAILED) wishes = static_cast<memory_wishes*>(at);
}

bool fails_now() {
    if (wishes == nullptr) return false;
    const auto now = ++wishes->seen;
    const auto first = wishes->first.load();
    if (first == 0 || now < first || now > wishes->last.load()) return false;
    errno = ENOMEM;
    return true;
}

} // namespace

#define MEMORY_CALL extern "C" [[gnu::visibility("default")]]

MEMORY_CALL void* malloc(std::size_t size) noexcept { return fails_now() ? nullptr : __libc_malloc(size); }
MEMORY_CALL void* calloc(std::size_t count, std::size_t size) noexcept {
    return fails_now() ? nullptr : __libc_calloc(count, size);
}
MEMORY_CALL void* realloc(void* what, std::size_t size) noexcept {
    return fails_now() ? nullptr : __libc_realloc(what, size);
}
MEMORY_CALL void* memalign(std::size_t alignment, std::size_t size) noexcept {
    return fails_now() ? nullptr : __libc_memalign(alignment, size);
}
MEMORY_CALL void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return fails_now() ? nullptr : __libc_memalign(alignment, size);
}
MEMORY_CALL int posix_memalign(void** into, std::size_t alignment, std::size_t size) noexcept {
    void* const got = fails_now() ? nullptr : __libc_memalign(alignment, size);
    if (got == nullptr) return ENOMEM;
    *into = got;
    return 0;
}
