// The clocks of the real host jump, and the host is stopped for a minute: each job ends once all the same,
// backoff and deadlines follow the monotonic clock, retention and keys the wall clock. The monotonic clock is
// held, so that nothing here waits.
#include <algorithm>
#include <array>

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include "fault/faulty_host.hpp"

using namespace waybill;
using namespace waybill::test;
using namespace std::chrono_literals;

namespace {

constexpr auto year = std::chrono::hours{365 * 24};
/// There and back again, both ways.
constexpr std::array<std::chrono::hours, 8> jumps{1h, -1h, -1h, 1h, year, -year, -year, year};

/// Whatever writes this dataset waits from `fail` to `mend`, as on a disk that hangs.
injected hanging(const faulty_host& host, const std::string& dataset) {
    injected faults;
    faults.under = dataset_directory(host.datasets(), faulty_host::owner(), dataset);
    faults.group = "write";
    faults.stalls = true;
    return faults;
}

std::vector<job_transition> moves_of(const faulty_host& host, job_id id) {
    return job_reader::open(host.store()).value().transitions(faulty_host::owner(), id).value();
}

bool was_put_back(const faulty_host& host, job_id id, const std::string& reason) {
    const auto moves = moves_of(host, id);
    return std::any_of(moves.begin(), moves.end(), [&](const job_transition& move) {
        return move.from == job_status::processing && move.to == job_status::new_ &&
               move.reason.find(reason) != std::string::npos;
    });
}

std::vector<export_job> listed(const faulty_host& host) {
    return job_reader::open(host.store()).value().list(faulty_host::owner(), {}).value().jobs;
}

void check_span(const export_job& job, const std::optional<time_span>& span) {
    REQUIRE(span);
    REQUIRE(span->end);
    CHECK(job.creation_time <= span->start);
    CHECK(span->start <= *span->end);
    CHECK(*span->end <= job.update_time);
}

/// Succeeded once, with one batch in place, at times that follow each other.
void check_ended_once(const faulty_host& host, job_id id, std::int64_t attempts) {
    const auto job = host.find(id);
    INFO("job " << id << " for " << job.request.dataset_id);
    CHECK(job.status == job_status::succeeded);
    CHECK(job.attempt == attempts);
    const auto moves = moves_of(host, id);
    CHECK(std::count_if(moves.begin(), moves.end(), [](const auto& move) { return is_final(move.to); }) == 1);
    check_span(job, job.metrics.profile_export);
    check_span(job, job.metrics.dataset_write);
    const auto dataset = dataset_directory(host.datasets(), faulty_host::owner(), job.request.dataset_id);
    const auto rows = lines_of(dataset / ("batch-" + job.batches.at(0).batch_id) / "part-00000.ndjson");
    CHECK(rows.size() == faulty_host::profiles);
}

void check_listing(const faulty_host& host) {
    const auto jobs = listed(host); // newest first
    CHECK(std::is_sorted(jobs.begin(), jobs.end(), [](const export_job& newer, const export_job& older) {
        return newer.creation_time > older.creation_time;
    }));
}

} // namespace

TEST_CASE("each job ends once, whatever the wall clock does while it waits, runs or backs off") {
    faulty_host host;
    const auto& clock = host.clock();
    host.start(hanging(host, "runs"), {"--attempt-seconds", "3000"});
    const auto profiles = host.folder() / "profiles.db";
    std::filesystem::rename(profiles, host.folder() / "aside.db");
    const auto backs_off = host.created("backs-off");
    host.spin_until([&] { return was_put_back(host, backs_off, ""); });
    std::filesystem::rename(host.folder() / "aside.db", profiles);
    host.fail();
    const auto runs = host.created("runs");
    host.spin_until([&] { return host.find(runs).status == job_status::processing; });
    const auto waits = host.created("runs"); // for its dataset
    for (std::size_t i = 0; i < jumps.size(); ++i) {
        INFO("after jump " << i + 1);
        clock.jump(jumps.at(i));
        const auto another = host.created("another-" + std::to_string(i));
        CHECK(host.at_end(another).status == job_status::succeeded); // so the lifecycle has looked
        check_ended_once(host, another, 1);
        CHECK(host.find(backs_off).status == job_status::new_);
        CHECK(host.find(backs_off).attempt == 1);
        CHECK(host.find(runs).status == job_status::processing);
        CHECK(host.find(runs).attempt == 1);
        CHECK(host.find(waits).attempt == 0);
        check_listing(host);
    }
    clock.jump(-year); // neither ends a backoff nor makes it longer
    host.pass_until_final(backs_off);
    check_ended_once(host, backs_off, 2);
    host.mend();
    host.pass_until_final(waits);
    check_ended_once(host, runs, 1);
    check_ended_once(host, waits, 1);
    check_listing(host);
}

