// The real host meets a disk that is full, broken or limited while it runs: what it answers, what it writes
// to its log and into the job's errors, and that the work goes on when the cause is gone.
#include <algorithm>
#include <cerrno>

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include "fault/faulty_host.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

bool has_error(const export_job& job, const std::string& words) {
    return std::any_of(job.errors.begin(), job.errors.end(), [&](const job_error& error) {
        return (error.msg + ' ' + error.call_stack).find(words) != std::string::npos;
    });
}

injected failing(const std::string& under, const std::string& group, int error) {
    injected faults;
    faults.under = under;
    faults.group = group;
    faults.error = error;
    return faults;
}

/// The largest file that the host may write from now on; its own hard limit stays as it is.
void limit_files(pid_t host, rlim_t bytes) {
    rlimit limits{};
    REQUIRE(::prlimit(host, RLIMIT_FSIZE, nullptr, &limits) == 0);
    limits.rlim_cur = std::min(bytes, limits.rlim_max);
    REQUIRE(::prlimit(host, RLIMIT_FSIZE, &limits, nullptr) == 0);
}

} // namespace

TEST_CASE("a host whose store's disk is full answers 507, and takes jobs again when there is room") {
    faulty_host host;
    host.start(failing("jobs.db", "write", ENOSPC));
    const auto before = host.created("people");
    CHECK(host.at_end(before).status == job_status::succeeded);
    host.fail();
    CHECK(host.create("people").status == 507);
    host.log_says("full");
    host.mend();
    const auto after = host.created("people");
    CHECK(host.at_end(after).status == job_status::succeeded);
    CHECK(host.shows(host.find(after)));
    CHECK(host.stop() == 0);
    host.start();
    CHECK(host.find(before).status == job_status::succeeded);
}

TEST_CASE("a host whose store's disk fails answers 500 without the inside, and goes on when it is mended") {
    for (const auto* const group : {"write", "sync"}) {
        faulty_host host;
        host.start(failing("jobs.db", group, EIO));
        const auto before = host.created("people");
        CHECK(host.at_end(before).status == job_status::succeeded);
        host.fail();
        const auto refused = host.create("people");
        CHECK(refused.status == 500);
        CHECK(refused.body.find("jobs.db") == std::string::npos);
        host.log_says("disk I/O error");
        host.mend();
        const auto after = host.created("people");
        CHECK(host.at_end(after).status == job_status::succeeded);
        CHECK(host.shows(host.find(after)));
    }
}

TEST_CASE("a job that finds no room for its dataset says so in its errors, and the next one succeeds") {
    faulty_host host;
    host.start(failing("datasets", "write", ENOSPC), {"--attempts", "1"});
    host.fail();
    const auto failed = host.at_end(host.created("people"));
    CHECK(failed.status == job_status::failed);
    CHECK(has_error(failed, "No space left"));
    CHECK_FALSE(std::filesystem::exists(dataset_directory(host.datasets(), faulty_host::owner(), "people") /
                                        "current.json"));
    host.mend();
    const auto next = host.at_end(host.created("people"));
    CHECK(next.status == job_status::succeeded);
    CHECK(host.shows(next));
}

TEST_CASE("an attempt that fails because the datasets can only be read is made again") {
    faulty_host host;
    host.start(failing("datasets", "mkdir", EROFS));
    host.fail();
    const auto id = host.created("people");
    host.spin_until([&] {
        const auto moves =
            job_reader::open(host.store()).value().transitions(faulty_host::owner(), id).value();
        return std::any_of(moves.begin(), moves.end(), [](const job_transition& move) {
            return move.to == job_status::new_ && move.from && move.reason.find("Error writing") == 0;
        });
    });
    host.mend();
    const auto job = host.at_end(id);
    CHECK(job.status == job_status::succeeded);
    CHECK(job.attempt > 1);
    CHECK(host.shows(job));
}

