// The SHA-256 of a file, and the file beside it that says so: one line, as sha256sum writes and checks it.
// Any thread; errors of the disk are thrown as `store_failure`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace waybill::store {

/// 64 lower-case hex digits, of what the disk holds. Throws when there is no such file.
std::string sha256_of_file(const std::filesystem::path& file);

std::filesystem::path checksum_file_of(const std::filesystem::path& file);

/// The line for a file of this name.
std::string checksum_line(const std::string& sha256, const std::string& name);

/// What the checksum file beside `file` says; nothing when there is none, the empty text when it says nothing
/// of the kind.
std::optional<std::string> read_checksum(const std::filesystem::path& file);

} // namespace waybill::store
