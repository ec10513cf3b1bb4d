// Files that are on the disk when we say so: every step of publication is worth only what was synced before
// it. One thread per object; the functions may be called from any. Every system call's error becomes a
// `store_failure` that names the path and the system's own words; `no_space` for a full disk or quota, `io`
// otherwise.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/result.hpp>

namespace waybill::disk {

[[noreturn]] void throw_system_error(int error, std::string_view doing, const std::filesystem::path& path);

class file_descriptor {
  public:
    explicit file_descriptor(int number = -1) noexcept : number_(number) {}
    file_descriptor(file_descriptor&& other) noexcept;
    file_descriptor& operator=(file_descriptor&& other) noexcept;
    ~file_descriptor();

    int number() const noexcept { return number_; }
    int release() noexcept;

  private:
    int number_;
};

class durable_file {
  public:
    enum class opening {
        create,  ///< fails when there is such a file
        append,  ///< fails when there is none
        replace, ///< creates it, or begins it anew
    };
    durable_file(std::filesystem::path path, opening how);

    /// All of it, however many calls the system makes of it.
    void write(std::string_view bytes);
    /// The contents and the length are on the disk when it returns; the name is only after `sync_directory`.
    void sync();
    /// Closes and tells what only closing finds out; the destructor closes silently.
    void close();

  private:
    std::filesystem::path path_;
    file_descriptor descriptor_;
};

/// Creates a file with these contents, synced.
void write_new_file(const std::filesystem::path& path, std::string_view contents);

/// Puts these contents in the place of the file, all or nothing: written to `aside` (in the same directory),
/// synced, renamed, the directory synced.
void replace_file(const std::filesystem::path& path, const std::filesystem::path& aside,
                  std::string_view contents);

/// Nothing when there is no such file.
std::optional<std::string> read_file(const std::filesystem::path& path);

} // namespace waybill::disk
