#include <catch2/catch.hpp>

#include <waybill/timestamp.hpp>

using namespace waybill;
using std::chrono::milliseconds;

namespace {

/// Milliseconds since the epoch, or nothing.
std::optional<std::int64_t> ms(std::string_view text) {
    const auto moment = parse_rfc3339(text);
    if (!moment) return std::nullopt;
    return moment->time_since_epoch().count();
}

} // namespace

TEST_CASE("An RFC 3339 time is read with any offset") {
    CHECK(ms("1970-01-01T00:00:00Z") == 0);
    CHECK(ms("2018-01-01T00:00:00Z") == 1'514'764'800'000);
    CHECK(ms("2018-01-01t00:00:00z") == 1'514'764'800'000);
    CHECK(ms("2018-01-01T01:00:00+01:00") == 1'514'764'800'000);
    CHECK(ms("2017-12-31T18:30:00-05:30") == 1'514'764'800'000);
    CHECK(ms("2018-01-01T00:00:00-00:00") == 1'514'764'800'000);
    CHECK(ms("2018-01-01T23:59:00+23:59") == 1'514'764'800'000);
    CHECK(ms("1969-12-31T23:59:59.999Z") == -1);
}

TEST_CASE("A fraction is cut to milliseconds, whatever its length") {
    CHECK(ms("1970-01-01T00:00:00.5Z") == 500);
    CHECK(ms("1970-01-01T00:00:00.05Z") == 50);
    CHECK(ms("1970-01-01T00:00:00.001Z") == 1);
    CHECK(ms("1970-01-01T00:00:00.0019999Z") == 1);
    CHECK(ms("1970-01-01T00:00:00." + std::string(1000, '9') + "+00:00") == 999);
}

TEST_CASE("Second 60 is the first moment of the next minute") {
    CHECK(ms("2016-12-31T23:59:60Z") == ms("2017-01-01T00:00:00Z"));
    CHECK(ms("2016-12-31T23:59:60.9Z") == ms("2017-01-01T00:00:00Z"));
    CHECK(ms("2017-01-01T00:59:60+01:00") == ms("2017-01-01T00:00:00Z"));
}

TEST_CASE("The 29th of February is there in leap years only") {
    CHECK(ms("2020-02-29T00:00:00Z"));
    CHECK(ms("2000-02-29T00:00:00Z"));
    CHECK(ms("0000-02-29T00:00:00Z"));
    CHECK_FALSE(ms("2019-02-29T00:00:00Z"));
    CHECK_FALSE(ms("1900-02-29T00:00:00Z"));
    CHECK_FALSE(ms("2020-02-30T00:00:00Z"));
}

TEST_CASE("A time stays within the years 0000 to 9999 after its offset") {
    CHECK(ms("0000-01-01T00:00:00Z") == -62'167'219'200'000);
    CHECK(ms("9999-12-31T23:59:59.999Z") == 253'402'300'799'999);
    CHECK(ms("0000-01-01T00:00:00-01:00"));
    CHECK_FALSE(ms("0000-01-01T00:00:00+00:01"));
    CHECK(ms("9999-12-31T23:59:59+00:01"));
    CHECK_FALSE(ms("9999-12-31T23:59:59-00:01"));
    CHECK_FALSE(ms("9999-12-31T23:59:60Z"));
}

TEST_CASE("What is no RFC 3339 time is nothing") {
    const auto* const text = GENERATE(
        "", "2018", "2018-01-01", "2018-01-01T00:00Z", "2018-01-01T00:00:00", "2018-01-01 00:00:00Z",
        "2018-01-01T00:00:00.Z", "2018-01-01T00:00:00,5Z", "2018-01-01T00:00:00+01",
        "2018-01-01T00:00:00+0100", "2018-01-01T00:00:00+24:00", "2018-01-01T00:00:00+01:60",
        "2018-01-01T00:00:00 Z", " 2018-01-01T00:00:00Z", "2018-01-01T00:00:00Z ", "2018-13-01T00:00:00Z",
        "2018-00-01T00:00:00Z", "2018-01-00T00:00:00Z", "2018-01-32T00:00:00Z", "2018-04-31T00:00:00Z",
        "2018-01-01T24:00:00Z", "2018-01-01T00:60:00Z", "2018-01-01T00:00:61Z", "18-01-01T00:00:00Z",
        "+2018-01-01T00:00:00Z", "-018-01-01T00:00:00Z", "2018-1-01T00:00:00Z", "2018-01-01T0:00:00Z",
        "20180101T000000Z", "2018-W01-1T00:00:00Z", "2018-01-01T00:00:00ZZ", "2018-01-01T00:00:00Z+01:00",
        "1514764800000", "yesterday", "2018-01-01T00:00:0\xC2\xB2Z");
    INFO("'" << text << "'");
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("A time cut off anywhere is nothing") {
    const std::string_view whole = "2018-01-01T00:00:00.5+01:00";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        INFO(whole.substr(0, length));
        CHECK_FALSE(parse_rfc3339(whole.substr(0, length)));
    }
}

TEST_CASE("A moment is written in UTC with milliseconds and reads back as itself") {
    CHECK(to_rfc3339(timestamp{milliseconds{0}}) == "1970-01-01T00:00:00.000Z");
    CHECK(to_rfc3339(timestamp{milliseconds{1'538'573'416'687}}) == "2018-10-03T13:30:16.687Z");
    CHECK(to_rfc3339(timestamp{milliseconds{-1}}) == "1969-12-31T23:59:59.999Z");
    for (const std::int64_t moment :
         {0LL, 1LL, -1LL, 951'782'400'000LL, 253'402'300'799'999LL, -62'167'219'200'000LL})
        CHECK(ms(to_rfc3339(timestamp{milliseconds{moment}})) == moment);
}

TEST_CASE("The wall clock is later than the day this was written") {
    CHECK(wall_clock() > *parse_rfc3339("2024-01-01T00:00:00Z"));
}
