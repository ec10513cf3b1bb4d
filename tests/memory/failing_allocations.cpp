#include "memory/failing_allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include <sqlite3.h>

namespace {

struct allocations {
    std::atomic<std::int64_t> seen = 0;
    std::atomic<std::int64_t> first = 0;
    std::atomic<std::int64_t> last = 0;

    bool fail_now();
};
constinit allocations ours;
constinit thread_local bool exempt = false; // the test's own thread, outside its windows

bool allocations::fail_now() {
    if (exempt) return false;
    const auto now = ++seen;
    return first != 0 && now >= first && now <= last;
}

constinit sqlite3_mem_methods usual{};

void* get(int size) { return ours.fail_now() ? nullptr : usual.xMalloc(size); }

void* change(void* what, int size) { return ours.fail_now() ? nullptr : usual.xRealloc(what, size); }

/// Before SQLite begins. Without its small reserves every allocation of its comes through here.
struct in_sqlite {
    in_sqlite() {
        if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual) != SQLITE_OK)
            throw std::runtime_error("SQLite has begun already");
        auto failing = usual;
        failing.xMalloc = get;
        failing.xRealloc = change;
        sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    }
} const installed;

} // namespace

void* operator new(std::size_t size) {
    void* const got = ours.fail_now() ? nullptr : std::malloc(size == 0 ? 1 : size);
    if (got == nullptr) throw std::bad_alloc();
    return got;
}
void operator delete(void* what) noexcept { std::free(what); }
void operator delete(void* what, std::size_t) noexcept { std::free(what); }

namespace waybill::test {

void failing_allocations::begin(std::int64_t first, std::int64_t length) {
    exempt = true;
    ours.first = 0; // none fails while the three change
    ours.seen = 0;
    ours.last = first + length - 1;
    ours.first = first;
}

std::int64_t failing_allocations::counted() { return ours.seen; }

failing_allocations::window::window() { exempt = false; }

failing_allocations::window::~window() { exempt = true; }

} // namespace waybill::test
