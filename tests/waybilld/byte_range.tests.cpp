#include <catch2/catch.hpp>

#include "byte_range.hpp"

using namespace waybill::http;

namespace {

using extent = wanted_bytes::extent;

wanted_bytes wanted(const std::string& range, std::int64_t length = 10, const std::string& if_range = {}) {
    request asked{.method = "GET", .target = {}, .headers = {{"Range", range}}, .body = {}, .peer = {}};
    if (!if_range.empty()) asked.headers.emplace_back("If-Range", if_range);
    return wanted_range(asked, length, "\"tag\"");
}

const wanted_bytes whole{};
const wanted_bytes nothing{extent::nothing};

wanted_bytes part(std::int64_t first, std::int64_t count) { return {extent::part, first, count}; }

} // namespace

TEST_CASE("A range of bytes is cut at the end of the file") {
    CHECK(wanted("bytes=0-0") == part(0, 1));
    CHECK(wanted("bytes=2-4") == part(2, 3));
    CHECK(wanted("Bytes=2-") == part(2, 8));
    CHECK(wanted("bytes=9-9") == part(9, 1));
    CHECK(wanted("bytes=2-10") == part(2, 8));
    CHECK(wanted("bytes=2-99999999999999999999") == part(2, 8));
    CHECK(wanted("bytes=-3") == part(7, 3));
    CHECK(wanted("bytes=-10") == part(0, 10));
    CHECK(wanted("bytes=-99999999999999999999") == part(0, 10));
}

TEST_CASE("A range behind the end of the file is of nothing") {
    CHECK(wanted("bytes=10-") == nothing);
    CHECK(wanted("bytes=10-12") == nothing);
    CHECK(wanted("bytes=99999999999999999999-") == nothing);
    CHECK(wanted("bytes=-0") == nothing);
    CHECK(wanted("bytes=0-", 0) == nothing);
    CHECK(wanted("bytes=-1", 0) == whole);
}

TEST_CASE("What is no single range of bytes counts as not said") {
    for (const auto* const text :
         {"", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=a-b", "bytes=1", "bytes=0-1,3-4", "bytes=--1",
          "bytes=+1-2", "bytes=0x1-2", "items=0-1", "bytes=1-2-3", "bytes= 1-2"})
        CHECK(wanted(text) == whole);
    request asked{
        .method = "HEAD", .target = {}, .headers = {{"Range", "bytes=0-1"}}, .body = {}, .peer = {}};
    CHECK(wanted_range(asked, 10, "\"tag\"") == whole);
    asked.method = "GET";
    CHECK(wanted_range(asked, 10, "\"tag\"") == part(0, 2));
    asked.headers.emplace_back("Range", "bytes=0-1");
    CHECK(wanted_range(asked, 10, "\"tag\"") == whole);
}

TEST_CASE("A range of another state of the file counts as not said") {
    CHECK(wanted("bytes=0-1", 10, "\"tag\"") == part(0, 2));
    CHECK(wanted("bytes=0-1", 10, "\"other\"") == whole);
    CHECK(wanted("bytes=0-1", 10, "W/\"tag\"") == whole);
    CHECK(wanted("bytes=0-1", 10, "Sun, 06 Nov 1994 08:49:37 GMT") == whole);
    CHECK(wanted("bytes=10-", 10, "\"other\"") == whole);
}

TEST_CASE("A part says where it lies, and nothing how long the file is") {
    CHECK(content_range(part(2, 3), 10) == "bytes 2-4/10");
    CHECK(content_range(nothing, 10) == "bytes */10");
}
