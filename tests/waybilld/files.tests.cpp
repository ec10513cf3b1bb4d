#include <catch2/catch.hpp>

#include <fstream>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include "client.hpp"
#include "digest.hpp"
#include "file_stream.hpp"
#include "files_routes.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::string everybody = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";
const std::string batches_path = "/data/foundation/export/batches/";
const std::string files_path = "/data/foundation/export/files/";
const headers same_id{{"x-request-id", "r"}};

std::string profile_records(int count) {
    std::string all;
    for (int number = 0; number < count; ++number)
        all += R"({"identityMap":{"CRMID":[{"id":")" + std::to_string(number) +
               R"(","primary":true}]}})"
               "\n";
    return all;
}

/// A host with one batch that was exported, of so many rows.
struct exporting_host {
    running_host host;
    std::string batch_id;
    std::int64_t job = 0;

    explicit exporting_host(int rows) {
        if (rows > 0) host.import_profiles(profile_records(rows));
        batch_id = export_again();
    }
    /// To the same dataset; the new batch's id.
    std::string export_again() {
        const auto done = host.wait_for(host.create(everybody).at("id"), "SUCCEEDED");
        REQUIRE(done.at("status") == "SUCCEEDED");
        job = done.at("id");
        return done.at("destination").at("batchId");
    }
    std::string list_path() const { return batches_path + batch_id + "/files"; }
    std::string file_path() const {
        return host.ask("GET", list_path()).json().at("data").at(0).at("_links").at("self").at("href");
    }
    std::filesystem::path dataset() const { return host.directory() / "datasets/acme/prod/out"; }
    std::filesystem::path part() const { return dataset() / ("batch-" + batch_id) / "part-00000.ndjson"; }
    std::string bytes() const {
        std::ifstream input(part(), std::ios::binary);
        return {std::istreambuf_iterator<char>(input), {}};
    }
};

} // namespace

