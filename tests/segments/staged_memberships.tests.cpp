#include <catch2/catch.hpp>

#include <fstream>
#include <vector>

#include <waybill/result.hpp>

#include "segments/staged_memberships.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::segments;

namespace {

struct read_back {
    std::optional<staged_evaluation> head;
    std::vector<membership_change> changes;
};

read_back read(const std::filesystem::path& file) {
    read_back out;
    read_staged_memberships(
        file, [&](const auto& head) { out.head = head; },
        [&](const auto& change) { out.changes.push_back(change); });
    return out;
}

std::filesystem::path written(const test::temp_directory& in, std::string_view text) {
    const auto file = in.path() / "memberships";
    std::ofstream(file, std::ios::trunc) << text;
    return file;
}

const timestamp now{std::chrono::milliseconds{1'700'000'000'123}};

} // namespace

TEST_CASE("What is staged of memberships is read back as it was") {
    const test::temp_directory in;
    const staged_evaluation head{"mine \"quoted\"", now, {"a", "b\nc"}};
    const std::vector<membership_change> changes{
        {"crmid", "17", 0, false, membership_status::realized, now, {}},
        {"email", "a@b.c\t\"", 1, false, membership_status::existing, now,
         R"({"status":"existing","x":[1.50]})"},
        {"crmid", "18", 1, false, std::nullopt, now, {}},
        {"crmid", "19", 0, true, std::nullopt, {}, {}},
    };
    std::string text;
    append_line(text, head);
    for (const auto& change : changes)
        append_line(text, change);
    const auto back = read(written(in, text));
    CHECK(back.head == head);
    CHECK(back.changes == changes);
}

TEST_CASE("Staged memberships that nobody wrote so are refused, with the line") {
    const test::temp_directory in;
    const std::string head = R"({"mergePolicy":"p","evaluatedAt":1,"segments":["a"]})"
                             "\n";
    const std::string text = GENERATE_COPY(values<std::string>({
        "",
        "[]\n",
        R"({"mergePolicy":"p","segments":["a"]})",
        head + "[\"crmid\",\"1\"]\n",
        head + "[\"crmid\",\"1\",1]\n",
        head + "[\"crmid\",\"1\",-1]\n",
        head + R"(["crmid","1",0,"became",1])",
        head + R"(["crmid","1",0,"realized"])",
        head + R"(["crmid","1",0,"realized",1,{},2])",
        head + "{}",
        head + "[\"crmid\"",
    }));
    INFO(text);
    CHECK_THROWS_AS(read(written(in, text)), store_failure);
    CHECK_THROWS_AS(read(in.path() / "none"), store_failure);
}
