#include "pql/asked.hpp"

using namespace waybill::test;

namespace {

/// Of a profile whose `t` is this, on Monday 23 November 2026 at noon.
bool of_time(const std::string& condition, const std::string& time) {
    return holds(condition, R"({"t":")" + time + R"("})");
}

bool at(const std::string& now, const std::string& condition, const std::string& time) {
    return holds(segment_case{.expression = condition, .profile = R"({"t":")" + time + R"("})", .now = now});
}

bool is_time(const std::string& value) {
    return holds("t occurs after date(1, 1, 1) or t occurs on date(1, 1, 1)", R"({"t":)" + value + "}");
}

} // namespace

TEST_CASE("a time is RFC 3339, a date, or a whole number of milliseconds") {
    CHECK(of_time("t occurs on date(2020, 3, 14)", "2020-03-14T23:59:59.9999Z"));
    CHECK(of_time("t occurs on date(2020, 3, 14)", "2020-03-14T12:00:00"));
    CHECK(of_time("t occurs on date(2020, 3, 14)", "2020-03-14T12:00:00.123456789"));
    CHECK(of_time("t occurs on date(2020, 3, 14)", "2020-03-15T00:30:00+01:00"));
    CHECK(of_time("t occurs on date(2020, 3, 14)", "2020-03-13t23:30:00-01:00"));
    CHECK(of_time("t occurs on date(2020, 3, 14)", "2020-03-14"));
    CHECK(holds("t occurs on date(2020, 3, 14)", R"({"t":1584144000000})"));
    CHECK(holds("t occurs on date(2020, 3, 14)", R"({"t":"2020-03-14T00:00:0\u0030Z"})"));
    CHECK(of_time("t occurs before date(2, 1, 1)", "0001-01-01"));
    CHECK(of_time("t occurs after date(9999, 12, 30)", "9999-12-31T23:59:59.999Z"));
    CHECK(of_time("t occurs on \"2020-03-14\" and \"2020-03-14\" occurs on t", "2020-03-14"));
}

TEST_CASE("what is no time is null") {
    for (const auto* value : {"\"2026-02-30\"",
                              "\"2026-13-01\"",
                              "\"2026-00-10\"",
                              "\"2026-1-1\"",
                              "\"\"",
                              "\"2026\"",
                              "\"2026-11-23T12:00Z\"",
                              "\"2026-11-23 12:00:00\"",
                              "\"2026-11-23T25:00:00Z\"",
                              "\"20261123\"",
                              "\"2026/11/23\"",
                              "\"2026-11-2x\"",
                              "\"0000-05-05\"",
                              "\"0000-05-05T00:00:00Z\"",
                              "\"9999-12-31T23:59:59-01:00\"",
                              "\"0001-01-01T00:00:00+01:00\"",
                              "1500000000000.0",
                              "1500000000000.5",
                              "true",
                              "{}",
                              "253402300800000",
                              "-62135596800001",
                              "\"2026-11-23T12:00:00.\"",
                              "\" 2026-11-23\"",
                              "\"1500000000000\""}) {
        INFO(value);
        CHECK_FALSE(is_time(value));
    }
    CHECK(is_time("[\"no time\", [\"2026-11-23\"]]")); // some element
    CHECK(is_time("253402300799999"));
    CHECK(is_time("-62135596800000"));
    CHECK(is_time("\"2026-11-23\""));
    CHECK(neither("t occurs before t", "t occurs after t"));
    CHECK(neither("$1.now occurs before missing", "$1.now occurs after missing", R"({"now":1})"));
}

