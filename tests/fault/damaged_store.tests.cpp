// A database file that is damaged, or put in another's place, under a host: it says so, and never loses
// silently what it acknowledged.
#include <fstream>

#include <catch2/catch.hpp>

#include "fault/faulty_host.hpp"

using namespace waybill;
using namespace waybill::test;
namespace fs = std::filesystem;

namespace {

void overwrite_header(const fs::path& file) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out << std::string(100, '#') << std::flush;
    REQUIRE(out);
}

} // namespace

TEST_CASE("a host whose store has a damaged header does not start, and names the file") {
    faulty_host host;
    host.start();
    const auto id = host.created("people");
    CHECK(host.at_end(id).status == job_status::succeeded);
    CHECK(host.stop() == 0);
    overwrite_header(host.store());
    const auto start = host.failing_start();
    CHECK(start.code == 1);
    CHECK(start.err.find(host.store().string()) != std::string::npos);
    CHECK(start.err.find("not a database") != std::string::npos);
}

TEST_CASE("a header that is damaged under a running host costs no acknowledged job in silence") {
    faulty_host host;
    host.start();
    std::vector<job_id> acknowledged{host.created("people")};
    CHECK(host.at_end(acknowledged.front()).status == job_status::succeeded);
    overwrite_header(host.store());
    for (int i = 0; i < 20; ++i) {
        const auto answer = host.create("people");
        if (answer.status == 200) acknowledged.push_back(answer.json().at("id"));
    }
    host.stop();
    std::string refusal;
    try {
        host.start();
    } catch (const std::runtime_error& refused) {
        refusal = refused.what();
    }
    // As far as the log still has the first page, the damage is even mended.
    if (refusal.empty())
        for (const auto id : acknowledged)
            CHECK(host.at_end(id).status == job_status::succeeded);
    else
        CHECK(refusal.find(host.store().string()) != std::string::npos);
}

TEST_CASE("a host whose store's file was replaced refuses what it can no longer keep, and says why") {
    faulty_host host;
    host.start();
    const auto id = host.created("people");
    CHECK(host.at_end(id).status == job_status::succeeded);
    fs::rename(host.store(), host.folder() / "aside.db");
    { std::ofstream another(host.store(), std::ios::binary); }
    CHECK(host.create("people").status == 500);
    host.log_says("was moved or replaced");
}

TEST_CASE("a host whose store's file was removed refuses what it can no longer keep, and says why") {
    faulty_host host;
    host.start();
    const auto id = host.created("people");
    CHECK(host.at_end(id).status == job_status::succeeded);
    fs::remove(host.store());
    CHECK(host.create("people").status == 500);
    host.log_says("was moved or replaced");
}
