// A small disk of a test's own: a tmpfs in a mount namespace that ends with the process, so that nothing is
// left behind however it ends.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "support/temp_directory.hpp"

namespace waybill::test {

class small_disk {
  public:
    /// Throws `std::system_error` where mounting is not allowed.
    explicit small_disk(const std::string& size) {
        own_mounts();
        if (::mount("none", place_.path().c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0) fail("mount");
    }
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;
    ~small_disk() { ::umount2(place_.path().c_str(), MNT_DETACH); }

    const std::filesystem::path& path() const { return place_.path(); }
    std::uintmax_t room() const { return std::filesystem::space(path()).available; }
    /// One file takes all the room but so many bytes.
    void fill(std::uintmax_t but = 0) const {
        const int file = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) fail("open");
        const auto wanted = static_cast<off_t>(room() - but);
        const int error = ::posix_fallocate(file, 0, wanted);
        ::close(file);
        if (error != 0) throw std::system_error(error, std::generic_category(), "posix_fallocate");
    }
    void empty() const { std::filesystem::remove(ballast()); }

  private:
    [[noreturn]] static void fail(const char* what) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    static void say(const char* file, const std::string& text) { std::ofstream(file) << text << std::flush; }
    /// Once a process; who is not allowed to may be so in a user namespace of its own.
    static void own_mounts() {
        static bool owned = false;
        if (owned) return;
        if (::unshare(CLONE_NEWNS) != 0) {
            const auto user = ::getuid();
            const auto group = ::getgid();
            if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) fail("unshare");
            say("/proc/self/setgroups", "deny");
            say("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
            say("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
        }
        if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) fail("mount");
        owned = true;
    }
    std::filesystem::path ballast() const { return path() / "ballast"; }

    temp_directory place_;
};

} // namespace waybill::test
