#include <catch2/catch.hpp>

#include "support/segment_case.hpp"
#include "support/whole_file.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

class all_cases {
  public:
    all_cases() : text_(bytes_of(WAYBILL_PQL_CASES)) { REQUIRE_FALSE(read_.parse(text_)); }
    json::value root() const { return read_.root(); }

  private:
    std::string text_;
    json::document read_;
};

segment_case case_of(json::value declared, bool pruned) {
    return {.expression = declared.member("expression").text(),
            .profile = std::string(declared.member("profile").raw()),
            .events = std::string(declared.member("events").raw()),
            .now = declared.member("now").text(),
            .segments = segments_of(declared.member("profile")),
            .pruned = pruned};
}

void check_case(json::value declared, bool pruned) {
    const auto asked = case_of(declared, pruned);
    INFO(declared.member("name").text() << ": " << asked.expression);
    const auto expected = declared.member("expected");
    const auto answer = answer_of(asked);
    if (expected.is_object()) {
        CHECK(answer.error == expected.member("error").text());
        CHECK(static_cast<std::int64_t>(answer.position) == expected.member("position").integer());
    } else {
        CHECK(answer.error == "");
        CHECK(answer.holds == expected.boolean());
    }
}

} // namespace

TEST_CASE("expressions answer what their cases say") {
    const all_cases cases;
    CHECK(cases.root().size() >= 150);
    for (const auto one : cases.root().children())
        check_case(one, false);
}

TEST_CASE("an expression answers the same of documents that have only the fields it asks for") {
    const all_cases cases;
    for (const auto one : cases.root().children())
        check_case(one, true);
}
