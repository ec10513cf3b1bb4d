#include <catch2/catch.hpp>

#include <waybill/field_paths.hpp>

using namespace waybill;
using paths = std::vector<std::string>;

TEST_CASE("Fields are split at the commas and trimmed") {
    CHECK(split_fields("identities.id,personalEmail.address") ==
          paths{"identities.id", "personalEmail.address"});
    CHECK(split_fields(" _id , _experience ") == paths{"_id", "_experience"});
    CHECK(split_fields("\ta.b\r\n") == paths{"a.b"});
    CHECK(split_fields("a") == paths{"a"});
    CHECK(split_fields("first name.x") == paths{"first name.x"});
}

TEST_CASE("A blank text has no paths, which means all fields") {
    CHECK(split_fields("") == paths{});
    CHECK(split_fields(" \t\r\n ") == paths{});
}

TEST_CASE("An empty path or an empty member of a path is refused") {
    const auto* const text =
        GENERATE(",", "a,", ",a", "a,,b", "a, ,b", ".", "a.", ".a", "a..b", "a,b.", "a.b, .c");
    INFO("'" << text << "'");
    CHECK_FALSE(split_fields(text));
}
