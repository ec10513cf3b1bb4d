#include <catch2/catch.hpp>

#include "framing.hpp"
#include "request_reader.hpp"

using namespace waybill::http;
using step = request_reader::step;

namespace {

struct outcome {
    step head = step::need_more;
    unsigned status = 0;
    std::string about;
};

outcome read_whole(const std::string& bytes, head_limits limits = {}) {
    request_reader reader(limits);
    reader.feed(bytes);
    const auto head = reader.read_head();
    if (head != step::refused) return {head, 0, {}};
    return {head, reader.refusal().status, reader.refusal().why.path};
}

std::string get_with(const std::string& headers) {
    return "GET /healthz HTTP/1.1\r\nHost: here\r\n" + headers + "\r\n";
}

std::string target_of(std::size_t length) { return "/" + std::string(length - 1, 'a'); }

} // namespace

TEST_CASE("A sound request is read with its headers and its target") {
    request_reader reader({});
    reader.feed("POST /data/core/ups/export/jobs?x=1 HTTP/1.1\r\nHost: here\r\nX-Api-Key:  k "
                "\r\nContent-Length: 3\r\n\r\nabc");
    REQUIRE(reader.read_head() == step::ready);
    CHECK(reader.parsed().method == "POST");
    CHECK(reader.parsed().path() == "/data/core/ups/export/jobs");
    CHECK(reader.parsed().query() == "x=1");
    CHECK(reader.parsed().header("x-api-key") == "k");
    REQUIRE(reader.read_body(10) == step::ready);
    CHECK(reader.parsed().body == "abc");
}

TEST_CASE("A request that arrives byte by byte is read like one that arrives at once") {
    const std::string bytes = "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: "
                              "chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n";
    request_reader reader({});
    std::size_t at = 0;
    while (reader.read_head() == step::need_more)
        reader.feed({&bytes.at(at++), 1});
    while (reader.read_body(5) == step::need_more)
        reader.feed({&bytes.at(at++), 1});
    CHECK(at == bytes.size());
    CHECK(reader.parsed().body == "abcde");
}

