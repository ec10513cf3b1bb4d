#include "store/checksum_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "digest/sha256.hpp"
#include "disk/durable_file.hpp"
#include "store/store_files.hpp"

namespace waybill::store {

std::string sha256_of_file(const std::filesystem::path& file) {
    const disk::file_descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.number() < 0) disk::throw_system_error(errno, "open", file);
    digest::sha256 sum;
    std::string piece(std::size_t{1} << 18U, '\0');
    for (;;) {
        const auto got = ::read(in.number(), piece.data(), piece.size());
        if (got == 0) return sum.hex();
        if (got > 0)
            sum.add({piece.data(), static_cast<std::size_t>(got)});
        else if (errno != EINTR)
            disk::throw_system_error(errno, "read", file);
    }
}

std::filesystem::path checksum_file_of(const std::filesystem::path& file) { return beside(file, ".sha256"); }

std::string checksum_line(const std::string& sha256, const std::string& name) {
    std::string escaped;
    for (const char c : name) {
        switch (c) {
        case '\\': escaped += "\\\\"; break;
        case '\n': escaped += "\\n"; break;
        case '\r': escaped += "\\r"; break;
        default: escaped += c;
        }
    }
    return (escaped == name ? "" : "\\") + sha256 + "  " + escaped + "\n";
}

std::optional<std::string> read_checksum(const std::filesystem::path& file) {
    const auto text = disk::read_file(checksum_file_of(file));
    if (!text) return std::nullopt;
    const auto begin = text->starts_with('\\') ? 1U : 0U;
    auto sum = text->substr(begin, 64);
    const bool hex = sum.size() == 64 && std::all_of(sum.begin(), sum.end(), [](char c) {
                         return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
    return hex ? sum : std::string();
}

} // namespace waybill::store