TEST_CASE("an attempt that hangs is given up when its time has passed, not when the wall clock says so") {
    faulty_host host;
    const auto& clock = host.clock();
    host.start(hanging(host, "hangs"), {"--attempt-seconds", "3000"});
    host.fail();
    const auto hangs = host.created("hangs");
    host.spin_until([&] { return host.find(hangs).status == job_status::processing; });
    clock.jump(year);
    CHECK(host.at_end(host.created("another")).status == job_status::succeeded);
    CHECK(host.find(hangs).attempt == 1);
    clock.jump(-2 * year);
    clock.pass(3'000s, host.pid());
    host.pass_until([&] { return was_put_back(host, hangs, "50 minutes"); });
    host.mend();
    host.pass_until_final(hangs);
    check_ended_once(host, hangs, 2);
}

TEST_CASE("retention and idempotency keys follow the wall clock, and take no unfinished job") {
    faulty_host host;
    const auto& clock = host.clock();
    host.start(hanging(host, "hangs"), {"--retain", "SUCCEEDED=90d"});
    const auto ended = host.created("people", "the-key");
    host.at_end(ended);
    host.fail();
    const auto hangs = host.created("hangs");
    const auto is_listed = [&](job_id id) {
        const auto jobs = listed(host);
        return std::any_of(jobs.begin(), jobs.end(), [&](const export_job& job) { return job.id == id; });
    };
    for (const std::chrono::hours jump : {1h, -year, year - 1h}) {
        clock.jump(jump);
        clock.pass(61s, host.pid()); // the store is looked after once a minute
        CHECK(host.created("people", "the-key") == ended);
        host.at_end(host.created("another"));
        CHECK(is_listed(ended));
    }
    clock.jump(year);
    clock.pass(61s, host.pid());
    host.pass_until([&] { return !is_listed(ended); });
    CHECK(host.find(hangs).status == job_status::processing);
    const auto anew = host.created("people", "the-key");
    CHECK(anew > ended);
    host.mend();
    host.pass_until_final(hangs);
    check_ended_once(host, hangs, 1);
}

TEST_CASE("a host that is stopped for a minute answers again, and its jobs end once") {
    faulty_host host;
    const auto& clock = host.clock();
    host.start(hanging(host, "people"));
    host.fail();
    const auto runs = host.created("people");
    host.spin_until([&] { return host.find(runs).status == job_status::processing; });
    const auto half_sent = faulty_host::creation("half-sent", "half-sent");
    boost::asio::ip::tcp::iostream first_half("127.0.0.1", host.port());
    first_half << half_sent.substr(0, half_sent.size() / 2) << std::flush;
    CHECK(host.ask("GET", "/data/core/ups/export/jobs").status == 200); // it is behind the half by now

    REQUIRE(::kill(host.pid(), SIGSTOP) == 0);
    int state = 0;
    REQUIRE(::waitpid(host.pid(), &state, WUNTRACED) == host.pid());
    REQUIRE(WIFSTOPPED(state));
    boost::asio::ip::tcp::iostream meanwhile("127.0.0.1", host.port());
    meanwhile << faulty_host::creation("meanwhile", "meanwhile") << std::flush;
    first_half << half_sent.substr(half_sent.size() / 2) << std::flush;
    clock.pass_unnoticed(60s);
    host.mend();
    REQUIRE(::kill(host.pid(), SIGCONT) == 0);

    const auto answer = faulty_host::answer_from(meanwhile);
    REQUIRE(answer.status == 200);
    const job_id late = answer.json().at("id");
    CHECK(host.created("meanwhile", "meanwhile") == late);
    // Whether it came too late or not, asking again makes one job of it.
    const auto status = faulty_host::answer_from(first_half).status;
    CHECK((status == 200 || status == 408));
    const auto again = host.created("half-sent", "half-sent");
    for (const auto id : {runs, late, again}) {
        host.pass_until_final(id);
        check_ended_once(host, id, 1);
    }
    CHECK(listed(host).size() == 3);
}
