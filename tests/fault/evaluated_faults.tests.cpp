// The disk of the real host fails while a job's evaluated memberships are written, read again or taken over:
// each is a member since the run that was published, once, and the batches do not show before that.
#include <cerrno>
#include <system_error>

#include <catch2/catch.hpp>

#include "dataset/layout.hpp"
#include "fault/faulty_host.hpp"
#include "sql/connection.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// A host that evaluates a segment of everybody.
class evaluating_host {
  public:
    evaluating_host() {
        host.start();
        const auto made = host.ask("POST", "/data/core/ups/segment/definitions", R"json({
            "id": "all", "name": "all", "schema": {"name": "_xdm.context.profile"},
            "expression": {"type": "PQL", "format": "pql/text", "value": "crm.isNotNull()"}})json");
        if (made.status != 200) throw std::runtime_error("no segment was defined: " + made.body);
        if (host.stop() != 0) throw std::runtime_error("the host did not stop in order");
    }

    job_id created() const {
        const auto answer = host.ask("POST", "/data/core/ups/export/jobs", R"json({
            "destination": {"datasetId": "people"}, "schema": {"name": "_xdm.context.profile"},
            "fields": "crm", "filter": {"segments": [{"segmentId": "all"}]},
            "evaluationInfo": {"segmentation": true}})json");
        if (answer.status != 200) throw std::runtime_error("no job was created: " + answer.body);
        return answer.json().at("id");
    }
    bool shows_anything() const { return std::filesystem::exists(dataset() / "current.json"); }
    /// The memberships that the first attempt of the first job stages, relative to the host's folder.
    std::string first_staged() const {
        return (dataset::staging_directory(dataset(), {1, 1, 2}) / dataset::memberships_name)
            .lexically_relative(host.folder());
    }
    /// Everybody is in since the run of this job, which the dataset shows.
    void check_entered(const export_job& job) const {
        CHECK(job.status == job_status::succeeded);
        CHECK(host.shows(job));
        const auto batch = dataset() / dataset::batch_name(job.batches.at(0).batch_id);
        const auto told = nlohmann::json::parse(read_file(batch / "manifest.json")).at("evaluation");
        CHECK(told.at("segments").at("all").at("realized") == faulty_host::profiles);
        const auto now = parse_rfc3339(told.at("now").get<std::string>())->time_since_epoch().count();
        CHECK(members("status = 'realized' and qualified_at = " + std::to_string(now)) ==
              faulty_host::profiles);
        CHECK(members("true") == faulty_host::profiles);
    }
    std::int64_t members(const std::string& that) const {
        return sql::connection(host.folder() / "segments.db", sql::access::read)
            .integer_of("select count(*) from members where " + that);
    }

    faulty_host host;

  private:
    std::filesystem::path dataset() const {
        return dataset_directory(host.datasets(), faulty_host::owner(), "people");
    }
};

injected failing_calls(const std::string& under, const std::string& group, int error) {
    injected faults;
    faults.under = under;
    faults.group = group;
    faults.error = error;
    return faults;
}

} // namespace

TEST_CASE("an attempt whose memberships cannot be written is made again, and those of the next one count") {
    for (const auto& [group, error] : {std::pair("open", EROFS), {"write", ENOSPC}, {"sync", EIO}}) {
        INFO(group);
        evaluating_host on;
        on.host.clock();
        on.host.start(failing_calls(on.first_staged(), group, error));
        on.host.fail();
        const auto job = on.host.pass_until_final(on.created());
        CHECK(job.attempt == 2);
        on.check_entered(job);
    }
}

TEST_CASE("a job past its commit point shows nothing while its memberships cannot be taken over") {
    for (const auto& [group, error] : {std::pair("write", ENOSPC), {"write", EIO}, {"sync", EIO}}) {
        INFO(group << ' ' << error);
        evaluating_host on;
        on.host.start(failing_calls("segments.db", group, error));
        on.host.fail();
        const auto id = on.created();
        on.host.log_says("cannot be published yet");
        CHECK(on.host.find(id).status == job_status::processing);
        CHECK(on.host.cancel(id).status == 409);
        CHECK_FALSE(on.shows_anything());
        on.host.mend();
        const auto job = on.host.at_end(id);
        CHECK(job.attempt == 1);
        on.check_entered(job);
    }
}

TEST_CASE("memberships that could not be taken over are taken over by the next start") {
    for (const auto& [group, error] : {std::pair("write", ENOSPC), {"sync", EIO}}) {
        INFO(group);
        evaluating_host on;
        on.host.start(failing_calls("segments.db", group, error));
        on.host.fail();
        const auto id = on.created();
        on.host.log_says("cannot be published yet");
        CHECK(on.host.stop() == 0);
        CHECK_FALSE(on.shows_anything());
        // What was written and only not synced may count already: its job is past the commit point.
        const auto before = on.members("true");
        CHECK((before == 0 || (before == faulty_host::profiles && group == std::string("sync"))));
        on.host.start();
        on.check_entered(on.host.at_end(id));
    }
}

TEST_CASE("an attempt for which the n-th read of its staged memberships fails only delays them") {
    int delayed = 0;
    for (std::uint64_t read = 1; read <= 5; ++read) {
        INFO("read " << read);
        evaluating_host on;
        on.host.clock();
        auto faults = failing_calls(on.first_staged(), "read", EIO);
        faults.first = faults.last = read;
        on.host.start(faults);
        const auto job = on.host.pass_until_final(on.created());
        on.check_entered(job);
        if (job.attempt > 1 || on.host.log().find("cannot be published yet") != std::string::npos) ++delayed;
    }
    CHECK(delayed >= 2);
}
