#include "disk/unlinked_path.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace waybill::disk {

namespace {

/// What open says when a name is not there, is a link, or is none of a directory.
bool is_not_there(int error) { return error == ENOENT || error == ENOTDIR || error == ELOOP; }

std::optional<file_descriptor> open_in(int directory, const std::filesystem::path& name, int flags) {
    int number = -1;
    do
        number = ::openat(directory, name.c_str(), flags | O_RDONLY | O_CLOEXEC);
    while (number < 0 && errno == EINTR);
    if (number >= 0) return file_descriptor(number);
    if (is_not_there(errno)) return std::nullopt;
    throw_system_error(errno, "open", name);
}

} // namespace

std::optional<file_descriptor> open_directory(const std::filesystem::path& top,
                                              const std::filesystem::path& below) {
    auto at = open_in(AT_FDCWD, top, O_DIRECTORY);
    for (const auto& name : below)
        if (at) at = open_in(at->number(), name, O_DIRECTORY | O_NOFOLLOW);
    return at;
}

std::optional<opened_file> open_file(const file_descriptor& directory, const std::string& name) {
    // A pipe in the place of a file would have its reader wait for a writer.
    auto file = open_in(directory.number(), name, O_NOFOLLOW | O_NONBLOCK);
    if (!file) return std::nullopt;
    struct stat found {};
    if (::fstat(file->number(), &found) != 0) throw_system_error(errno, "look at", name);
    if (!S_ISREG(found.st_mode)) return std::nullopt;
    return opened_file{std::move(*file), found.st_size};
}

std::string read_at(const file_descriptor& file, std::int64_t from, std::size_t most) {
    std::string bytes(most, '\0');
    std::size_t count = 0;
    while (count < most) {
        const auto got = ::pread(file.number(), bytes.data() + count, most - count,
                                 from + static_cast<std::int64_t>(count));
        if (got == 0) break;
        if (got > 0)
            count += static_cast<std::size_t>(got);
        else if (errno != EINTR)
            throw_system_error(errno, "read", "/proc/self/fd/" + std::to_string(file.number()));
    }
    bytes.resize(count);
    return bytes;
}

} // namespace waybill::disk