TEST_CASE("What follows a request belongs to the next one") {
    request_reader reader({});
    reader.feed(
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxyGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
    REQUIRE(reader.read_head() == step::ready);
    REQUIRE(reader.read_body(2) == step::ready);
    CHECK(reader.parsed().body == "xy");
    reader.next();
    REQUIRE(reader.read_head() == step::ready);
    CHECK(reader.parsed().target == "/b");
    REQUIRE(reader.read_body(2) == step::ready);
    CHECK_FALSE(reader.has_bytes());
}

TEST_CASE("A body of known length can be skipped") {
    request_reader reader({});
    reader.feed("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
    REQUIRE(reader.read_head() == step::ready);
    CHECK(reader.skip_body() == step::need_more);
    reader.feed("cdGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reader.skip_body() == step::ready);
    reader.next();
    REQUIRE(reader.read_head() == step::ready);
    CHECK(reader.parsed().target == "/b");
}

TEST_CASE("Headers that leave open where a request ends are refused") {
    const auto bad = GENERATE(
        as<std::string>{}, "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: \r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "Transfer-Encoding : chunked\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n", "Content-Length: 3 \t4\r\n", "Content-Length: \r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length : 3\r\n", "x-other: a\r\n b\r\n",
        "x-other: a\r\n\tb\r\n", " x-other: a\r\n", "x-other: a\nx-more: b\r\n", "x-other: a\rb\r\n",
        "x-other\r\n", ": a\r\n");
    CAPTURE(bad);
    const auto seen = read_whole(get_with(bad));
    CHECK(seen.head == step::refused);
    CHECK(seen.status == 400);
}

TEST_CASE("What leaves open where a request ends is refused whatever the parser below lets pass") {
    const auto checked = [](header_list headers) {
        request parsed;
        parsed.headers = std::move(headers);
        parsed.headers.emplace_back("Host", "here");
        return check_framing(parsed).has_value();
    };
    CHECK_FALSE(checked({{"Transfer-Encoding", "Chunked"}}));
    CHECK_FALSE(checked({{"Content-Length", "3"}}));
    CHECK(checked({{"Transfer-Encoding", "chunked"}, {"transfer-encoding", "chunked"}}));
    CHECK(checked({{"Transfer-Encoding", "chunked"}, {"content-length", "3"}}));
    CHECK(checked({{"Transfer-Encoding", "gzip, chunked"}}));
    CHECK(checked({{"Content-Length", "3"}, {"content-length", "3"}}));
    CHECK(checked({{"Content-Length", "3,3"}}));
}

TEST_CASE("A zero byte in a header is refused") {
    CHECK(read_whole(get_with(std::string("x-other: a\0b\r\n", 14))).status == 400);
}

TEST_CASE("One chunked transfer encoding alone is accepted, in any case of letters") {
    CHECK(read_whole(get_with("Transfer-Encoding: chunked\r\n")).head == step::ready);
    CHECK(read_whole(get_with("transfer-encoding: CHUNKED\r\n")).head == step::ready);
}

TEST_CASE("HTTP/1.0 has no transfer encoding") {
    CHECK(read_whole("GET / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n").status == 400);
    CHECK(read_whole("GET / HTTP/1.0\r\nHost: h\r\n\r\n").head == step::ready);
}

TEST_CASE("A request names its host exactly once") {
    CHECK(read_whole("GET / HTTP/1.1\r\n\r\n").status == 400);
    CHECK(read_whole("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").status == 400);
    CHECK(read_whole("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head == step::ready);
}

TEST_CASE("A header of which only one can count may not be there twice") {
    const auto name =
        GENERATE(as<std::string>{}, "Authorization", "x-api-key", "X-Gw-Ims-Org-Id", "x-sandbox-name",
                 "Content-Type", "x-request-id", "Idempotency-Key", "x-profile-instance-id");
    CAPTURE(name);
    const auto line = name + ": a\r\n";
    CHECK(read_whole(get_with(line)).head == step::ready);
    CHECK(read_whole(get_with(line + line)).status == 400);
    CHECK(read_whole(get_with(line + "x-between: b\r\n" + line)).status == 400);
}

TEST_CASE("What is no HTTP request is refused") {
    const auto bytes =
        GENERATE(as<std::string>{}, "GET / HTTP/2.0\r\nHost: h\r\n\r\n", "GET /\r\nHost: h\r\n\r\n",
                 "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "hello\r\n\r\n", "G\xC3\xA4T / HTTP/1.1\r\n\r\n",
                 "GET index.html HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
                 "GET / HTTP/1.1\nHost: h\n\n", "CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n");
    CAPTURE(bytes);
    CHECK(read_whole(bytes).status == 400);
}

TEST_CASE("A target in absolute form is read like one in origin form") {
    CHECK(origin_form("http://host:8080/a?b") == "/a?b");
    CHECK(origin_form("HTTPS://host") == "/");
    CHECK(origin_form("http://host?b") == "/?b");
    CHECK(origin_form("/a") == "/a");
    CHECK(origin_form("*") == "*");
    CHECK_FALSE(origin_form("http:///a"));
    CHECK_FALSE(origin_form("ftp://host/a"));
    CHECK_FALSE(origin_form("a"));
}

TEST_CASE("A target may have 8 KiB and not a byte more") {
    const auto with = [](std::size_t length) {
        return read_whole("GET " + target_of(length) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    };
    CHECK(with(8191).head == step::ready);
    CHECK(with(8192).head == step::ready);
    CHECK(with(8193).status == 414);
    CHECK(with(40'000).status == 414);
    CHECK(read_whole("GET " + target_of(8193)).status == 414);
}

TEST_CASE("A request line that is too long is refused whether it arrives at once or in pieces") {
    constexpr std::size_t most = 8192 + 64;
    const std::string rest = " / HTTP/1.1";
    const auto line_of = [&](std::size_t length) { return std::string(length - rest.size(), 'G') + rest; };
    const std::string ends = "\r\nHost: h\r\n\r\n";
    CHECK(read_whole(line_of(most) + ends).head == step::ready);
    CHECK(read_whole(line_of(most) + ends.substr(0, 1)).head == step::need_more);
    CHECK(read_whole(line_of(most + 1) + ends).status == 400);
    CHECK(read_whole(std::string(most + 1, 'G')).status == 400);
    CHECK(read_whole("GET " + target_of(8192) + "\r").head == step::need_more);
}

TEST_CASE("The header block may have 16 KiB and not a byte more") {
    const std::string fixed = "Host: h\r\nx: ";
    const auto with = [&](std::size_t length) {
        return "GET / HTTP/1.1\r\n" + fixed + std::string(length - fixed.size() - 4, 'a') + "\r\n\r\n";
    };
    CHECK(read_whole(with(16'383)).head == step::ready);
    CHECK(read_whole(with(16'384)).head == step::ready);
    CHECK(read_whole(with(16'385)).status == 431);
    CHECK(read_whole("GET / HTTP/1.1\r\nx: " + std::string(16'400, 'a')).status == 431);
    CHECK(read_whole(get_with("x: y\r\n"), {.target = 100, .header_block = 10}).status == 431);
}

TEST_CASE("A body may be as long as allowed and not a byte longer, whether its length is known or not") {
    const auto read = [](const std::string& bytes) {
        request_reader reader({});
        reader.feed(bytes);
        REQUIRE(reader.read_head() == step::ready);
        const auto body = reader.read_body(4);
        return body == step::refused ? reader.refusal().status : 0U;
    };
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
    CHECK(read(head + "Content-Length: 3\r\n\r\nabc") == 0);
    CHECK(read(head + "Content-Length: 4\r\n\r\nabcd") == 0);
    CHECK(read(head + "Content-Length: 5\r\n\r\nabcde") == 413);
    CHECK(read(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n") == 0);
    CHECK(read(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n") == 413);
}

TEST_CASE("The limit of a chunked body holds over all its chunks, however they arrive") {
    request_reader reader({});
    reader.feed("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    REQUIRE(reader.read_head() == step::ready);
    for (int chunk = 0; chunk < 4; ++chunk) {
        reader.feed("1\r\nx\r\n");
        REQUIRE(reader.read_body(4) == step::need_more);
    }
    reader.feed("1\r\nx\r\n");
    CHECK(reader.read_body(4) == step::refused);
    CHECK(reader.refusal().status == 413);
}

TEST_CASE("A chunk that is none is refused") {
    const auto chunk = GENERATE(as<std::string>{}, "zz\r\nab\r\n", "-1\r\nab\r\n", "2\nab\r\n",
                                "2\r\nabcd\r\n", "fffffffffffffffff\r\nab\r\n");
    CAPTURE(chunk);
    request_reader reader({});
    reader.feed("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
    REQUIRE(reader.read_head() == step::ready);
    CHECK(reader.read_body(100) == step::refused);
}

TEST_CASE("A chunk header that does not end is refused before it fills the memory") {
    request_reader reader({});
    reader.feed("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;");
    REQUIRE(reader.read_head() == step::ready);
    auto seen = reader.read_body(100);
    for (int times = 0; times < 100 && seen == step::need_more; ++times) {
        reader.feed(std::string(1'000, 'a'));
        seen = reader.read_body(100);
    }
    CHECK(seen == step::refused);
}
