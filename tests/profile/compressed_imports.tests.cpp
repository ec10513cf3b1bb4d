#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "profile/record_reader.hpp"
#include "support/compressed.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;
using Catch::Contains;
using lines = std::vector<std::string>;

namespace {

std::string numbered(int first, int count) {
    std::string text;
    for (int i = first; i < first + count; ++i)
        text += "{\"crm\":\"" + std::to_string(i) + "\"}\n";
    return text;
}

/// A frame that a reader has to skip: its head, its length, and what it has.
std::string skippable_frame() { return std::string("\x57\x2A\x4D\x18\x03\x00\x00\x00", 8) + "abc"; }

struct reading {
    lines whole;
    lines cut_off;
    std::string broken;
    std::int64_t bytes = 0;
};

reading read(const std::string& input, std::size_t block = profile::record_reader::block_size) {
    std::istringstream stream(input);
    profile::record_reader reader(stream, profile::record_reader::longest_record, block);
    reading got;
    while (const auto record = reader.next())
        (record->problem ? got.cut_off : got.whole).emplace_back(record->text);
    got.broken = reader.broken().value_or("");
    got.bytes = reader.bytes();
    return got;
}

} // namespace

TEST_CASE(
    "An input compressed by gzip or zstd, in one piece or several, gives the records of the plain one") {
    const auto first = numbered(0, 700);
    const auto second = numbered(700, 500);
    const auto plain = read(first + second).whole;
    REQUIRE(plain.size() == 1'200);
    const std::string zeros(512, '\0');
    for (const auto& input :
         {gzipped(first + second), gzipped(first) + gzipped("") + gzipped(second),
          gzipped(first) + gzipped(second) + zeros, zstd_of(first + second),
          zstd_of(first) + zstd_of("") + zstd_of(second),
          skippable_frame() + zstd_of(first) + skippable_frame() + zstd_of(second) + skippable_frame()}) {
        for (const std::size_t block : {std::size_t{4}, std::size_t{5}, std::size_t{1'000}, input.size()}) {
            const auto got = read(input, block);
            CHECK(got.whole == plain);
            CHECK(got.cut_off.empty());
            CHECK(got.broken.empty());
            CHECK(got.bytes == static_cast<std::int64_t>(input.size()));
        }
    }
}

TEST_CASE("A compressed array and a compressed text that begins with its mark are read as plain ones are") {
    CHECK(read(gzipped("\xEF\xBB\xBF [1,\n2]\n"), 4).whole == lines{"1", "2"});
    CHECK(read(zstd_of("[1,2]")).whole == lines{"1", "2"});
    CHECK(read(gzipped("")).whole.empty());
    CHECK(read(gzipped("")).broken.empty());
    CHECK(read(zstd_of("")).broken.empty());
}

TEST_CASE("A compressed input that breaks off anywhere says after which byte, and gives only whole records") {
    const auto text = numbered(0, 40);
    const auto plain = read(text).whole;
    for (const auto& input : {gzipped(text), zstd_of(text)}) {
        for (std::size_t size = 4; size < input.size(); ++size) {
            INFO("after byte " << size);
            const auto got = read(input.substr(0, size), 7);
            CHECK_THAT(got.broken, Contains("breaks off after its byte " + std::to_string(size)));
            REQUIRE(got.whole.size() <= plain.size());
            CHECK(std::equal(got.whole.begin(), got.whole.end(), plain.begin()));
        }
    }
}

TEST_CASE("The second piece of a compressed input may break off as the first may") {
    const auto first = gzipped(numbered(0, 40));
    const auto got = read(first + gzipped(numbered(40, 40)).substr(0, 12));
    CHECK(got.whole.size() == 40);
    CHECK_THAT(got.broken, Contains("breaks off after its byte " + std::to_string(first.size() + 12)));
    const auto frame = zstd_of(numbered(0, 40));
    CHECK_THAT(read(frame + frame.substr(0, 9)).broken,
               Contains("breaks off after its byte " + std::to_string(frame.size() + 9)));
}

TEST_CASE("A record that a break cuts in two is handed over as no whole one, also where it could be one") {
    // Stored as it is, so that what stands before the break is exactly known.
    const std::string text = "{\"a\":1}\n{\"b\":22}\n";
    const auto head =
        std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10) + '\x01' + std::string("\x11\0\xEE\xFF", 4);
    const auto got = read(head + text.substr(0, 16)); // the line's end is missing
    CHECK(got.whole == lines{"{\"a\":1}"});
    CHECK(got.cut_off == lines{"{\"b\":22}"});
    CHECK(read(head + text.substr(0, 8)).cut_off.empty());
    CHECK(read(head + '[' + text.substr(0, 10)).broken.find("compressed input (gzip)") != std::string::npos);
}

TEST_CASE("A damaged input, and one that goes on with something else, says at which byte") {
    auto damaged = gzipped(numbered(0, 40));
    damaged[damaged.size() - 6] ^= 1; // its checksum
    CHECK_THAT(read(damaged).broken,
               Contains("(gzip) is damaged at or before its byte ") && Contains("incorrect data check"));
    const auto whole = gzipped(numbered(0, 40));
    const auto got = read(whole + "{\"crm\":\"40\"}\n");
    CHECK(got.whole.size() == 40);
    CHECK_THAT(got.broken, Contains("is damaged at or before its byte " + std::to_string(whole.size() + 2)));
    CHECK_THAT(read(zstd_of("1\n") + "2\n3\n4\n").broken, Contains("(zstd) is damaged"));
    CHECK_THAT(read("\x1F\x8B\x07 nothing that gzip writes").broken, Contains("unknown compression method"));
}

TEST_CASE("A compressed import that breaks off fails, keeps what stood before, and is made good by another") {
    temp_profiles store;
    const auto text = numbered(0, 5'000);
    const auto input =
        GENERATE_COPY(gzipped(text), zstd_of(text.substr(0, 20'000)) + zstd_of(text.substr(20'000)));
    const auto size = input.size() * 3 / 4;
    const auto broken = store.profiles(input.substr(0, size));
    CHECK_THAT(broken.failure, Contains("breaks off after its byte " + std::to_string(size)));
    CHECK(broken.rejects.size() <= 1);
    const auto kept = store.selected(a_job()).size();
    CHECK(kept > 1'000);
    CHECK(kept < 5'000);
    const auto again = store.profiles(input);
    CHECK(again.failure.empty());
    CHECK(again.summary.unchanged == static_cast<std::int64_t>(kept));
    CHECK(again.summary.added == static_cast<std::int64_t>(5'000 - kept));
}
