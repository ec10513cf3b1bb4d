// Everything that the real host keeps lies on one small disk that really runs full, its log included: what is
// acknowledged stays, and the work goes on when there is room. Where a test may mount nothing, it says that
// it was skipped.
#include <algorithm>
#include <iostream>
#include <optional>

#include <catch2/catch.hpp>

#include "fault/faulty_host.hpp"
#include "fault/small_disk.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Nothing where it may not be had.
void on_small_disk(const std::function<void(small_disk&, faulty_host&)>& test) {
    std::optional<small_disk> disk;
    try {
        disk.emplace("12m");
    } catch (const std::system_error& refused) {
        std::cout << "skipped here: a small disk may not be mounted: " << refused.what() << std::endl;
        return;
    }
    faulty_host host(disk->path());
    host.clock();
    test(*disk, host);
}

bool has_error(const export_job& job, const std::string& words) {
    return std::any_of(job.errors.begin(), job.errors.end(), [&](const job_error& error) {
        return (error.msg + ' ' + error.call_stack).find(words) != std::string::npos;
    });
}

} // namespace

TEST_CASE("a host whose small disk is full answers 507, keeps what it acknowledged, and goes on with room") {
    on_small_disk([](small_disk& disk, faulty_host& host) {
        host.start();
        std::vector<job_id> acknowledged{host.created("people")};
        host.pass_until_final(acknowledged.front());
        disk.fill();
        http_answer refused;
        for (int i = 0; i < 3'000 && refused.body.empty(); ++i) {
            auto answer = host.create("people");
            if (answer.status == 200)
                acknowledged.push_back(answer.json().at("id"));
            else
                refused = std::move(answer);
        }
        CHECK(refused.status == 507);
        CHECK(refused.body.find(disk.path().string()) == std::string::npos);
        const auto read =
            host.ask("GET", "/data/core/ups/export/jobs/" + std::to_string(acknowledged.front()));
        CHECK(read.status == 200);

        disk.empty();
        acknowledged.push_back(host.created("people"));
        for (const auto id : acknowledged)
            CHECK(host.pass_until_final(id).status == job_status::succeeded);
        CHECK(host.shows(host.find(acknowledged.back())));
        CHECK(host.stop() == 0);
        host.start();
        for (const auto id : acknowledged)
            CHECK(host.find(id).status == job_status::succeeded);
    });
}

TEST_CASE("a job whose export fills the disk says so in its errors, leaves no trace, and the next succeeds") {
    on_small_disk([](small_disk& disk, faulty_host& host) {
        host.start({}, {"--attempts", "1"});
        const auto first = host.created("people");
        host.pass_until_final(first);
        disk.fill(180'000); // less than the rows need
        const auto failed = host.pass_until_final(host.created("others"));
        CHECK(failed.status == job_status::failed);
        CHECK(has_error(failed, "No space left"));
        const auto dataset = dataset_directory(host.datasets(), faulty_host::owner(), "others");
        CHECK_FALSE(std::filesystem::exists(dataset / "current.json"));
        disk.empty();
        const auto next = host.pass_until_final(host.created("others"));
        CHECK(next.status == job_status::succeeded);
        CHECK(host.shows(next));
        CHECK(host.shows(host.find(first)));
    });
}
