#include <catch2/catch.hpp>

#include <set>

#include "client.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::string least_body = R"({"destination":{"datasetId":"out"},"schema":{"name":"x"}})";

std::vector<std::int64_t> ids_of(const nlohmann::json& page) {
    std::vector<std::int64_t> ids;
    for (const auto& job : page.at("records"))
        ids.push_back(job.at("id").get<std::int64_t>());
    return ids;
}

std::vector<std::int64_t> make_jobs(const running_host& host, int count, const std::string& org = "acme") {
    auto connection = host.connect();
    std::vector<std::int64_t> ids;
    for (int at = 0; at < count; ++at)
        ids.push_back(
            connection
                .ask("POST", jobs_path, speaking_for(org, {{"Content-Type", "application/json"}}), least_body)
                .json()
                .at("id")
                .get<std::int64_t>());
    return {ids.rbegin(), ids.rend()};
}

} // namespace

TEST_CASE("An empty list is a whole page document") {
    const running_host host;
    const auto seen = host.ask("GET", jobs_path);
    CHECK(seen.status == 200);
    CHECK(seen.header("content-type") == "application/json");
    CHECK(seen.json() == nlohmann::json::parse(
                             R"({"records":[],"page":{"sortField":"createdTime","sort":"desc","pageOffset":"",
                                 "pageSize":0},"link":{"next":""}})"));
}

TEST_CASE("Walking by the links with limit=2 meets every job once, newest first") {
    const running_host host;
    const auto all = make_jobs(host, 5);
    std::vector<std::int64_t> met;
    std::string next = "/export/jobs?limit=2";
    std::vector<std::size_t> sizes;
    while (!next.empty()) {
        const auto page = host.ask("GET", "/data/core/ups" + next).json();
        for (const auto id : ids_of(page))
            met.push_back(id);
        sizes.push_back(page.at("page").at("pageSize").get<std::size_t>());
        const auto last = page.at("records").back();
        CHECK(page.at("page").at("pageOffset") ==
              std::to_string(last.at("creationTime").get<std::int64_t>()) + "_" +
                  std::to_string(last.at("id").get<std::int64_t>()));
        next = page.at("link").at("next").get<std::string>();
        if (!next.empty()) CHECK(next.rfind("/export/jobs/?limit=2&offset=", 0) == 0);
    }
    CHECK(met == all);
    CHECK(sizes == std::vector<std::size_t>{2, 2, 1});
}

