#include "support/power_cut_vfs.hpp"

#include <new>

namespace waybill::test {
namespace {

using change_fate = power_cut_disk::fate;
using disk_file = std::shared_ptr<power_cut_disk::file>;

/// What SQLite holds of an open file; the real one's follows it in memory.
struct open_file {
    sqlite3_file as_sqlite; // first, for SQLite knows only this
    power_cut_disk* disk;
    disk_file* on_disk; ///< nothing for a temporary file
};

sqlite3_vfs* real_vfs = nullptr;

open_file& ours(sqlite3_file* file) { return *reinterpret_cast<open_file*>(file); }
sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(&ours(file) + 1); }

int close_file(sqlite3_file* file) {
    const int code = real(file)->pMethods->xClose(real(file));
    delete ours(file).on_disk;
    return code;
}

int read_file(sqlite3_file* file, void* into, int count, sqlite3_int64 at) {
    return real(file)->pMethods->xRead(real(file), into, count, at);
}

int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
    auto& self = ours(file);
    if (!self.on_disk) return real(file)->pMethods->xWrite(real(file), bytes, count, at);
    const auto fate = self.disk->next_change();
    if (fate != change_fate::too_late)
        (*self.on_disk)
            ->bytes.since.push_back({at, {static_cast<const char*>(bytes), static_cast<std::size_t>(count)}});
    if (fate != change_fate::happens) return SQLITE_IOERR_WRITE;
    return real(file)->pMethods->xWrite(real(file), bytes, count, at);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& self = ours(file);
    if (!self.on_disk) return real(file)->pMethods->xTruncate(real(file), size);
    const auto fate = self.disk->next_change();
    if (fate != change_fate::too_late) (*self.on_disk)->bytes.since.push_back({size, {}});
    if (fate != change_fate::happens) return SQLITE_IOERR_TRUNCATE;
    return real(file)->pMethods->xTruncate(real(file), size);
}

int sync_file(sqlite3_file* file, int) {
    auto& self = ours(file);
    if (!self.on_disk) return SQLITE_OK;
    if (self.disk->next_change() != change_fate::happens) return SQLITE_IOERR_FSYNC;
    self.disk->sync(**self.on_disk);
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_reserved(sqlite3_file* file, int* out) {
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control_file(sqlite3_file* file, int what, void* with) {
    return real(file)->pMethods->xFileControl(real(file), what, with);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shared_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods methods{
    2,           close_file,     read_file,      write_file,   truncate_file, sync_file,       size_of_file,
    lock_file,   unlock_file,    check_reserved, control_file, sector_size,   characteristics, map_shared,
    lock_shared, shared_barrier, unmap_shared,   nullptr,      nullptr,
};

power_cut_disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<power_cut_disk*>(vfs->pAppData); }

int open_path(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
    auto& self = *new (file) open_file{{nullptr}, &disk_of(vfs), nullptr};
    constexpr int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    const bool kept = name && (flags & (journals | SQLITE_OPEN_MAIN_DB)) != 0;
    const bool was_there = kept && std::filesystem::exists(name);
    if (kept && !was_there && (flags & SQLITE_OPEN_CREATE) != 0 &&
        self.disk->next_change() != change_fate::happens)
        return SQLITE_CANTOPEN;
    const int code = real_vfs->xOpen(real_vfs, name, real(file), flags, flags_out);
    if (real(file)->pMethods == nullptr) return code;
    self.as_sqlite.pMethods = &methods;
    if (kept && code == SQLITE_OK)
        self.on_disk = new disk_file(self.disk->opened(name, was_there, (flags & journals) != 0));
    return code;
}

int delete_path(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    auto& disk = disk_of(vfs);
    if (disk.next_change() != change_fate::happens) return SQLITE_IOERR_DELETE;
    const int code = real_vfs->xDelete(real_vfs, name, 0);
    if (code == SQLITE_OK) disk.removed(name, sync_directory != 0);
    return code;
}

} // namespace

std::unique_ptr<sqlite3_vfs> make_power_cut_vfs(power_cut_disk& disk) {
    real_vfs = sqlite3_vfs_find("unix");
    auto vfs = std::make_unique<sqlite3_vfs>(*real_vfs);
    vfs->szOsFile = real_vfs->szOsFile + static_cast<int>(sizeof(open_file));
    vfs->pNext = nullptr;
    vfs->zName = "power-cut";
    vfs->pAppData = &disk;
    vfs->xOpen = open_path;
    vfs->xDelete = delete_path;
    // The others look nothing up in what is ours.
    sqlite3_vfs_register(vfs.get(), 1);
    return vfs;
}

void end_power_cut_vfs(sqlite3_vfs& vfs) {
    sqlite3_vfs_unregister(&vfs);
    sqlite3_vfs_register(real_vfs, 1);
}

} // namespace waybill::test
