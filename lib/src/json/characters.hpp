// The characters of JSON strings: UTF-8 as RFC 3629 has it (shortest form, no surrogates, nothing above
// U+10FFFF) and the escapes of RFC 8259. Internal to the json folder; pure functions, any thread, nothing is
// thrown.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace waybill::json {

/// By byte: quote, backslash, control characters, and all of a UTF-8 sequence.
inline constexpr auto plain_run_ends = [] {
    std::array<bool, 256> ends{};
    for (std::size_t i = 0; i < ends.size(); ++i)
        ends[i] = i < 0x20 || i == '"' || i == '\\' || i >= 0x80;
    return ends;
}();
/// Whether the character ends a run of a string that stands there as it is.
constexpr bool ends_plain_run(char c) { return plain_run_ends[static_cast<unsigned char>(c)]; }

/// Eight characters of a text as one number, the first one lowest.
class eight_characters {
  public:
    static constexpr std::ptrdiff_t size = 8;
    /// Only there can they be read so.
    static constexpr bool usable = std::endian::native == std::endian::little;

    explicit eight_characters(const char* at) { std::memcpy(&all_, at, sizeof all_); }

    // A set of them: the highest bit of each byte up to the first one in it; what is above says nothing.
    std::uint64_t equal_to(char c) const { return zeros(all_ ^ (ones * static_cast<unsigned char>(c))); }
    std::uint64_t control() const { return (all_ - ones * 0x20U) & ~all_ & highs; }
    std::uint64_t beyond_ascii() const { return all_ & highs; }
    /// How many stand before the first one of a set that is not empty.
    static std::ptrdiff_t before_first(std::uint64_t set) { return std::countr_zero(set) / 8; }

  private:
    static constexpr std::uint64_t ones = 0x0101010101010101U;
    static constexpr std::uint64_t highs = ones << 7U;
    static std::uint64_t zeros(std::uint64_t bytes) { return (bytes - ones) & ~bytes & highs; }

    std::uint64_t all_ = 0;
};

/// Where a run of a string that stands there as it is ends: where `ends_plain_run` is true, or at `end`.
inline const char* end_of_plain_run(const char* at, const char* end) {
    if constexpr (eight_characters::usable)
        for (; end - at >= eight_characters::size; at += eight_characters::size) {
            const eight_characters next(at);
            const auto ends = next.equal_to('"') | next.equal_to('\\') | next.control() | next.beyond_ascii();
            if (ends != 0) return at + eight_characters::before_first(ends);
        }
    while (at != end && !ends_plain_run(*at))
        ++at;
    return at;
}

/// Length of the UTF-8 sequence at `at`, which is before `end`; 0 when there is none.
std::size_t utf8_length(const char* at, const char* end);

/// The four hex digits at `at`.
std::optional<unsigned> hex4(const char* at, const char* end);

/// The characters of a valid JSON string, given with its quotes.
std::string decode_string(std::string_view raw);

} // namespace waybill::json
