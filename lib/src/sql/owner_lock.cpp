#include "sql/owner_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace waybill::sql {
namespace {

// One line of fixed length, within one disk sector, so that a power cut leaves the old or the new one:
// "waybill-owner pid=… epoch=… job_id=… commit_sequence=…" and blanks up to the line feed.
constexpr std::size_t record_size = 256;
constexpr std::string_view magic = "waybill-owner";

[[noreturn]] void fail(const std::filesystem::path& file, const char* doing) {
    const int error = errno;
    const auto kind =
        error == ENOSPC || error == EDQUOT ? store_failure::kind::no_space : store_failure::kind::io;
    throw store_failure(kind, file.string() + ": " + doing + ": " + std::system_category().message(error));
}

std::optional<std::int64_t> number_after(std::string_view record, std::string_view name) {
    const auto at = record.find(name);
    if (at == std::string_view::npos) return std::nullopt;
    const auto* const from = record.data() + at + name.size();
    std::int64_t number = 0;
    if (std::from_chars(from, record.data() + record.size(), number).ec != std::errc{}) return std::nullopt;
    return number;
}

struct content {
    std::int64_t pid = 0;
    high_water_marks marks;
};

/// Nothing for a file that never had a record: it is empty, or of zero bytes, which is what a power cut
/// before the first record was synced may leave. Throws for anything else that is no record.
std::optional<content> read_record(int descriptor, const std::filesystem::path& file) {
    std::array<char, record_size> bytes{};
    const auto size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    if (size < 0) fail(file, "cannot be read");
    const std::string_view record(bytes.data(), static_cast<std::size_t>(size));
    if (record.find_first_not_of('\0') == std::string_view::npos) return std::nullopt;
    const auto pid = number_after(record, " pid=");
    const auto epoch = number_after(record, " epoch=");
    const auto job = number_after(record, " job_id=");
    const auto commit = number_after(record, " commit_sequence=");
    if (!record.starts_with(magic) || !pid || !epoch || !job || !commit)
        throw store_failure(store_failure::kind::corrupt, file.string() + ": is not a Waybill lock file");
    return content{*pid, {*epoch, *job, *commit}};
}

/// Beside the flock the owner holds a lock of this kind, because only this kind can be asked for without
/// taking it: a look from outside must never make an owner's start fail.
struct flock whole_file_lock() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

std::string write_record(const content& what) {
    auto record = std::string(magic) + " pid=" + std::to_string(what.pid) +
                  " epoch=" + std::to_string(what.marks.epoch) +
                  " job_id=" + std::to_string(what.marks.job_id) +
                  " commit_sequence=" + std::to_string(what.marks.commit_sequence);
    record.resize(record_size - 1, ' ');
    record.push_back('\n');
    return record;
}

} // namespace

owner_lock::owner_lock(int descriptor, std::filesystem::path file, const high_water_marks& marks)
    : descriptor_(descriptor), file_(std::move(file)), marks_(marks) {}

owner_lock::owner_lock(owner_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      file_(std::move(other.file_)),
      marks_(other.marks_) {}

owner_lock& owner_lock::operator=(owner_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(file_, other.file_);
    std::swap(marks_, other.marks_);
    return *this;
}

owner_lock::~owner_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

result<owner_lock> owner_lock::take(const std::filesystem::path& file, const char* what) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) fail(file, "cannot be opened");
    owner_lock lock(descriptor, file, {});
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) fail(file, "cannot be locked");
        const auto owner = read_record(descriptor, file);
        const auto who = owner ? "process " + std::to_string(owner->pid) : std::string("another process");
        return failure{errc::owned_elsewhere,
                       std::string("the ") + what + " is owned by " + who + " (lock file " + file.string() +
                           ")",
                       {}};
    }
    auto beacon = whole_file_lock();
    if (::fcntl(descriptor, F_OFD_SETLK, &beacon) != 0) fail(file, "cannot be locked");
    if (const auto before = read_record(descriptor, file)) lock.marks_ = before->marks;
    lock.write();
    // The file's own entry must survive a power cut too, or the marks would be lost with it.
    auto folder = file.parent_path();
    if (folder.empty()) folder = ".";
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) fail(folder, "cannot be opened");
    const int synced = ::fsync(directory);
    ::close(directory);
    if (synced != 0) fail(folder, "cannot be synced");
    return lock;
}

void owner_lock::write() const {
    const auto record = write_record({::getpid(), marks_});
    for (std::size_t at = 0; at < record.size();) {
        const auto written =
            ::pwrite(descriptor_, record.data() + at, record.size() - at, static_cast<off_t>(at));
        if (written < 0 && errno != EINTR) fail(file_, "cannot be written");
        if (written > 0) at += static_cast<std::size_t>(written);
    }
    if (::fdatasync(descriptor_) != 0) fail(file_, "cannot be synced");
}

void owner_lock::raise(const high_water_marks& to) {
    const auto before = marks_;
    marks_ = {std::max(marks_.epoch, to.epoch), std::max(marks_.job_id, to.job_id),
              std::max(marks_.commit_sequence, to.commit_sequence)};
    try {
        write();
    } catch (...) {
        marks_ = before; // what may have reached the disk is only higher, which is safe
        throw;
    }
}

void owner_lock::settle(const high_water_marks& used) {
    marks_ = used;
    write();
}

std::optional<owner_record> inspect_owner(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail(file, "cannot be opened");
    }
    try {
        const auto record = read_record(descriptor, file);
        auto probe = whole_file_lock();
        if (::fcntl(descriptor, F_OFD_GETLK, &probe) != 0) fail(file, "cannot be asked for its lock");
        ::close(descriptor);
        return owner_record{record ? record->pid : 0, probe.l_type != F_UNLCK,
                            record ? record->marks : high_water_marks{}};
    } catch (...) {
        ::close(descriptor);
        throw;
    }
}

} // namespace waybill::sql
