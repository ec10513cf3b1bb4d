#include "disk/durable_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "disk/directory.hpp"

namespace waybill::disk {

namespace {

int flags_of(durable_file::opening how) {
    switch (how) {
    case durable_file::opening::create: return O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    case durable_file::opening::append: return O_WRONLY | O_APPEND | O_CLOEXEC;
    case durable_file::opening::replace: return O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    }
    return O_WRONLY | O_CLOEXEC;
}

int open_again_if_interrupted(const std::filesystem::path& path, int flags) {
    int number = -1;
    do
        number = ::open(path.c_str(), flags, 0666);
    while (number < 0 && errno == EINTR);
    return number;
}

} // namespace

void throw_system_error(int error, std::string_view doing, const std::filesystem::path& path) {
    const bool full = error == ENOSPC || error == EDQUOT;
    throw store_failure(full ? store_failure::kind::no_space : store_failure::kind::io,
                        "cannot " + std::string(doing) + " " + path.string() + ": " +
                            std::generic_category().message(error));
}

file_descriptor::file_descriptor(file_descriptor&& other) noexcept : number_(other.release()) {}

file_descriptor& file_descriptor::operator=(file_descriptor&& other) noexcept {
    if (this != &other) {
        if (number_ >= 0) ::close(number_);
        number_ = other.release();
    }
    return *this;
}

file_descriptor::~file_descriptor() {
    if (number_ >= 0) ::close(number_);
}

int file_descriptor::release() noexcept { return std::exchange(number_, -1); }

durable_file::durable_file(std::filesystem::path path, opening how)
    : path_(std::move(path)), descriptor_(open_again_if_interrupted(path_, flags_of(how))) {
    if (descriptor_.number() < 0)
        throw_system_error(errno, how == opening::create ? "create" : "open for writing", path_);
}

void durable_file::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_.number(), bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            throw_system_error(errno, "write", path_);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void durable_file::sync() {
    while (::fdatasync(descriptor_.number()) != 0)
        if (errno != EINTR) throw_system_error(errno, "sync", path_);
}

void durable_file::close() {
    // Linux has let go of the number even when it reports EINTR, so this is never repeated.
    if (::close(descriptor_.release()) != 0 && errno != EINTR) throw_system_error(errno, "close", path_);
}

void write_new_file(const std::filesystem::path& path, std::string_view contents) {
    durable_file file(path, durable_file::opening::create);
    file.write(contents);
    file.sync();
    file.close();
}

void replace_file(const std::filesystem::path& path, const std::filesystem::path& aside,
                  std::string_view contents) {
    {
        durable_file file(aside, durable_file::opening::replace);
        file.write(contents);
        file.sync();
        file.close();
    }
    if (std::rename(aside.c_str(), path.c_str()) != 0) throw_system_error(errno, "replace", path);
    sync_directory(path.parent_path());
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    const file_descriptor file(open_again_if_interrupted(path, O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        if (errno == ENOENT) return std::nullopt;
        throw_system_error(errno, "open", path);
    }
    std::string contents;
    std::array<char, 16384> piece{};
    for (;;) {
        const auto got = ::read(file.number(), piece.data(), piece.size());
        if (got == 0) return contents;
        if (got > 0)
            contents.append(piece.data(), static_cast<std::size_t>(got));
        else if (errno != EINTR)
            throw_system_error(errno, "read", path);
    }
}

} // namespace waybill::disk
