#include <catch2/catch.hpp>

#include "chunk_reader.hpp"

using namespace waybill::http;
using chunk_step = chunk_reader::step;

namespace {

struct chunks_read {
    chunk_step verdict = chunk_step::need_more;
    std::string body;
    std::string left;
};

chunks_read read_in_pieces_of(std::size_t length, std::string_view bytes, std::size_t most = 100) {
    chunk_reader reader(most);
    chunks_read seen;
    while (seen.verdict == chunk_step::need_more && !bytes.empty()) {
        const auto piece = bytes.substr(0, length);
        bytes.remove_prefix(piece.size());
        seen.left += piece;
        seen.verdict = reader.read(seen.left, seen.body);
    }
    seen.left += bytes;
    return seen;
}

chunks_read read_at_once(std::string_view bytes, std::size_t most = 100) {
    return read_in_pieces_of(bytes.size(), bytes, most);
}

std::string with_extension(std::size_t length) {
    return "1;" + std::string(length - 1, 'a') + "\r\nx\r\n0\r\n\r\n";
}

std::string with_trailer(std::size_t length) {
    return "1\r\nx\r\n0\r\n" + ("t:" + std::string(length - 2, 'a')) + "\r\n\r\n";
}

} // namespace

TEST_CASE("Chunks are put together, however they are cut, and what follows them is left") {
    const std::string bytes = "3\r\nabc\r\n0A;x=\"y;z\"\r\n0123456789\r\n000;last\r\nT1: a\r\nt2:\r\n\r\nGET";
    for (std::size_t length = 1; length <= bytes.size(); ++length) {
        const auto seen = read_in_pieces_of(length, bytes);
        CHECK(seen.verdict == chunk_step::ready);
        CHECK(seen.body == "abc0123456789");
        CHECK(seen.left == "GET");
    }
}

TEST_CASE("A body of no chunk but the last may come byte by byte") {
    const auto seen = read_in_pieces_of(1, "0\r\n\r\n");
    CHECK(seen.verdict == chunk_step::ready);
    CHECK(seen.body.empty());
}

TEST_CASE("A body of chunks that does not end yet is waited for") {
    const std::string bytes = "2\r\nab\r\n0\r\nt: a\r\n\r\n";
    for (std::size_t length = 1; length < bytes.size(); ++length)
        CHECK(read_at_once(bytes.substr(0, length)).verdict == chunk_step::need_more);
}

TEST_CASE("What two readers could take for different chunks is malformed, at once and in pieces") {
    const auto bytes =
        GENERATE(as<std::string>{}, "\r\n", ";a\r\n", "zz\r\n", "-1\r\na\r\n", "+1\r\na\r\n", "0x1\r\na\r\n",
                 " 1\r\na\r\n", "1 \r\na\r\n", "1\t;a\r\nb\r\n", "1\na\r\n", "1\r\r\na\r\n",
                 "1;a\nb\r\nx\r\n", "1;a\rb\r\nx\r\n", std::string("1;\0\r\na\r\n", 8), "1\r\nab\r\n",
                 "1\r\na\n\n", "1\r\na\rb", "00000000000000001\r\na\r\n", "10000000000000000\r\na\r\n",
                 "0\r\nno field\r\n\r\n", "0\r\n: a\r\n\r\n", "0\r\na : b\r\n\r\n", "0\r\na: b\r\n c\r\n\r\n",
                 "0\r\na: b\n\r\n\r\n", "0\n\r\n", "0\r\n\n");
    CAPTURE(bytes);
    const auto whole = bytes + "0\r\n\r\n";
    CHECK(read_at_once(whole).verdict == chunk_step::malformed);
    CHECK(read_in_pieces_of(1, whole).verdict == chunk_step::malformed);
}

TEST_CASE("A chunk that makes a body too long is refused with its size, however great") {
    CHECK(read_at_once("2\r\nab\r\n0\r\n\r\n", 2).verdict == chunk_step::ready);
    CHECK(read_at_once("2\r\nab\r\n1\r\n", 2).verdict == chunk_step::too_long);
    CHECK(read_at_once("3\r\n", 2).verdict == chunk_step::too_long);
    CHECK(read_at_once("ffffffffffffffff\r\n", 2).verdict == chunk_step::too_long);
    CHECK(read_at_once("2\r\nab\r\nffffffffffffffff\r\n", 2).verdict == chunk_step::too_long);
}

TEST_CASE("Extensions and trailers, which nobody reads, may have 16 KiB together and not a byte more") {
    const auto with = GENERATE(as<std::string (*)(std::size_t)>{}, with_extension, with_trailer);
    CHECK(read_at_once(with(16'383)).verdict == chunk_step::ready);
    CHECK(read_at_once(with(16'384)).verdict == chunk_step::ready);
    CHECK(read_at_once(with(16'385)).verdict == chunk_step::malformed);
    std::string many;
    for (int times = 0; times < 1'639; ++times)
        many += "1;123456789\r\nx\r\n";
    CHECK(read_at_once(many, 10'000).verdict == chunk_step::malformed);
    CHECK(read_at_once(many.substr(many.size() / 1'639), 10'000).verdict == chunk_step::need_more);
    CHECK(read_in_pieces_of(1'000, "1;" + std::string(17'000, 'a')).verdict == chunk_step::malformed);
}
