#include <catch2/catch.hpp>

#include <waybill/job_page.hpp>

using namespace waybill;

TEST_CASE("A cursor is two plain decimals of 64 bits with an underscore between") {
    CHECK(parse_cursor("1538573416687_722") == cursor{1538573416687, 722});
    CHECK(parse_cursor("0_0") == cursor{0, 0});
    CHECK(parse_cursor("9223372036854775807_9223372036854775807") ==
          cursor{9223372036854775807, 9223372036854775807});
    CHECK(parse_cursor("007_08") == cursor{7, 8});
    CHECK(parse_cursor("00000000000000000000000000000001_2") == cursor{1, 2});
}

TEST_CASE("Anything else is no cursor") {
    const auto* const text =
        GENERATE("", "2", "_", "1_", "_1", "-1_2", "1_-2", "+1_2", "1_+2", " 1_2", "1_2 ", "1 _2", "1_ 2",
                 "1_2_3", "1__2", "9223372036854775808_1", "1_9223372036854775808", "18446744073709551617_1",
                 "0x1_2", "1e3_2", "1.0_2", "1-2", "a_b", "1_2\n", "\t1_2", "1%5F2");
    INFO("'" << text << "'");
    CHECK_FALSE(parse_cursor(text));
}

TEST_CASE("A cursor with a byte 0 in it is none") {
    CHECK_FALSE(parse_cursor(std::string_view("1_2\0", 4)));
    CHECK_FALSE(parse_cursor(std::string_view("\0"
                                              "1_2",
                                              4)));
}

TEST_CASE("A cursor's text reads back as the same position") {
    const cursor position{1538573416687, 722};
    CHECK(to_text(position) == "1538573416687_722");
    CHECK(parse_cursor(to_text(position)) == position);
}

TEST_CASE("A job stands in the order by its creation time and its id") {
    export_job job;
    job.id = 722;
    job.creation_time = timestamp{std::chrono::milliseconds{1538573416687}};
    CHECK(to_text(position_of(job)) == "1538573416687_722");
}
