// A database file and what SQLite may have put beside it: `-wal`, `-shm`, `-journal`. A journal belongs to
// one file only; applied to another it destroys that one. So they are moved, removed and looked for together.
// Any thread; errors of the disk are thrown as `store_failure`.
#pragma once

#include <filesystem>
#include <vector>

namespace waybill::store {

class file_set {
  public:
    explicit file_set(std::filesystem::path file) : file_(std::move(file)) {}

    const std::filesystem::path& file() const noexcept { return file_; }
    /// Of these, the ones that are there.
    std::vector<std::filesystem::path> journals() const;
    /// Whether a journal may hold something that the file does not.
    bool has_unfolded() const;
    /// Of the journals first, and of the file; what is not there is no error.
    void remove() const;

  private:
    std::filesystem::path file_;
};

/// Files that are removed at the end of a scope with their journals, whatever happened; renamed ones are gone
/// already.
class removed_at_end {
  public:
    explicit removed_at_end(std::vector<std::filesystem::path> files) : files_(std::move(files)) {}
    removed_at_end(const removed_at_end&) = delete;
    removed_at_end& operator=(const removed_at_end&) = delete;
    ~removed_at_end();

  private:
    std::vector<std::filesystem::path> files_;
};

/// The contents are on the disk when it returns.
void sync_file(const std::filesystem::path& file);
/// Whoever may read one may read the other: the mode, and the owner where this process may give it.
void copy_permissions(const std::filesystem::path& from, const std::filesystem::path& to);
/// A copy, synced, with the same permissions; nothing may be at `to`.
void copy_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// A second name for a file. False when something has this name.
bool link_file(const std::filesystem::path& file, const std::filesystem::path& name);
/// The directory that a file is in, also for a plain name.
std::filesystem::path folder_of(const std::filesystem::path& file);

} // namespace waybill::store