TEST_CASE("before is earlier than the beginning, after not earlier than the end, on inside") {
    CHECK(of_time("t occurs before today", "2026-11-22T23:59:59.999Z"));
    CHECK_FALSE(of_time("t occurs before today or t occurs after today", "2026-11-23T00:00:00Z"));
    CHECK_FALSE(of_time("t occurs after today", "2026-11-23T23:59:59.999Z"));
    CHECK(of_time("t occurs after today", "2026-11-24T00:00:00Z"));
    CHECK(of_time("t occurs today and t occurs on today", "2026-11-23T23:59:59Z")); // later today
    CHECK(of_time("t occurs on now", "2026-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs on now or t occurs before now", "2026-11-23T12:00:00.001Z"));
    CHECK(of_time("t occurs yesterday and not (t occurs tomorrow)", "2026-11-22T00:00:00Z"));
    CHECK(of_time("t occurs tomorrow", "2026-11-24T23:59:59.999Z"));
    CHECK(of_time("t occurs between yesterday and today", "2026-11-22T00:00:00Z"));
    CHECK(of_time("t occurs between yesterday and today", "2026-11-23T23:59:59.999Z"));
    CHECK_FALSE(of_time("t occurs between yesterday and today", "2026-11-24T00:00:00Z"));
    CHECK_FALSE(of_time("t occurs between yesterday and today", "2026-11-21T23:59:59.999Z"));
    CHECK_FALSE(of_time("t occurs between today and yesterday", "2026-11-23T00:00:00Z"));
    CHECK(of_time("t occurs between last month and last week", "2026-10-01T00:00:00Z"));
}

TEST_CASE("a distance before a time reaches back from its beginning, and never over it") {
    CHECK(of_time("t occurs <= 3 days before now", "2026-11-20T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs < 3 days before now", "2026-11-20T12:00:00Z"));
    CHECK(of_time("t occurs < 3 days before now", "2026-11-20T12:00:00.001Z"));
    CHECK(of_time("t occurs >= 3 days before now", "2026-11-20T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs > 3 days before now", "2026-11-20T12:00:00Z"));
    CHECK(of_time("t occurs > 3 days before now", "2026-11-20T11:59:59.999Z"));
    CHECK_FALSE(
        of_time("t occurs <= 3 days before now or t occurs >= 0 days before now", "2026-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs > 0 days before now", "2026-11-23T12:00:00Z"));
    CHECK(of_time("t occurs > 0 days before now and t occurs >= 0 days before now",
                  "2026-11-23T11:59:59.999Z"));
    CHECK_FALSE(of_time("t occurs <= 0 days before now", "2026-11-23T11:59:59.999Z"));
    CHECK(of_time("t occurs <= 1 day before today", "2026-11-22"));
    CHECK_FALSE(of_time("t occurs <= 1 day before today", "2026-11-23"));
}

TEST_CASE("a distance after a time mirrors that before it") {
    CHECK(of_time("t occurs <= 3 days after now", "2026-11-26T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs < 3 days after now", "2026-11-26T12:00:00Z"));
    CHECK(of_time("t occurs < 3 days after now", "2026-11-26T11:59:59.999Z"));
    CHECK(of_time("t occurs >= 3 days after now", "2026-11-26T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs > 3 days after now", "2026-11-26T12:00:00Z"));
    CHECK(of_time("t occurs > 3 days after now", "2026-11-26T12:00:00.001Z"));
    CHECK_FALSE(
        of_time("t occurs <= 3 days after now or t occurs >= 0 days after now", "2026-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs > 0 days after now", "2026-11-23T12:00:00Z"));
    CHECK(of_time("t occurs > 0 days after now", "2026-11-23T12:00:00.001Z"));
    CHECK(of_time("t occurs <= 1 day after today", "2026-11-23T00:00:00.001Z"));
}

TEST_CASE("an equal distance is within the same unit of the calendar") {
    CHECK(of_time("t occurs = 3 days before now", "2026-11-20T00:00:00Z"));
    CHECK(of_time("t occurs = 3 days before now", "2026-11-20T23:59:59.999Z"));
    CHECK_FALSE(of_time("t occurs = 3 days before now", "2026-11-21T00:00:00Z"));
    CHECK(at("2026-11-23T12:34:56Z", "t occurs = 3 hours before now", "2026-11-23T09:59:59.999Z"));
    CHECK_FALSE(at("2026-11-23T12:34:56Z", "t occurs = 3 hours before now", "2026-11-23T10:00:00Z"));
    CHECK(of_time("t occurs = 0 days before now", "2026-11-23T01:00:00Z"));
    CHECK_FALSE(of_time("t occurs = 0 days before now", "2026-11-23T23:00:00Z")); // nothing later is before
    CHECK(of_time("t occurs = 0 days after now", "2026-11-23T23:00:00Z"));
    CHECK_FALSE(of_time("t occurs = 0 days after now", "2026-11-23T01:00:00Z"));
    CHECK(of_time("t occurs = 1 week before now", "2026-11-16T00:00:00Z"));
    CHECK(of_time("t occurs = 1 week before now", "2026-11-22T23:59:59Z"));
    CHECK_FALSE(of_time("t occurs = 1 week before now", "2026-11-15T23:59:59Z"));
    CHECK(of_time("t occurs = 2 months after now", "2027-01-31T00:00:00Z"));
    CHECK(of_time("t occurs != 3 days before now", "2026-11-21T00:00:00Z"));
    CHECK(of_time("t occurs != 3 days before now", "2026-11-19T23:59:59.999Z"));
    CHECK_FALSE(of_time("t occurs != 3 days before now", "2026-11-20T10:00:00Z"));
    CHECK_FALSE(of_time("t occurs != 3 days before now", "2026-11-23T12:00:00Z"));
    CHECK(of_time("t occurs != 3 days after now", "2026-11-23T12:00:00.001Z"));
    CHECK_FALSE(of_time("t occurs != 3 days after now", "2026-11-26T10:00:00Z"));
}

