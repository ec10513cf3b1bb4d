#include "disk/directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

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

bool is_there(const std::filesystem::path& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0) return true;
    if (errno == ENOENT) return false;
    throw_system_error(errno, "look at", path);
}

std::vector<directory_entry> list_directory(const std::filesystem::path& path) {
    std::error_code error;
    std::vector<directory_entry> entries;
    std::filesystem::directory_iterator at(path, error);
    for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) {
        std::error_code unknown;
        entries.push_back({at->path().filename().string(),
                           at->symlink_status(unknown).type() == std::filesystem::file_type::directory});
    }
    if (error.value() == ENOENT) return {};
    if (error) throw_system_error(error.value(), "list", path);
    std::sort(entries.begin(), entries.end(),
              [](const directory_entry& a, const directory_entry& b) { return a.name < b.name; });
    return entries;
}

void remove_tree(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) throw_system_error(error.value(), "remove", path);
}

void remove_if_possible(const std::filesystem::path& path) noexcept {
    try {
        remove_tree(path);
    } catch (const std::exception&) {
    }
}

} // namespace waybill::disk