TEST_CASE("a job past its commit point waits for a disk that fails, takes no cancel, and is published then") {
    for (const int error : {EIO, ENOSPC}) {
        faulty_host host;
        host.start(failing("datasets", "rename", error));
        host.fail();
        const auto id = host.created("people");
        host.log_says("cannot be published yet");
        host.log_says(std::generic_category().message(error));
        CHECK(host.find(id).status == job_status::processing);
        CHECK(host.cancel(id).status == 409);
        host.mend();
        const auto job = host.at_end(id);
        CHECK(job.status == job_status::succeeded);
        CHECK(host.shows(job));
    }
}

TEST_CASE("a job past its commit point on a failing disk is published by the next start") {
    faulty_host host;
    host.start(failing("datasets", "rename", EIO));
    host.fail();
    const auto id = host.created("people");
    host.log_says("cannot be published yet");
    CHECK(host.stop() == 0);
    CHECK(host.find(id).status == job_status::processing);
    host.start();
    CHECK(host.at_end(id).status == job_status::succeeded);
    CHECK(host.shows(host.find(id)));
}

TEST_CASE("a host that may not write files as large as its store answers 500 and lives on") {
    faulty_host host;
    host.start();
    const auto before = host.created("people");
    CHECK(host.at_end(before).status == job_status::succeeded);
    limit_files(host.pid(), 1);
    CHECK(host.create("people").status == 500);
    limit_files(host.pid(), RLIM_INFINITY);
    const auto after = host.created("people");
    CHECK(host.at_end(after).status == job_status::succeeded);
    CHECK(host.shows(host.find(after)));
    CHECK(host.stop() == 0);
}

TEST_CASE("a job whose part grows larger than a file may be fails with the system's words") {
    faulty_host host;
    host.start({}, {"--attempts", "1"});
    // Larger than the store and its log are now, smaller than the part will be.
    const auto first = host.created("people");
    CHECK(host.at_end(first).status == job_status::succeeded);
    CHECK(host.stop() == 0);
    host.start({}, {"--attempts", "1"});
    limit_files(host.pid(), 200'000);
    const auto failed = host.at_end(host.created("people"));
    CHECK(failed.status == job_status::failed);
    CHECK(has_error(failed, "File too large"));
    limit_files(host.pid(), RLIM_INFINITY);
    const auto next = host.at_end(host.created("people"));
    CHECK(next.status == job_status::succeeded);
    CHECK(host.shows(next));
}

TEST_CASE(
    "a host that cannot write at its start ends with a sentence that names the file, and starts later") {
    faulty_host host;
    for (const auto* const under : {"jobs.db", "datasets"})
        for (const int error : {ENOSPC, EIO, EROFS}) {
            INFO(under << ", " << std::generic_category().message(error));
            const auto start = host.failing_start(failing(under, "", error));
            CHECK(start.code == 1);
            CHECK(start.err.find("waybilld: ") == 0);
            CHECK(start.err.find((host.folder() / under).string()) != std::string::npos);
        }
    host.start();
    CHECK(host.at_end(host.created("people")).status == job_status::succeeded);
}

TEST_CASE("an import that meets the largest size of a file ends with a sentence, and can be repeated") {
    const temp_directory folder;
    std::string records;
    for (int i = 0; i < 2'000; ++i)
        records += R"({"crm":")" + std::to_string(i) + R"(","about":")" + std::string(400, 'x') + "\"}\n";
    write_file(folder / "records", records);
    const std::string import = "exec " WAYBILL_TOOL " profiles import records --profiles p.db --dataset crm "
                               "--org acme --sandbox prod --identity crm=CRMID:primary";
    const auto limited = run("/bin/sh", {"-c", "ulimit -f 200; " + import}, {{}, {}, folder.path()});
    CHECK(limited.code == 1);
    CHECK(limited.err.find("waybill: ") != std::string::npos);
    CHECK(limited.err.find("p.db") != std::string::npos);
    CHECK(run("/bin/sh", {"-c", import}, {{}, {}, folder.path()}).code == 0);
}
