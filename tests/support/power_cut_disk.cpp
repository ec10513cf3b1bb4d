#include "support/power_cut_disk.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "support/power_cut_vfs.hpp"

namespace waybill::test {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t sector = 512;

std::string read_whole(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_whole(const fs::path& path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

void apply(std::string& to, const power_cut_disk::change& what) {
    const auto at = static_cast<std::size_t>(what.at);
    if (what.bytes.empty()) return to.resize(at);
    if (to.size() < at + what.bytes.size()) to.resize(at + what.bytes.size());
    to.replace(at, what.bytes.size(), what.bytes);
}

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
    if (was_there) fresh->synced = read_whole(path);
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
        bytes = read_whole(name);
}

void power_cut_disk::cut() {
    power_ = false;
    note_kept();
}

void power_cut_disk::sync(file& which) {
    for (const auto& one : which.since)
        apply(which.synced, one);
    which.since.clear();
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

/// Of each sector, some state that it went through since the last sync; of the length too.
std::string power_cut_disk::survivor(const file& which) {
    const auto some = [&](std::size_t states) -> std::size_t {
        if (kept_of_four_ == 0) return 0;
        if (kept_of_four_ == 4) return states;
        return choose_() % 4 < kept_of_four_ ? choose_() % (states + 1) : 0;
    };
    auto length = static_cast<std::int64_t>(which.synced.size());
    const auto lengths_taken = some(which.since.size());
    std::int64_t longest = length;
    for (std::size_t i = 0; i < which.since.size(); ++i) {
        const auto& one = which.since[i];
        const auto end = one.at + static_cast<std::int64_t>(one.bytes.size());
        longest = std::max(longest, end);
        if (i < lengths_taken) length = one.bytes.empty() ? one.at : std::max(length, end);
    }
    std::string bytes = which.synced;
    bytes.resize(static_cast<std::size_t>(longest));
    std::map<std::int64_t, std::size_t> taken; // of each sector: how many changes
    for (std::size_t i = 0; i < which.since.size(); ++i) {
        const auto& [at, written] = which.since[i];
        const auto end = at + static_cast<std::int64_t>(written.size());
        for (auto from = at; from < end;) {
            const auto to = std::min(end, (from / sector + 1) * sector);
            const auto [limit, first] = taken.try_emplace(from / sector, 0);
            if (first) limit->second = some(which.since.size());
            if (i < limit->second)
                bytes.replace(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from), written,
                              static_cast<std::size_t>(from - at), static_cast<std::size_t>(to - from));
            from = to;
        }
    }
    bytes.resize(static_cast<std::size_t>(length));
    return bytes;
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
            write_whole(name, survivor(*one));
        fs::remove(name.string() + "-shm");
    }
    for (const auto& one : removed_)
        if (choose_() % 2 == 0 && !fs::exists(one->made_as)) write_whole(one->made_as, survivor(*one));
    for (const auto& [name, bytes] : kept_)
        write_whole(name, bytes);
    files_.clear();
    removed_.clear();
    changes_left_ = 0;
    power_ = true;
}

} // namespace waybill::test
