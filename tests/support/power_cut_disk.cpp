#include "support/power_cut_disk.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "support/power_cut_vfs.hpp"
#include "support/whole_file.hpp"

namespace waybill::test {
namespace {

namespace fs = std::filesystem;

} // namespace

power_cut_disk::power_cut_disk(std::uint32_t seed)
    : choose_(seed), kept_of_four_(seed % 5), vfs_(make_power_cut_vfs(*this)) {}

power_cut_disk::~power_cut_disk() {
    end_power_cut_vfs(*vfs_);
    for (const auto& one : files_)
        ::close(one->handle);
}

std::shared_ptr<power_cut_disk::file> power_cut_disk::opened(const fs::path& path, bool was_there,
                                                             bool journal) {
    for (const auto& one : files_)
        if (name_of(*one) == path) return one;
    auto fresh = std::make_shared<file>();
    fresh->made_as = path;
    // Only a path: closing it would take away the locks that SQLite holds on the file.
    fresh->handle = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (fresh->handle < 0) throw std::runtime_error("cannot open " + path.string());
    if (was_there) fresh->bytes.synced = bytes_of(path);
    fresh->named_for_good = was_there;
    fresh->syncs_names = journal && !was_there;
    files_.push_back(fresh);
    return fresh;
}

/// As the file is called now; empty when it has no name any more.
fs::path power_cut_disk::name_of(const file& which) const {
    std::error_code none;
    const auto name = fs::read_symlink("/proc/self/fd/" + std::to_string(which.handle), none).string();
    return name.ends_with(" (deleted)") ? fs::path() : fs::path(name);
}

power_cut_disk::fate power_cut_disk::next_change() {
    if (!power_) return fate::too_late;
    if (changes_left_ == 0 || --changes_left_ > 0) return fate::happens;
    cut();
    return fate::cut_short;
}

void power_cut_disk::note_kept() {
    for (auto& [name, bytes] : kept_)
        bytes = bytes_of(name);
}

void power_cut_disk::cut() {
    power_ = false;
    note_kept();
}

void power_cut_disk::sync(file& which) {
    which.bytes.sync();
    if (std::exchange(which.syncs_names, false)) sync_names(which.made_as.parent_path());
}

void power_cut_disk::sync_names(const fs::path& folder) {
    for (const auto& one : files_)
        if (one->made_as.parent_path() == folder) one->named_for_good = true;
    std::erase_if(removed_, [&](const auto& one) { return one->made_as.parent_path() == folder; });
}

void power_cut_disk::removed(const fs::path& path, bool for_good) {
    for (const auto& one : files_)
        if (one->made_as == path && name_of(*one).empty()) {
            ::close(one->handle);
            if (one->named_for_good) removed_.push_back(one);
        }
    std::erase_if(files_, [&](const auto& one) {
        return one->made_as == path && std::find(removed_.begin(), removed_.end(), one) != removed_.end();
    });
    if (for_good) sync_names(path.parent_path());
}

void power_cut_disk::power_back() {
    for (const auto& one : files_) {
        const auto name = name_of(*one);
        ::close(one->handle);
        if (name.empty()) continue;
        // Whoever renamed it synced the directory, not SQLite.
        const bool lost = !one->named_for_good && name == one->made_as && choose_() % 2 == 0;
        if (lost)
            fs::remove(name);
        else
            write_whole(name, one->bytes.survivor(choose_, kept_of_four_));
        fs::remove(name.string() + "-shm");
    }
    for (const auto& one : removed_)
        if (choose_() % 2 == 0 && !fs::exists(one->made_as))
            write_whole(one->made_as, one->bytes.survivor(choose_, kept_of_four_));
    for (const auto& [name, bytes] : kept_)
        write_whole(name, bytes);
    files_.clear();
    removed_.clear();
    changes_left_ = 0;
    power_ = true;
}

} // namespace waybill::test
