// The store of the real host cannot be read for a while, or at one call: a client hears of it without the
// inside, and nothing acknowledged is lost.
#include <algorithm>
#include <cerrno>

#include <catch2/catch.hpp>

#include "fault/faulty_host.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

const std::string jobs = "/data/core/ups/export/jobs";

/// Of this file, and of its log.
injected failing_reads(const std::string& file = "jobs.db") {
    injected faults;
    faults.under = file;
    faults.group = "read";
    faults.error = EIO;
    return faults;
}

void check_answer(const http_answer& answer) {
    CHECK((answer.status == 200 || answer.status == 500));
    CHECK(answer.body.find("jobs.db") == std::string::npos);
    CHECK(answer.body.find("SQLite") == std::string::npos);
}

} // namespace

TEST_CASE("a host whose store cannot be read answers 500 without the inside, and goes on when it can") {
    faulty_host host;
    host.start();
    const auto before = host.created("people");
    CHECK(host.at_end(before).status == job_status::succeeded);
    CHECK(host.stop() == 0);
    host.start(failing_reads());
    host.fail();
    const auto refused = host.ask("GET", jobs + "/" + std::to_string(before));
    CHECK(refused.status == 500);
    check_answer(refused);
    check_answer(host.ask("GET", jobs));
    check_answer(host.create("people"));
    host.log_says("disk I/O error");
    host.mend();
    CHECK(host.ask("GET", jobs + "/" + std::to_string(before)).status == 200);
    const auto after = host.created("people");
    CHECK(host.at_end(after).status == job_status::succeeded);
    CHECK(host.shows(host.find(after)));
}

TEST_CASE("a host for which the n-th read of its store fails loses nothing that it acknowledged") {
    faulty_host host;
    host.start();
    std::vector<job_id> acknowledged{host.created("people")};
    CHECK(host.at_end(acknowledged.front()).status == job_status::succeeded);
    CHECK(host.stop() == 0);
    int failed_starts = 0;
    int failed_requests = 0;
    for (std::uint64_t read = 1; read < 120; read += read < 40 ? 3 : 13) {
        INFO("read " << read);
        auto faults = failing_reads();
        faults.first = faults.last = read;
        try {
            host.start(faults);
        } catch (const std::runtime_error& refused) {
            ++failed_starts;
            CHECK(std::string(refused.what()).find("jobs.db") != std::string::npos);
            continue;
        }
        const auto oldest = jobs + "/" + std::to_string(acknowledged.front());
        const auto created = host.create("people");
        if (created.status == 200) acknowledged.push_back(created.json().at("id"));
        for (const auto& answer : {created, host.ask("GET", jobs), host.ask("GET", oldest)}) {
            check_answer(answer);
            if (answer.status == 500) ++failed_requests;
        }
        host.stop();
    }
    CHECK(failed_starts > 0);
    CHECK(failed_requests > 0);
    host.start();
    for (const auto id : acknowledged)
        CHECK(host.at_end(id).status == job_status::succeeded);
    CHECK(host.shows(host.find(acknowledged.back())));
}

TEST_CASE("an attempt for which the n-th read of the profiles fails is made again") {
    faulty_host host;
    host.clock();
    int made_again = 0;
    for (std::uint64_t read = 1; read < 60; read += 6) {
        INFO("read " << read);
        auto faults = failing_reads("profiles.db");
        faults.first = faults.last = read;
        host.start(faults);
        const auto job = host.pass_until_final(host.created("people"));
        CHECK(job.status == job_status::succeeded);
        CHECK(host.shows(job));
        if (job.attempt > 1) ++made_again;
        CHECK(host.stop() == 0);
    }
    CHECK(made_again > 3);
}