TEST_CASE("months and longer go by the calendar, not over a month's last day") {
    CHECK(at("2026-03-31T12:00:00Z", "t occurs <= 1 month before now", "2026-02-28T12:00:00Z"));
    CHECK_FALSE(at("2026-03-31T12:00:00Z", "t occurs <= 1 month before now", "2026-02-28T11:59:59.999Z"));
    CHECK(at("2024-02-29T00:00:00Z", "t occurs >= 1 year after now", "2025-02-28T00:00:00Z"));
    CHECK(at("2024-02-29T00:00:00Z", "t occurs <= 4 years after now", "2028-02-29T00:00:00Z"));
    CHECK(at("2026-01-31T00:00:00Z", "t occurs = 1 month after now", "2026-02-01"));
    CHECK(at("2026-01-15T00:00:00Z", "t occurs >= 13 months before now", "2024-12-15T00:00:00Z"));
    CHECK(of_time("t occurs <= 1 decade before now", "2016-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs <= 1 decade before now", "2016-11-23T11:59:59Z"));
    CHECK(of_time("t occurs <= 2 centuries before now and t occurs > 1 century before now",
                  "1826-11-23T12:00:00Z"));
    CHECK(of_time("t occurs <= 1 millennium before now", "1026-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs <= 1 millennium before now", "1026-11-23T11:59:59Z"));
    CHECK(of_time("t occurs < 2 weeks before now and t occurs < 337 hours before now",
                  "2026-11-09T12:00:00.001Z"));
    CHECK(of_time("t occurs <= 90 minutes before now and t occurs > 80 minutes before now",
                  "2026-11-23T10:30:00Z"));
    CHECK(of_time("t occurs <= 5 seconds before now and t occurs >= 4999 milliseconds before now",
                  "2026-11-23T11:59:55Z"));
}

TEST_CASE("a distance ends at the first and last moment that there are") {
    for (const auto* unit : {"milliseconds", "days", "weeks", "months", "years", "millennia"}) {
        INFO(unit);
        CHECK(of_time(std::string("t occurs <= 999999999999999 ") + unit + " before now", "0001-01-01"));
        CHECK(of_time(std::string("t occurs <= 999999999999999 ") + unit + " after now",
                      "9999-12-31T23:59:59.999Z"));
    }
    CHECK(of_time("t occurs <= 2025 years before now", "0001-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs <= 2025 years before now", "0001-11-23T11:59:59Z"));
    CHECK(of_time("t occurs <= 2026 years before now", "0001-01-01"));
}