TEST_CASE("A list without a limit holds all jobs, read in pieces and sent in chunks") {
    const running_host host;
    const auto all = make_jobs(host, 1'001);
    auto connection = host.connect();
    const auto seen = connection.ask("GET", jobs_path, speaking_for("acme"));
    CHECK(seen.chunked);
    const auto page = seen.json();
    CHECK(ids_of(page) == all);
    CHECK(page.at("page").at("pageSize") == 1'001);
    CHECK(page.at("link").at("next") == "");
    CHECK(connection.ask("GET", "/healthz").status == 200);
    CHECK(connection.ask("HEAD", jobs_path, speaking_for("acme")).status == 200);

    SECTION("a limit beyond one piece is kept, too, and the link goes on from there") {
        const auto first = connection.ask("GET", jobs_path + "?limit=700&status=NEW,PROCESSING,FAILED",
                                          speaking_for("acme"));
        const auto met = ids_of(first.json());
        CHECK(met == std::vector(all.begin(), all.begin() + 700));
        const std::string next = first.json().at("link").at("next");
        CHECK(next.rfind("/export/jobs/?limit=700&offset=", 0) == 0);
        const auto second = connection.ask("GET", "/data/core/ups" + next, speaking_for("acme"));
        CHECK(ids_of(second.json()) == std::vector(all.begin() + 700, all.end()));
        CHECK(second.json().at("link").at("next") == "");
    }
    SECTION("a list of one piece has a length") {
        CHECK_FALSE(connection.ask("GET", jobs_path + "?limit=500", speaking_for("acme")).chunked);
        CHECK(connection.ask("GET", jobs_path + "?limit=501", speaking_for("acme")).chunked);
    }
    SECTION("an old client gets it without chunks") {
        auto old = host.connect();
        std::string text = "GET " + jobs_path + " HTTP/1.0\r\n";
        for (const auto& [name, value] : speaking_for("acme"))
            text += name + ": " + value + "\r\n";
        old.send(text + "\r\n");
        const auto plain = old.read();
        CHECK_FALSE(plain.chunked);
        CHECK(ids_of(plain.json()) == all);
    }
}

TEST_CASE("A list shows only the jobs of its tenant") {
    const running_host host;
    const auto mine = make_jobs(host, 2, "acme");
    const auto theirs = make_jobs(host, 3, "other");
    CHECK(ids_of(host.ask("GET", jobs_path).json()) == mine);
    CHECK(ids_of(host.connect().ask("GET", jobs_path, speaking_for("other")).json()) == theirs);
    CHECK(ids_of(host.ask("GET", jobs_path, {{"x-sandbox-name", "dev"}}).json()).empty());
}

TEST_CASE("A list may be narrowed to statuses, and the link repeats them") {
    const running_host host;
    const auto all = make_jobs(host, 3);
    REQUIRE(host.ask("DELETE", jobs_path + "/" + std::to_string(all[1])).status == 204);
    REQUIRE(host.wait_for(all[1], "CANCELLED").at("status") == "CANCELLED");
    CHECK(ids_of(host.ask("GET", jobs_path + "?status=CANCELLED").json()) == std::vector{all[1]});
    const auto page = host.ask("GET", jobs_path + "?limit=1&status=CANCELLED,NEW,PROCESSING").json();
    const std::string next = page.at("link").at("next");
    CHECK(next.find("&status=") != std::string::npos);
    CHECK(ids_of(host.ask("GET", "/data/core/ups" + next).json()) == std::vector{all[1]});
}

TEST_CASE("A list keeps to every filter across its links") {
    const running_host host;
    const auto make = [&](const std::string& dataset, const std::string& segment) {
        return host.create(R"({"destination":{"datasetId":")" + dataset +
                           R"("},"schema":{"name":"x"},"filter":{"segments":[{"segmentId":")" + segment +
                           R"("}]}})");
    };
    std::vector<std::int64_t> wanted;
    std::string from, to;
    for (int i = 0; i < 6; ++i) {
        make("other", "a & b");
        make("out", "another");
        const auto job = make("out", "a & b");
        if (i == 1) from = job.at("creationTime").dump();
        if (i >= 1) wanted.insert(wanted.begin(), job.at("id").get<std::int64_t>());
        to = std::to_string(job.at("creationTime").get<std::int64_t>() + 1);
    }
    std::string next = "/export/jobs?limit=2&segmentId=a%20%26%20b&datasetId=out&createdAfter=" + from +
                       "&createdBefore=" + to;
    std::vector<std::int64_t> met;
    while (!next.empty()) {
        const auto page = host.ask("GET", "/data/core/ups" + next).json();
        for (const auto id : ids_of(page))
            met.push_back(id);
        next = page.at("link").at("next").get<std::string>();
    }
    // Jobs of the same millisecond as the second may come before it.
    CHECK(std::set(met.begin(), met.end()).size() == met.size());
    REQUIRE(met.size() >= wanted.size());
    CHECK(std::vector(met.begin(), met.begin() + static_cast<std::ptrdiff_t>(wanted.size())) == wanted);
    CHECK(ids_of(host.ask("GET", jobs_path + "?createdBefore=" + from + "&segmentId=absent").json()).empty());
}

TEST_CASE("Bad parameters of a list are answered 400 with all that is wrong") {
    const running_host host;
    const auto query = GENERATE(as<std::string>{}, "offset=-1_2", "offset=1_", "offset=9223372036854775808_1",
                                "offset=2", "limit=0", "limit=", "limit=1&limit=1", "status=DONE",
                                "status=", "segmentId=", "datasetId=a.b", "createdAfter=now",
                                "createdBefore=2&createdBefore=2");
    CAPTURE(query);
    const auto seen = host.ask("GET", jobs_path + "?" + query);
    CHECK(seen.status == 400);
    const auto findings = seen.json().at("errors").at("400");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].at("path") == "?" + query.substr(0, query.find('=')));
}

TEST_CASE("Unknown parameters of a list are ignored") {
    const running_host host;
    CHECK(host.ask("GET", jobs_path + "?start=x&page=-1&sort=up&other=%zz&").status == 200);
}
