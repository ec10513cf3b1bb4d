// A disk that loses what was not synced: SQLite's files in this process, with the power cut at a moment that
// the test chooses. What was written since a file's last sync is kept or lost by sectors of 512 bytes, a name
// that appeared or went since the last sync of its directory may be undone; both as a seed says. What the
// library writes without SQLite (lock file, names, checksums) is as durable as on the real disk, where a
// process's end loses nothing. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "support/torn_file.hpp"

struct sqlite3_vfs;

namespace waybill::test {

class power_cut_disk {
  public:
    /// SQLite's default in this process, until its end.
    explicit power_cut_disk(std::uint32_t seed);
    ~power_cut_disk();
    power_cut_disk(const power_cut_disk&) = delete;
    power_cut_disk& operator=(const power_cut_disk&) = delete;

    /// The power goes during the n-th change of a file from now on, a sync among them.
    void cut_at(std::int64_t nth) { changes_left_ = nth; }
    /// The power goes now. From then on every change fails.
    void cut();
    bool cut_off() const { return !power_; }
    /// When everybody has closed their files: what the disk has after the cut. Files like these stay as they
    /// were when the power went, although the end of their owner's objects changed them.
    void power_back();

    /// Somebody else than SQLite has synced this directory.
    void sync_names(const std::filesystem::path& folder);

    /// Bytes of a file that SQLite does not write, as they are at the moment of the cut.
    void keep_as_it_is(std::filesystem::path name) { kept_.emplace(std::move(name), std::string()); }

    // For the file system underneath.
    struct file {
        std::filesystem::path made_as; ///< the name under which it was opened first
        int handle = -1;               ///< keeps the inode from being used again
        torn_file bytes{};
        bool named_for_good = true; ///< its name survives a power cut
        bool syncs_names = false;   ///< its first sync syncs its directory, as SQLite does for journals
    };
    std::shared_ptr<file> opened(const std::filesystem::path& path, bool was_there, bool journal);
    enum class fate {
        happens,
        cut_short, ///< the power goes during this one: it may reach the disk, in part
        too_late,
    };
    fate next_change();
    void sync(file& which);
    void removed(const std::filesystem::path& path, bool for_good);

  private:
    void note_kept();
    std::filesystem::path name_of(const file& which) const;

    std::mt19937 choose_;
    unsigned kept_of_four_; ///< how much of what was not synced survives: nothing … all
    bool power_ = true;
    std::int64_t changes_left_ = 0; ///< 0: no cut to come
    std::map<std::filesystem::path, std::string> kept_;
    std::vector<std::shared_ptr<file>> files_;
    std::vector<std::shared_ptr<file>> removed_; ///< names that may come back
    std::unique_ptr<sqlite3_vfs> vfs_;
};

} // namespace waybill::test
