#include "store/file_set.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "store/store_files.hpp"

namespace waybill::store {

namespace {

constexpr std::array<const char*, 3> suffixes{"-wal", "-shm", "-journal"};

} // namespace

std::vector<std::filesystem::path> file_set::journals() const {
    std::vector<std::filesystem::path> there;
    for (const auto* suffix : suffixes)
        if (auto name = beside(file_, suffix); disk::is_there(name)) there.push_back(std::move(name));
    return there;
}

bool file_set::has_unfolded() const {
    for (const auto* suffix : {"-wal", "-journal"}) {
        std::error_code none;
        if (std::filesystem::file_size(beside(file_, suffix), none) > 0 && !none) return true;
    }
    return false;
}

void file_set::remove() const {
    for (const auto& journal : journals())
        disk::remove_tree(journal);
    disk::remove_tree(file_);
}

removed_at_end::~removed_at_end() {
    for (const auto& file : files_) {
        for (const auto* suffix : suffixes)
            disk::remove_if_possible(beside(file, suffix));
        disk::remove_if_possible(file);
    }
}

void sync_file(const std::filesystem::path& file) {
    const disk::file_descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (opened.number() < 0) disk::throw_system_error(errno, "open", file);
    while (::fsync(opened.number()) != 0)
        if (errno != EINTR) disk::throw_system_error(errno, "sync", file);
}

void copy_permissions(const std::filesystem::path& from, const std::filesystem::path& to) {
    struct stat found {};
    if (::stat(from.c_str(), &found) != 0) disk::throw_system_error(errno, "look at", from);
    if (::chmod(to.c_str(), found.st_mode & 0777U) != 0)
        disk::throw_system_error(errno, "set the mode of", to);
    // Root works for the host's own user; another user can only make files of its own.
    if (::chown(to.c_str(), found.st_uid, found.st_gid) != 0 && errno != EPERM)
        disk::throw_system_error(errno, "set the owner of", to);
}

void copy_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    const disk::file_descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.number() < 0) disk::throw_system_error(errno, "open", from);
    disk::durable_file out(to, disk::durable_file::opening::create);
    std::string piece(std::size_t{1} << 18U, '\0');
    for (;;) {
        const auto got = ::read(in.number(), piece.data(), piece.size());
        if (got == 0) break;
        if (got > 0)
            out.write({piece.data(), static_cast<std::size_t>(got)});
        else if (errno != EINTR)
            disk::throw_system_error(errno, "read", from);
    }
    out.sync();
    out.close();
    copy_permissions(from, to);
}

bool link_file(const std::filesystem::path& file, const std::filesystem::path& name) {
    if (::link(file.c_str(), name.c_str()) == 0) return true;
    if (errno == EEXIST) return false;
    disk::throw_system_error(errno, "give the name " + name.string() + " to", file);
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    const auto folder = file.parent_path();
    return folder.empty() ? "." : folder;
}

} // namespace waybill::store
