// Reading what stands at a path and nothing that a symbolic link on the way leads to, for files whose names
// somebody else may have had a hand in. Any thread. Every system call's error becomes a `store_failure`, as
// in durable_file.hpp; what is not there as it is asked for, such as a link in its place, is no error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "disk/durable_file.hpp"

namespace waybill::disk {

/// The directory `below` in `top`, in which alone links are followed; nothing when a name on the way is not
/// there or no directory itself.
std::optional<file_descriptor> open_directory(const std::filesystem::path& top,
                                              const std::filesystem::path& below);

struct opened_file {
    file_descriptor descriptor;
    std::int64_t length = 0; ///< bytes
};
/// A regular file of this plain name in the directory, for reading; nothing when there is none.
std::optional<opened_file> open_file(const file_descriptor& directory, const std::string& name);

/// Up to `most` bytes from this place on; fewer only at the end of the file.
std::string read_at(const file_descriptor& file, std::int64_t from, std::size_t most);

} // namespace waybill::disk
