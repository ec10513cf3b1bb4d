#include "disk/directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk/durable_file.hpp"

namespace waybill::disk {

namespace {

/// The error of syncing the directory; 0 when it went well.
int try_sync(const std::filesystem::path& path) {
    int number = -1;
    do
        number = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (number < 0 && errno == EINTR);
    const file_descriptor directory(number);
    if (directory.number() < 0) return errno;
    while (::fsync(directory.number()) != 0)
        if (errno != EINTR) return errno;
    return 0;
}

bool is_directory_itself(int above, const char* name) {
    struct stat found {};
    return ::fstatat(above, name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(found.st_mode);
}

/// The standard library's iterators end the program when there is no memory for an entry.
class open_directory {
  public:
    /// `how` is added to the flags: `O_NOFOLLOW`, or 0.
    open_directory(int above, const char* name, int how)
        : number_(::openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | how)) {
        if (number_.number() >= 0) stream_ = ::fdopendir(number_.number());
        if (stream_ != nullptr) // which owns the number from now on
            number_.release();
        else
            error_ = errno;
    }
    open_directory(const open_directory&) = delete;
    open_directory& operator=(const open_directory&) = delete;
    ~open_directory() {
        if (stream_ != nullptr) ::closedir(stream_);
    }

    /// Nothing at the end, or when it went wrong.
    const dirent* next() {
        if (error_ != 0) return nullptr;
        for (;;) {
            errno = 0;
            const auto* const entry = ::readdir(stream_);
            if (entry == nullptr) error_ = errno;
            if (entry == nullptr ||
                (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0))
                return entry;
        }
    }
    bool is_directory(const dirent& entry) const {
        return entry.d_type == DT_UNKNOWN ? is_directory_itself(number(), entry.d_name)
                                          : entry.d_type == DT_DIR;
    }
    int number() const { return ::dirfd(stream_); }
    /// 0 when it went well.
    int error() const { return error_; }

  private:
    file_descriptor number_;
    DIR* stream_ = nullptr;
    int error_ = 0;
};

/// The error; 0 when nothing of this name is there any more.
int try_to_remove(int above, const char* name, bool is_directory) {
    if (is_directory) {
        open_directory inside(above, name, O_NOFOLLOW);
        while (const auto* const entry = inside.next())
            if (const int error = try_to_remove(inside.number(), entry->d_name, inside.is_directory(*entry));
                error != 0)
                return error;
        if (inside.error() != 0) return inside.error() == ENOENT ? 0 : inside.error();
    }
    const bool removed = ::unlinkat(above, name, is_directory ? AT_REMOVEDIR : 0) == 0;
    return removed || errno == ENOENT ? 0 : errno;
}

} // namespace

void sync_directory(const std::filesystem::path& path) {
    if (const int error = try_sync(path); error != 0) throw_system_error(error, "sync directory", path);
}

void sync_directory_if_there(const std::filesystem::path& path) {
    if (const int error = try_sync(path); error != 0 && error != ENOENT)
        throw_system_error(error, "sync directory", path);
}

bool make_directory(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), 0777) != 0) {
        if (errno == EEXIST) return false;
        throw_system_error(errno, "create directory", path);
    }
    sync_directory(path.parent_path());
    return true;
}

void make_directories(const std::filesystem::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) {
        if (!S_ISDIR(found.st_mode)) throw_system_error(ENOTDIR, "create directory", path);
        return;
    }
    if (errno != ENOENT) throw_system_error(errno, "look at", path);
    if (path.has_parent_path() && path.parent_path() != path) make_directories(path.parent_path());
    make_directory(path);
}

bool rename_no_replace(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno == EEXIST) return false;
    throw_system_error(errno, "move " + from.string() + " to", to);
}

bool move_directory(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (std::rename(from.c_str(), to.c_str()) == 0) return true;
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return false;
    throw_system_error(errno, "move " + from.string() + " to", to);
}

bool is_there(const std::filesystem::path& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0) return true;
    if (errno == ENOENT) return false;
    throw_system_error(errno, "look at", path);
}

std::vector<directory_entry> list_directory(const std::filesystem::path& path) {
    std::vector<directory_entry> entries;
    open_directory directory(AT_FDCWD, path.c_str(), 0);
    while (const auto* const entry = directory.next())
        entries.push_back({entry->d_name, directory.is_directory(*entry)});
    if (directory.error() == ENOENT) return {};
    if (directory.error() != 0) throw_system_error(directory.error(), "list", path);
    std::sort(entries.begin(), entries.end(),
              [](const directory_entry& a, const directory_entry& b) { return a.name < b.name; });
    return entries;
}

void remove_tree(const std::filesystem::path& path) {
    const bool is_directory = is_directory_itself(AT_FDCWD, path.c_str());
    if (const int error = try_to_remove(AT_FDCWD, path.c_str(), is_directory); error != 0)
        throw_system_error(error, "remove", path);
}

void remove_if_possible(const std::filesystem::path& path) noexcept {
    try {
        remove_tree(path);
    } catch (const std::exception&) {
    }
}

} // namespace waybill::disk