TEST_CASE("The files of an exported batch are listed, and each is sent as it is on the disk") {
    const exporting_host one(2'500);
    const auto bytes = one.bytes();
    REQUIRE(bytes.size() > 2 * http::file_stream::piece_length);
    const auto list = one.host.ask("GET", one.list_path());
    REQUIRE(list.status == 200);
    const std::string id = list.json().at("data").at(0).at("dataSetFileId");
    CHECK(list.body == R"({"data":[{"dataSetFileId":")" + id + R"(","name":"part-00000.ndjson","length":)" +
                           std::to_string(bytes.size()) + R"(,"sha256":")" + http::sha256_hex(bytes) +
                           R"(","_links":{"self":{"href":")" + files_path + id +
                           R"("}}}],"_page":{"limit":1,"count":1}})");
    auto connection = one.host.connect();
    const auto sent = connection.ask("GET", files_path + id, speaking_for("acme"));
    CHECK(sent.status == 200);
    CHECK(sent.body == bytes);
    CHECK_FALSE(sent.chunked);
    CHECK(sent.header("content-length") == std::to_string(bytes.size()));
    CHECK(sent.header("content-type") == "application/x-ndjson");
    CHECK(sent.header("accept-ranges") == "bytes");
    CHECK(sent.header("etag") == '"' + http::sha256_hex(bytes) + '"');
    auto head = connection.ask("HEAD", files_path + id, speaking_for("acme", {{"Range", "bytes=0-1"}}));
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    head.headers.erase("date"), head.headers.erase("x-request-id");
    auto expected = sent.headers;
    expected.erase("date"), expected.erase("x-request-id");
    CHECK(head.headers == expected);
    CHECK(connection.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A part of a file is sent when it is asked for, and an end that is not there is told") {
    const exporting_host one(2'500);
    const auto bytes = one.bytes();
    const auto path = one.file_path();
    const auto length = std::to_string(bytes.size());
    const auto ask = [&](const headers& with) { return one.host.ask("GET", path, with); };
    const auto across = ask({{"Range", "bytes=65000-131999"}});
    CHECK(across.status == 206);
    CHECK(across.body == bytes.substr(65'000, 67'000));
    CHECK(across.header("content-range") == "bytes 65000-131999/" + length);
    CHECK(across.header("content-length") == "67000");
    CHECK(across.header("etag") == ask({}).header("etag"));
    CHECK(ask({{"Range", "bytes=-7"}}).body == bytes.substr(bytes.size() - 7));
    const auto beyond = ask({{"Range", "bytes=" + length + "-"}});
    CHECK(beyond.status == 416);
    CHECK(beyond.header("content-range") == "bytes */" + length);
    CHECK(beyond.json().at("errors").at("416").at(0).at("code") == "range_not_satisfiable");
    CHECK(ask({{"Range", "bytes=0-1,4-5"}}).body == bytes);
    CHECK(ask({{"Range", "bytes=0-1"}, {"If-Range", "\"other\""}}).status == 200);
    CHECK(ask({{"Range", "bytes=0-1"}, {"If-Range", across.header("etag")}}).status == 206);
    // Who has the file needs no part of it.
    for (const auto* const range : {"bytes=0-1", "bytes=99999999-"}) {
        const auto same = ask({{"Range", range}, {"If-None-Match", across.header("etag")}});
        CHECK(same.status == 304);
        CHECK(same.body.empty());
        CHECK(same.header("etag") == across.header("etag"));
    }
}

TEST_CASE("An export of nobody is a file without bytes") {
    exporting_host one(1);
    const auto none = one.host.create(
        R"({"destination":{"datasetId":"none"},"schema":{"name":"x"},"filter":{"segments":[{"segmentId":"s"}]}})");
    const auto job = one.host.wait_for(none.at("id"), "SUCCEEDED");
    const std::string batch = job.at("destination").at("batchId");
    const auto file = one.host.ask("GET", batches_path + batch + "/files").json().at("data").at(0);
    CHECK(file.at("length") == 0);
    const auto sent = one.host.ask("GET", file.at("_links").at("self").at("href"));
    CHECK(sent.status == 200);
    CHECK(sent.header("content-length") == "0");
}

TEST_CASE("A batch of another tenant is a 404 exactly like one that is not there") {
    const exporting_host one(3);
    const auto file = one.file_path();
    const auto missing = std::string(31, '0') + "1";
    const std::vector<std::pair<std::string, std::string>> alike{
        {one.list_path(), batches_path + missing + "/files"}, {file, files_path + missing + "-0"}};
    for (const auto& [path, nowhere] : alike) {
        const auto none = one.host.ask("GET", nowhere, same_id);
        CHECK(none.status == 404);
        CHECK(one.host.connect().ask("GET", path, speaking_for("other", same_id)).body == none.body);
        CHECK(one.host.ask("GET", path, {{"x-sandbox-name", "dev"}, same_id[0]}).body == none.body);
        CHECK(one.host.ask("GET", path).status == 200);
    }
}

TEST_CASE("An id that no listing gave is no file's") {
    const exporting_host one(3);
    const auto& id = one.batch_id;
    const auto missing = one.host.ask("GET", files_path + "x", same_id).body;
    const std::vector<std::string> invented{id,
                                            id + "-",
                                            id + "-1",
                                            id + "-00",
                                            id + "-+0",
                                            id + "--0",
                                            id + "-0x0",
                                            id + "-0%2f..",
                                            id + "-manifest.json",
                                            id + "-99999999999999999999",
                                            ".." + id.substr(2) + "-0",
                                            "..%2f..%2fcurrent.json",
                                            "%2e%2e-0",
                                            id + "%00-0",
                                            std::string("-0")};
    for (const auto& wrong : invented) {
        CAPTURE(wrong);
        const auto seen = one.host.ask("GET", files_path + wrong, same_id);
        CHECK(seen.status == 404);
        CHECK(seen.body == missing);
    }
    for (const auto* const wrong : {"..", "%2e%2e%2f%2e%2e", "x", ".staging", "0"})
        CHECK(one.host.ask("GET", batches_path + wrong + "/files").status == 404);
}

TEST_CASE("A batch has no files before its job has succeeded") {
    const running_host host; // without profiles its jobs come to nothing
    const auto job = host.create(everybody);
    const std::string batch = job.at("destination").at("batchId");
    CHECK(host.ask("GET", batches_path + batch + "/files").status == 404);
    CHECK(host.ask("GET", files_path + batch + "-0").status == 404);
}

TEST_CASE("A batch that another has superseded is listed no more, but its download can go on") {
    exporting_host one(3);
    const auto earlier = one.list_path(), file = one.file_path(), bytes = one.bytes();
    one.batch_id = one.export_again();
    CHECK(one.host.ask("GET", one.list_path()).status == 200);
    CHECK(one.host.ask("GET", earlier).status == 404);
    CHECK(one.host.ask("GET", file, {{"Range", "bytes=5-"}}).body == bytes.substr(5));
}

TEST_CASE("A superseded batch is pruned by the policy of its host, and not found from then on") {
    exporting_host one(3);
    const auto earlier = one.part(), visible = [&] {
        one.batch_id = one.export_again();
        return one.part();
    }();
    const auto file =
        "/data/foundation/export/files/" + earlier.parent_path().filename().string().substr(6) + "-0";
    REQUIRE(one.host.ask("GET", file).status == 200);
    one.host.restart(); // which looks, and keeps it for ever
    one.host.options().keep_superseded = std::chrono::milliseconds{0};
    REQUIRE(std::filesystem::exists(earlier));
    one.host.restart();
    while (std::filesystem::exists(earlier.parent_path()))
        std::this_thread::yield();
    CHECK(one.host.ask("GET", file).status == 404);
    CHECK(std::filesystem::exists(visible));
    CHECK(one.host.ask("GET", one.list_path()).status == 200);
    CHECK(one.host.wait_for(1, "SUCCEEDED").at("status") == "SUCCEEDED");
}

TEST_CASE("The files of a batch outlive the record of its job") {
    const exporting_host one(3);
    const auto file = one.file_path();
    REQUIRE(one.host.ask("DELETE", jobs_path + "/" + std::to_string(one.job)).status == 204);
    REQUIRE(one.host.ask("GET", jobs_path + "/" + std::to_string(one.job)).status == 404);
    CHECK(one.host.ask("GET", one.list_path()).status == 200);
    CHECK(one.host.ask("GET", file).body == one.bytes());
    CHECK(one.host.connect().ask("GET", file, speaking_for("other")).status == 404);
}

TEST_CASE("A link in the place of a file is an error of the host, and nothing of what it leads to is sent") {
    const exporting_host one(3);
    const auto file = one.file_path(), bytes = one.bytes();
    const auto elsewhere = one.host.directory() / "elsewhere";
    std::filesystem::rename(one.part(), elsewhere);
    std::filesystem::create_symlink(elsewhere, one.part());
    const auto seen = one.host.ask("GET", file);
    CHECK(seen.status == 500);
    CHECK(seen.body.find("elsewhere") == std::string::npos);
    CHECK(one.host.log().find("part-00000.ndjson is damaged") != std::string::npos);
}

TEST_CASE("A file that becomes shorter while it is sent cuts the answer") {
    const exporting_host one(2'500);
    const auto files = published_files::find(one.host.directory() / "datasets", {"acme", "prod"},
                                             one.batch_id, published_files::reach::visible);
    const auto file = files->open_file(0);
    boost::asio::io_context io;
    boost::asio::thread_pool disk{1};
    http::file_stream stream(disk.get_executor(), *file, 0, file->about().length);
    const auto next = [&] {
        std::string piece;
        auto asking = boost::asio::co_spawn(io, stream.next(piece), boost::asio::use_future);
        io.restart();
        io.run();
        (void)asking.get();
        return piece.size();
    };
    CHECK(next() == http::file_stream::piece_length);
    std::filesystem::resize_file(one.part(), http::file_stream::piece_length + 1);
    CHECK_THROWS_AS(next(), store_failure);
}

TEST_CASE("The routes to files have the checks of all others") {
    const exporting_host one(3);
    for (const auto& path : {one.list_path(), one.file_path()}) {
        const auto unknown = one.host.connect().ask("GET", path);
        CHECK(unknown.status == 403);
        CHECK(unknown.json().at("error_code") == "403010");
        const auto wrong = one.host.ask("DELETE", path);
        CHECK(wrong.status == 405);
        CHECK(wrong.header("allow") == "GET, HEAD, OPTIONS");
        CHECK(one.host.connect().ask("OPTIONS", path).header("allow") == "GET, HEAD, OPTIONS");
        CHECK(one.host.ask("GET", path + "/").status == 200);
    }
}

TEST_CASE("An id of a file is spelled in one way") {
    const std::string batch = "0123456789abcdef0000000000070000";
    const auto file = http::parse_file_id(batch + "-12");
    REQUIRE(file);
    CHECK(file->batch_id == batch);
    CHECK(file->position == 12);
    CHECK(http::to_file_id(*file) == batch + "-12");
    for (const auto* const wrong : {"", "-", "a", "a-", "a-01", "a--1", "a-1 ", "a-1-2"})
        CHECK_FALSE(http::parse_file_id(wrong));
}
