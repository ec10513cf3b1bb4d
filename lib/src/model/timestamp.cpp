#include <waybill/timestamp.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "model/decimal.hpp"

namespace waybill {
namespace {

using namespace std::chrono;

constexpr timestamp earliest = sys_days{year{0} / January / 1};
constexpr timestamp latest = sys_days{year{10'000} / January / 1} - milliseconds{1};

/// Takes the parts of a text from its front; once a part is missing, all that follows is.
class scanner {
  public:
    explicit scanner(std::string_view text) : left_(text) {}

    bool good() const { return good_; }
    bool at_end() const { return left_.empty(); }
    bool sees(char c) const { return !left_.empty() && left_.front() == c; }
    bool sees_digit() const { return !left_.empty() && left_.front() >= '0' && left_.front() <= '9'; }

    bool take(char c) {
        if (!sees(c)) return false;
        left_.remove_prefix(1);
        return true;
    }
    void expect(bool taken) { good_ = good_ && taken; }
    int digit() {
        const int value = left_.front() - '0';
        left_.remove_prefix(1);
        return value;
    }
    /// Exactly so many digits, at most `most`.
    int number(std::size_t width, int most) {
        int value = 0;
        for (std::size_t i = 0; i < width && good_; ++i) {
            expect(sees_digit());
            if (good_) value = value * 10 + digit();
        }
        expect(value <= most);
        return value;
    }

  private:
    std::string_view left_;
    bool good_ = true;
};

milliseconds read_fraction(scanner& in) {
    if (!in.take('.')) return milliseconds{0};
    in.expect(in.sees_digit());
    int value = 0;
    for (int unit = 100; in.sees_digit(); unit /= 10)
        value += unit * in.digit();
    return milliseconds{value};
}

minutes read_offset(scanner& in) {
    if (in.take('Z') || in.take('z')) return minutes{0};
    const bool west = in.take('-');
    in.expect(west || in.take('+'));
    const hours whole{in.number(2, 23)};
    in.expect(in.take(':'));
    const auto ahead = whole + minutes{in.number(2, 59)};
    return west ? -ahead : ahead;
}

} // namespace

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    scanner in(text);
    const year y{in.number(4, 9999)};
    in.expect(in.take('-'));
    const month m{static_cast<unsigned>(in.number(2, 12))};
    in.expect(in.take('-'));
    const day d{static_cast<unsigned>(in.number(2, 31))};
    in.expect(in.take('T') || in.take('t'));
    const hours hour{in.number(2, 23)};
    in.expect(in.take(':'));
    const minutes minute{in.number(2, 59)};
    in.expect(in.take(':'));
    const seconds second{in.number(2, 60)};
    auto fraction = read_fraction(in);
    const auto offset = read_offset(in);
    if (!in.good() || !in.at_end() || !year_month_day{y, m, d}.ok()) return std::nullopt;

    if (second == seconds{60}) fraction = milliseconds{0}; // a leap second is one moment in this clock
    const timestamp moment = sys_days{y / m / d} + hour + minute + second + fraction - offset;
    if (moment < earliest || moment > latest) return std::nullopt;
    return moment;
}

std::optional<timestamp> parse_moment(std::string_view text) {
    if (const auto milliseconds = parse_decimal(text))
        return timestamp{std::chrono::milliseconds{*milliseconds}};
    return parse_rfc3339(text);
}

std::string to_rfc3339(timestamp moment) {
    const auto shown = std::clamp(moment, earliest, latest);
    const auto midnight = floor<days>(shown);
    const year_month_day date{midnight};
    const hh_mm_ss time{shown - midnight};
    char text[64];
    const int length =
        std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int{date.year()},
                      unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(time.hours().count()),
                      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                      static_cast<int>(time.subseconds().count()));
    return {text, static_cast<std::size_t>(length)};
}

timestamp wall_clock() { return floor<milliseconds>(system_clock::now()); }

} // namespace waybill
