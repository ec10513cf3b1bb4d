#include <catch2/catch.hpp>

#include <waybill/engine.hpp>

using namespace waybill;

TEST_CASE("A staging key's text is job, attempt and epoch with dots between") {
    const staging_key key{1025, 3, 12};
    CHECK(to_text(key) == "1025.3.12");
    CHECK(parse_staging_key("1025.3.12") == key);
    CHECK(parse_staging_key("9223372036854775807.0.0") == staging_key{9223372036854775807, 0, 0});
}

TEST_CASE("What is spelled otherwise is no staging key, so that one key is one directory") {
    const auto* const text =
        GENERATE("", "1", "1.2", "1.2.", ".2.3", "1..3", "1.2.3.4", "01.2.3", "1.2.03", "-1.2.3", "1.2.+3",
                 "1.2.3 ", "1.2.x", "9223372036854775808.1.1", "lost+found");
    INFO("'" << text << "'");
    CHECK_FALSE(parse_staging_key(text));
}
