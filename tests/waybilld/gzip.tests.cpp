#include <catch2/catch.hpp>

#include <zlib.h>

#include "negotiation.hpp"
#include "preferences.hpp"
#include "undriven_server.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const headers takes_gzip{{"Accept-Encoding", "gzip, deflate, br"}};

/// The text, which must be all there.
std::string plain(const std::string& encoded) {
    z_stream stream{};
    REQUIRE(::inflateInit2(&stream, 15 + 16) == Z_OK);
    auto input = encoded;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    std::string text, some(65'536, '\0');
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(some.data());
        stream.avail_out = static_cast<uInt>(some.size());
        state = ::inflate(&stream, Z_NO_FLUSH);
        text.append(some, 0, some.size() - stream.avail_out);
    }
    ::inflateEnd(&stream);
    REQUIRE(state == Z_STREAM_END);
    CHECK(stream.avail_in == 0);
    return text;
}

std::string create_full_job(undriven_server& server) {
    const auto job = server.opened().jobs.create(acme, a_full_job(), boost::asio::use_future).get().value();
    return jobs_path + "/" + std::to_string(job.id);
}

headers with_tag(const std::string& tag) { return {takes_gzip[0], {"If-None-Match", tag}}; }

} // namespace

TEST_CASE("A long answer in JSON is compressed for whoever takes that") {
    undriven_server server;
    const auto path = create_full_job(server);
    const auto as_it_is = server.ask("GET", path);
    REQUIRE(as_it_is.body.size() >= http::shortest_gzip);
    CHECK(as_it_is.header("content-encoding").empty());
    CHECK(as_it_is.header("vary") == "Accept-Encoding");
    auto connection = server.connect();
    const auto seen = connection.ask("GET", path, speaking_for(acme.org, takes_gzip));
    CHECK(seen.header("content-encoding") == "gzip");
    CHECK(seen.header("vary") == "Accept-Encoding");
    CHECK(seen.header("content-type") == "application/json");
    CHECK(seen.body.size() < as_it_is.body.size());
    CHECK(plain(seen.body) == as_it_is.body);
    const auto head = connection.ask("HEAD", path, speaking_for(acme.org, takes_gzip));
    CHECK(head.header("content-length") == seen.header("content-length"));
    CHECK(head.header("content-encoding") == "gzip");
}

TEST_CASE("A list that is sent in pieces is compressed as one") {
    undriven_server server;
    std::vector<std::future<result<export_job>>> made;
    for (int at = 0; at < 1'001; ++at)
        made.push_back(server.opened().jobs.create(acme, a_job(), boost::asio::use_future));
    for (auto& one : made)
        REQUIRE(one.get().ok());
    const auto seen = server.ask("GET", jobs_path, takes_gzip);
    CHECK(seen.chunked);
    CHECK(seen.header("content-encoding") == "gzip");
    CHECK(plain(seen.body) == server.ask("GET", jobs_path).body);
}

TEST_CASE("A compressed answer has the entity tag of the same state, but a weak one") {
    undriven_server server;
    const auto path = create_full_job(server);
    const auto strong = server.ask("GET", path).header("etag");
    const auto weak = server.ask("GET", path, takes_gzip).header("etag");
    CHECK(weak == "W/" + strong);
    for (const auto& tag : {strong, weak}) {
        CHECK(server.ask("GET", path, {{"If-None-Match", tag}}).status == 304);
        const auto same = server.ask("GET", path, with_tag(tag));
        CHECK(same.status == 304);
        CHECK(same.body.empty());
        CHECK(same.header("etag") == weak);
        CHECK(same.header("vary") == "Accept-Encoding");
        CHECK(same.header("content-encoding").empty());
    }
    CHECK(server.ask("GET", path, with_tag("\"other\"")).status == 200);
}

TEST_CASE("Short answers, events and texts are sent as they are") {
    undriven_server server;
    const auto path = create_full_job(server);
    const auto missing = server.ask("GET", jobs_path + "/99", takes_gzip);
    CHECK(missing.header("content-encoding").empty());
    CHECK(missing.header("vary").empty());
    REQUIRE(server.ask("DELETE", path).status == 204);
    for (const auto& longer : {path + "/events", std::string("/metrics")}) {
        const auto seen = server.ask("GET", longer, takes_gzip);
        CHECK(seen.status == 200);
        CHECK(seen.body.size() > http::shortest_gzip);
        CHECK(seen.header("content-encoding").empty());
        CHECK(seen.header("vary").empty());
    }
}

TEST_CASE("An answer is compressed from a length on") {
    http::response answer;
    answer.headers.emplace_back("Content-Type", "application/json");
    const http::request asked{
        .method = "GET", .target = {}, .headers = {{"Accept-Encoding", "gzip"}}, .body = {}, .peer = {}};
    answer.body = std::string(http::shortest_gzip - 1, ' ');
    http::negotiate(answer, asked);
    CHECK(answer.body.size() == http::shortest_gzip - 1);
    answer.body += ' ';
    http::negotiate(answer, asked);
    CHECK(plain(answer.body) == std::string(http::shortest_gzip, ' '));
}

TEST_CASE("Gzip is asked for by name or by a star, and by no quality of zero") {
    const auto asks = [](const std::string& value) {
        return http::prefers_gzip(
            {.method = {}, .target = {}, .headers = {{"Accept-Encoding", value}}, .body = {}, .peer = {}});
    };
    for (const auto* const value :
         {"gzip", "x-gzip", "GZIP", "br, gzip", "gzip;q=0.001", "gzip; q=1.000", "*", "gzip;q=0.5,*;q=0",
          "identity;q=0.5, gzip;q=0.5", "identity;q=0.5, gzip", "identity;q=0, *"})
        CHECK(asks(value));
    for (const auto* const value :
         {"", "identity", "deflate, br", "gzip;q=0", "gzip;q=0.000", "gzip;q=0, *", "*;q=0", "gzip;q=2",
          "gzip;q=x", "gzip;q=-1", "gzip;q=1.5", "identity, gzip;q=0.5", "gzipped"})
        CHECK_FALSE(asks(value));
}