TEST_CASE("this, last and next are whole units of the calendar, and weeks begin on Monday") {
    CHECK(of_time("t occurs this week and not (t occurs last week)", "2026-11-23T00:00:00Z"));
    CHECK(of_time("t occurs last week", "2026-11-22T23:59:59.999Z"));
    CHECK(of_time("t occurs this week", "2026-11-29T23:59:59.999Z"));
    CHECK(of_time("t occurs next week", "2026-11-30T00:00:00Z"));
    CHECK(of_time("t occurs last month", "2026-10-01T00:00:00Z"));
    CHECK_FALSE(of_time("t occurs last month", "2026-09-30T23:59:59.999Z"));
    CHECK(of_time("t occurs next month and t occurs before next year and t occurs this year",
                  "2026-12-31T23:59:59Z"));
    CHECK(
        of_time("t occurs this decade and t occurs this century and t occurs this millennium", "2020-01-01"));
    CHECK_FALSE(of_time("t occurs this decade", "2019-12-31"));
    CHECK(of_time("t occurs last decade and t occurs this century", "2010-01-01"));
    CHECK(of_time("t occurs next century", "2199-12-31"));
    CHECK(of_time("t occurs last millennium", "1999-12-31"));
    CHECK(of_time("t occurs this hour and t occurs this minute and t occurs this second",
                  "2026-11-23T12:00:00.5Z"));
    CHECK(of_time("t occurs last minute", "2026-11-23T11:59:00Z"));
    CHECK(of_time("t occurs this millisecond and t occurs this day", "2026-11-23T12:00:00Z"));
    CHECK_FALSE(of_time("t occurs after last month and t occurs before this month", "2026-11-01"));
    CHECK(at("1969-12-31T12:00:00Z", "t occurs this week and t occurs this day", "1969-12-31T00:00:00Z"));
    CHECK(at("1969-12-31T12:00:00Z", "t occurs this week", "1969-12-29"));
    CHECK(at("0005-06-06T12:00:00Z", "t occurs this decade", "0001-01-01"));
    CHECK_FALSE(at("0005-06-06T12:00:00Z", "t occurs last decade", "0001-01-01"));
}

TEST_CASE("a time beside a comparison makes the other side one") {
    CHECK(of_time("t = date(2020, 3, 14) and t <= date(2020, 3, 14)", "2020-03-14T01:00:00+01:00"));
    CHECK(of_time("t > date(2020, 3, 14) and date(2020, 3, 14) < t", "2020-03-14T00:00:00.001Z"));
    CHECK(of_time("t != now and t in [today, yesterday]", "2026-11-22"));
    CHECK(neither("t = now", "t != now", R"({"t":"soon"})"));
    CHECK(neither("t < now", "t >= now", R"({"t":"soon"})"));
    CHECK(holds("now = t", R"({"t":1795435200000})"));
    CHECK(holds("a = today and a != tomorrow", R"({"a":["x","2026-11-23"]})"));
    CHECK(holds("if(true, now, 1) > t", R"({"t":"2026-11-23T11:00:00Z"})"));
    CHECK(of_time("not (t = \"2026-11-23T12:00:00.000Z\")", "2026-11-23T12:00:00Z")); // texts
}

TEST_CASE("the parts of a time and of now are in UTC") {
    CHECK(of_time("t.getYear() = 2027 and t.getMonth() = 1 and t.getDayOfMonth() = 1",
                  "2026-12-31T23:30:00-01:00"));
    CHECK(of_time("t.getYear() = 2026 and t.getMonth() = 2 and t.getDayOfMonth() = 28", "2026-02-28"));
    CHECK(holds("n.getYear() = 1969 and n.getDayOfMonth() = 31", R"({"n":-1})"));
    CHECK(holds("x.getYear().isNull() and missing.getMonth().isNull()", R"({"x":"x"})"));
    CHECK(holds(
        "currentYear() = 2026 and currentMonth() = 11 and currentDayOfMonth() = 23 and now.getMonth() = 11"));
}

TEST_CASE("a date is made of numbers, and null when there is no such day") {
    CHECK_FALSE(of_time("t occurs on date(y, currentMonth() - 10, 31)", "2020-01-31"));
    CHECK(holds("t occurs on date(y, m + 1, 31.0)", R"({"t":"2020-01-31","y":2020,"m":0})"));
    CHECK(holds("date(y, m, 31).isNull() and date(y, 1.5, 1).isNull() and date(0 + y, 1, x).isNull()",
                R"({"y":2020,"m":2,"x":"1"})"));
    CHECK(holds("date(y, 1, 1).isNull() and date(-y, 1, 1).isNull()", R"({"y":10000})"));
    CHECK(holds("date(y, 2, 29).isNotNull() and date(y + 1, 2, 29).isNull()", R"({"y":2024})"));
    CHECK(neither("t occurs before date(currentYear(), 2, 30)", "t occurs after date(currentYear(), 2, 30)",
                  R"({"t":1})"));
}
