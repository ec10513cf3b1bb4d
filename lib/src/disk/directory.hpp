// Directories whose entries are on the disk when we say so, and renames that never replace. Any thread.
// Every system call's error becomes a `store_failure`, as in durable_file.hpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace waybill::disk {

/// The names in the directory are on the disk when it returns.
void sync_directory(const std::filesystem::path& path);
/// The same, but a directory that is not there is no error.
void sync_directory_if_there(const std::filesystem::path& path);

/// Creates one directory and syncs its parent; false when something of this name is there already.
bool make_directory(const std::filesystem::path& path);
/// Creates the directory and what is missing above it, each with its parent synced.
void make_directories(const std::filesystem::path& path);

/// Moves one name, without a sync. False when something is at `to`, which then stays untouched.
bool rename_no_replace(const std::filesystem::path& from, const std::filesystem::path& to);

/// Moves a directory, without a sync, to a name where nothing is, or an empty directory that it takes the place
/// of. False when anything else is at `to`, which then stays untouched.
bool move_directory(const std::filesystem::path& from, const std::filesystem::path& to);

/// Whether anything is there; only the system's plain "no" is a no.
bool is_there(const std::filesystem::path& path);

struct directory_entry {
    std::string name;
    bool is_directory = false; ///< itself, not what a link points to
};
/// Sorted by name; empty when there is no such directory.
std::vector<directory_entry> list_directory(const std::filesystem::path& path);

/// Removes a file or a directory with all that is in it; nothing there is no error.
void remove_tree(const std::filesystem::path& path);
/// The same where nothing depends on it: what stays is swept later.
void remove_if_possible(const std::filesystem::path& path) noexcept;

} // namespace waybill::disk
