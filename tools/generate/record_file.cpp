#include "record_file.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace waybill::generate {

namespace {
constexpr std::size_t flush_at = 1 << 20;

[[noreturn]] void refuse(const std::filesystem::path& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}
} // namespace

record_file::record_file(const std::filesystem::path& file)
    : file_(file), descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) refuse(file_);
    buffer_.reserve(flush_at + flush_at / 4);
}

record_file::~record_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void record_file::end_record() {
    buffer_ += '\n';
    ++records_;
    if (buffer_.size() >= flush_at) flush();
}

void record_file::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const auto written = ::write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) refuse(file_);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

void record_file::close() {
    flush();
    const auto descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0) refuse(file_);
}

void append_digits(std::string& out, std::uint64_t number, std::size_t digits) {
    char text[20];
    auto* at = text + sizeof text;
    const auto* const enough = at - digits;
    while (number != 0 || at > enough) {
        *--at = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    out.append(at, text + sizeof text);
}

void append_number(std::string& out, std::uint64_t number) { append_digits(out, number, 1); }

void append_hex(std::string& out, std::uint64_t number, std::size_t digits) {
    for (auto shift = digits * 4; shift > 0; shift -= 4)
        out += "0123456789abcdef"[(number >> (shift - 4)) & 15];
}

void append_price(std::string& out, std::uint64_t cents) {
    append_number(out, cents / 100);
    out += '.';
    append_digits(out, cents % 100, 2);
}

void append_date(std::string& out, std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    append_digits(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    out += '-';
    append_digits(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_digits(out, static_cast<unsigned>(date.day()), 2);
}

void append_moment(std::string& out, std::int64_t second) {
    append_date(out, second / 86'400);
    const auto within = static_cast<std::uint64_t>(second % 86'400);
    out += 'T';
    append_digits(out, within / 3600, 2);
    out += ':';
    append_digits(out, within / 60 % 60, 2);
    out += ':';
    append_digits(out, within % 60, 2);
    out += 'Z';
}

} // namespace waybill::generate
